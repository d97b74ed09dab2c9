import { sha256Hex } from '../../../shared/canonical/hash.ts';
import type { PageBinding } from '../../../shared/canonical/page-keys.ts';
import { isSignedAt, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { layerSecretInfo, unwrapSecret } from '../../../shared/canonical/wrap.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { WrappedSecret } from '../../../shared/domain/lookup.ts';
import { type LookupRequest, withinScope } from '../../../shared/domain/scope.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import type { TrustedClock } from '../../central/clock.ts';
import { checkManifest } from '../manifest-check.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';
import type { LayerSecrets, LiveLookup, SignedConsent, VisitSecrets } from '../visit-secrets.ts';

/** Looks up under the accepted consent; keys are taken in only when everything about the answer is right. */
export async function lookUp(deps: VisitDeps, visit: Visit): Promise<EffectResults['lookUp']> {
  const { secrets } = visit;
  let found: Answered;
  try {
    found = await ask(deps, visit);
    secrets.requireAlive();
  } catch (error) {
    await deps.audit.append('lookup-denied', {
      ...auditFields(deps, visit),
      facts: { lookupId: secrets.lookupId, kind: toAppError(error).kind },
    });
    throw error;
  }
  const manifest = found.lookup.manifest.document;
  const { lookupId, rows, counts } = manifest;
  // SECURITY: S10 on the disk before any window may know of the answer.
  const entry = await deps.audit.append('lookup-answered', {
    ...auditFields(deps, visit),
    facts: { lookupId, rows, merkleRoot: manifest.merkleRoot },
  });
  secrets.putLayers(found.layers);
  secrets.lookup = { ...found.lookup, auditSeq: entry.seq };
  return { lookupId, rows, ...counts };
}

/** SECURITY: S5 the core's own gate: consent signed, accepted, unexpired, and the request within it. */
export function requireConsent(
  secrets: VisitSecrets,
  request: LookupRequest | undefined,
  clock: Pick<TrustedClock, 'hasPassed'>,
): SignedConsent {
  const { consent } = secrets;
  if (!consent?.accepted || !request) throw new Failure('consent-required');
  // What is kept for a case lets no lookup leave.
  if (secrets.kept) throw new Failure('consent-expired');
  if (clock.hasPassed(Date.parse(consent.record.scope.expiresAt))) throw new Failure('consent-expired');
  if (!withinScope(request, consent.record.scope)) throw new Failure('scope-exceeded');
  return consent;
}

/**
 * SECURITY: S5 and for what windows may read: under the same, or, of what was kept for a case and has been opened
 * in this visit, until its date.
 */
export function requireReading(
  secrets: VisitSecrets,
  request: LookupRequest | undefined,
  clock: Pick<TrustedClock, 'hasPassed'>,
): SignedConsent {
  const { consent, kept } = secrets;
  if (!kept) return requireConsent(secrets, request, clock);
  if (!consent?.accepted || !request) throw new Failure('consent-required');
  const { heldUntil } = consent.record.scope;
  if (heldUntil === undefined || clock.hasPassed(Date.parse(heldUntil))) throw new Failure('consent-expired');
  if (!withinScope(request, consent.record.scope)) throw new Failure('scope-exceeded');
  return consent;
}

type Answered = { lookup: Omit<LiveLookup, 'auditSeq'>; layers: LayerSecrets };

async function ask(deps: VisitDeps, visit: Visit): Promise<Answered> {
  const { secrets, context } = visit;
  const consent = requireConsent(secrets, context.request, deps.clock);
  const { request } = context;
  if (!request) throw new Failure('consent-required');
  // A counter that has just started may have missed a withdrawal.
  await deps.heardChanges?.();
  secrets.requireAlive();
  const consentId = consent.record.header.recordId;
  const { manifest, secrets: wrapped } = await deps.connection.call('lookup', {
    body: { lookupId: secrets.lookupId, consentId, request },
  });
  const verdict = await verifyDocument(manifest, {
    trustedCertificates: deps.connection.trusted,
    at: new Date(deps.clock.now()),
    expectedRole: 'central',
    exact: true,
  });
  if (!verdict.ok) throw new Failure('manifest-rejected', { detail: `signature: ${verdict.reason}` });
  const scopeHash = await checkManifest(verdict.document, {
    lookupId: secrets.lookupId,
    consent: consent.record,
    consentHash: consent.hash,
    device: await sha256Hex(deps.connection.identity().certificate),
  });
  // Whoever checks the customer's copy holds both times against each other.
  if (!isSignedAt(verdict.signingTime, verdict.document.answeredAt)) {
    throw new Failure('manifest-rejected', { detail: 'signing time' });
  }
  const binding = { consentHash: consent.hash, scopeHash, lookupId: secrets.lookupId };
  return {
    lookup: { manifest, binding },
    layers: {
      metadata: await unwrap(secrets, binding, 'metadata', wrapped.metadata),
      content: await unwrap(secrets, binding, 'content', wrapped.content),
    },
  };
}

const SECRET_BYTES = 32;

async function unwrap(
  { keyPair }: VisitSecrets,
  binding: PageBinding,
  layer: 'metadata' | 'content',
  wrapped: WrappedSecret,
) {
  try {
    // SECURITY: S7 bound to consent, scope, lookup and layer: a secret of another one does not unwrap.
    const secret = await unwrapSecret({
      recipientKey: keyPair,
      info: layerSecretInfo(binding, layer),
      wrapped,
    });
    if (secret.length === SECRET_BYTES) return secret;
  } catch {
    // Told below: why it failed is nobody's help.
  }
  throw new Failure('manifest-rejected', { detail: `${layer} secret` });
}
