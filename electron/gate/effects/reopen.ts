import { fromBase64 } from '../../../shared/canonical/bytes.ts';
import { verifyDetached } from '../../../shared/canonical/cms.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import type { PageBinding } from '../../../shared/canonical/page-keys.ts';
import { subjectField, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { type GrantName, type Grants, grantNames } from '../../../shared/domain/scope.ts';
import type { EffectResults } from '../../../shared/session/types.ts';
import type { HeldDetails, HeldSecrets } from '../../vault/held/case-file.ts';
import type { LoggedCase } from '../held/follower.ts';
import { checkKept, keptPages } from '../held/pages.ts';
import { checkManifest } from '../manifest-check.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/**
 * Opens what is kept for a case, for the customer who has come back: central says whether it may be, then everything
 * is checked again, then it is unsealed. SECURITY: S5 S6
 */
export async function reopen(deps: VisitDeps, visit: Visit): Promise<EffectResults['reopen']> {
  const { context, secrets } = visit;
  const caseId = context.kept?.caseId ?? '';
  let opened: Opened;
  try {
    opened = await open(deps, visit, caseId);
  } catch (error) {
    await deps.audit.append('held-denied', {
      ...auditFields(deps, visit),
      facts: { case: caseId, kind: toAppError(error).kind },
    });
    throw error;
  }
  const { details, layers, binding, grants } = opened;
  const { consent, manifest } = details;
  const { lookupId, rows, counts } = manifest.document;
  const consentId = consent.record.header.recordId;
  try {
    // SECURITY: S10 on the disk before any window may open it.
    const entry = await deps.audit.append('held-opened', {
      ...auditFields(deps, visit),
      consentId,
      facts: { case: caseId, lookupId, rows },
    });
    secrets.requireAlive();
    if (!deps.held.current(caseId)) throw new Failure('held-ended');
    secrets.consent = {
      record: consent.record,
      bytes: canonicalBytes(consent.record),
      hash: consent.hash,
      cms: fromBase64(consent.cms),
      accepted: true,
      submission: undefined,
    };
    secrets.kept = {
      caseId,
      read: (layer, refs) => keptPages(deps.held, caseId, manifest.document, layer, refs),
    };
    secrets.putLayers(layers);
    secrets.lookup = { manifest, binding, auditSeq: entry.seq };
  } catch (error) {
    layers.metadata.fill(0);
    layers.content.fill(0);
    throw error;
  }
  return { consentId, grants, lookup: { lookupId, rows, ...counts } };
}

interface Opened {
  details: HeldDetails;
  layers: HeldSecrets;
  binding: PageBinding;
  grants: Grants;
}

async function open(deps: VisitDeps, { context, secrets }: Visit, caseId: string): Promise<Opened> {
  const { assertion } = secrets;
  if (!context.kept?.again || !assertion) throw new Failure('consent-required');
  // A counter that has just started may have missed a withdrawal.
  await deps.heardChanges?.();
  const logged = deps.held.current(caseId);
  if (!logged) throw new Failure('held-ended');
  const purposes = await standing(deps, logged, secrets.sessionId, assertion.assertionId);
  secrets.requireAlive();
  const details = await deps.held.details(caseId);
  const { record } = details.consent;
  // The case was lent for the number that has now been proven.
  if (record.scope.subscriber !== assertion.subscriber) throw new Failure('identity-failed');
  const binding = await check(deps, logged, details);
  await checkKept(deps.held, caseId, details.manifest.document);
  const given = record.processing.purposes.filter((one) => one.given).map(({ purpose }) => purpose);
  const grants = Object.fromEntries(
    grantNames.map((name) => [name, given.includes(name) && purposes.includes(name)]),
  ) as Grants;
  // Last: keys are in memory no longer than they have to be.
  return { details, binding, grants, layers: await deps.held.secrets(caseId) };
}

/** What central says still stands. What it says may not be opened any more is destroyed. */
async function standing(
  { connection, held, clock }: VisitDeps,
  { caseId, consentId, until }: LoggedCase,
  sessionId: string,
  assertionId: string,
): Promise<readonly GrantName[]> {
  const answer = await connection
    .call('reopenHeld', { params: { consentId }, body: { sessionId, assertionId } })
    .catch(async (error: unknown) => {
      const { kind } = toAppError(error);
      if (kind !== 'consent-expired' && kind !== 'consent-required') throw error;
      await held.destroy(caseId, clock.hasPassed(Date.parse(until)) ? 'expired' : 'withdrawn');
      throw new Failure('held-ended', { detail: 'central' });
    });
  if (answer.consentId !== consentId || answer.heldUntil !== until || !answer.purposes.includes('keep')) {
    throw new Failure('central-garbage', { detail: 'reopenHeld' });
  }
  return answer.purposes;
}

/**
 * Signatures and bindings, as when it was looked up. The counter's certificate may have been renewed since: the one
 * that signed the consent is the one that the manifest names.
 */
async function check({ connection, held, settings }: VisitDeps, logged: LoggedCase, details: HeldDetails) {
  const { caseId, consentHash, until } = logged;
  const { consent, manifest } = details;
  const { record } = consent;
  try {
    const bytes = canonicalBytes(record);
    const signed = await verifyDetached({
      content: bytes,
      cms: fromBase64(consent.cms),
      trustedCertificates: connection.trusted,
    });
    const answered = await verifyDocument(manifest, {
      trustedCertificates: connection.trusted,
      expectedRole: 'central',
    });
    const facts = {
      cms: signed.ok && subjectField(signed.signer.certificate, 'CN') === settings.deviceId,
      manifest: answered.ok,
      consentHash: consent.hash === consentHash && (await sha256Hex(bytes)) === consentHash,
      heldUntil: record.scope.heldUntil === until,
    };
    const wrong = Object.entries(facts).find(([, holds]) => !holds)?.[0];
    if (wrong !== undefined || !signed.ok) throw new Failure('manifest-rejected', { detail: wrong ?? 'cms' });
    const { lookupId } = manifest.document;
    const device = signed.signer.certificateSha256;
    const scopeHash = await checkManifest(manifest.document, {
      lookupId,
      consent: record,
      consentHash,
      device,
    });
    return { consentHash, scopeHash, lookupId };
  } catch (error) {
    // SECURITY: S16 it unsealed, and is not what was signed: nothing of it is opened.
    const { detail = 'signature' } = toAppError(error);
    await held.damaged(caseId, detail);
    throw new Failure('held-damaged', { detail });
  }
}
