import { randomBytes, toBase64, toHex } from '../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { isSignature } from '../../../shared/domain/ink.ts';
import { isPolicyCurrent } from '../../../shared/domain/policy.ts';
import { signedAcceptanceSchema } from '../../../shared/protocol/documents.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { consentRecord } from '../../evidence/consent-record.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';
import type { SignedConsent } from '../visit-secrets.ts';

const NONCE_BYTES = 16;

/**
 * Builds, signs, logs and submits the consent. Asked again after a failure, it submits the same bytes: what the
 * customer signed is signed once.
 */
export async function submitConsent(deps: VisitDeps, visit: Visit): Promise<EffectResults['submitConsent']> {
  const { context, secrets } = visit;
  const consent = secrets.consent ?? (await signConsent(deps, visit));
  const consentId = consent.record.header.recordId;
  if (!consent.submission) return { consentId };
  const item = {
    kind: 'consent',
    id: `consent ${consentId}`,
    staffId: context.staffId,
    submission: consent.submission,
  } as const;
  // SECURITY: S10 what the outbox had accepted by itself in the meantime is accepted once, and logged once.
  const delivery = await deps.outbox.deliver(item, secrets.lastWord);
  if (delivery.type !== 'delivered') throw new Failure(delivery.error.kind, extraOf(delivery.error));
  secrets.requireAlive();
  // Verified by whoever delivered it; parsed again, since the outbox does not know what it carries.
  secrets.consentAccepted(signedAcceptanceSchema.parse(delivery.answer));
  return { consentId };
}

function extraOf({ detail }: { detail?: string | undefined }): { detail?: string } {
  return detail === undefined ? {} : { detail };
}

async function signConsent(deps: VisitDeps, visit: Visit): Promise<SignedConsent> {
  const { context, secrets } = visit;
  const { request, representation, grants, answerId, display, method, witnessWanted } = context;
  const { signature, policy, assertion, witnesses } = secrets;
  if (!request || !grants?.lookup || answerId === undefined || !signature || !policy || !assertion) {
    throw new Failure('consent-required');
  }
  // SECURITY: S8 a mark without its witnesses is nothing.
  if ((method === 'witnessed-mark' || witnessWanted) && !witnesses) {
    throw new Failure('consent-required', { detail: 'witnesses' });
  }
  if (method === 'signature' && !isSignature(signature.ink)) throw new Failure('signature-empty');
  const now = deps.clock.now();
  if (!isPolicyCurrent(policy, now)) throw new Failure('policy-expired');
  const { record, evidence } = await consentRecord({
    recordId: crypto.randomUUID(),
    sessionId: context.sessionId,
    nonce: toHex(randomBytes(NONCE_BYTES)),
    request,
    representation,
    method,
    witnesses,
    policy,
    display,
    grants,
    answerId,
    ...signature,
    identityAssertion: assertion.assertionId,
    withdrawalCodeSha256: await withdrawalCodeHash(secrets.withdrawalCode),
    recipientKey: secrets.recipientKey,
    deviceId: deps.settings.deviceId,
    staffId: context.staffId,
    at: now,
  });
  const bytes = canonicalBytes(record);
  const cms = await signDetached({
    content: bytes,
    privateKey: deps.deviceKey.privateKey,
    certificate: deps.connection.identity().certificate,
    signingTime: new Date(now),
  });
  const hash = await sha256Hex(bytes);
  const submission = { consent: record, cms: toBase64(cms), evidence };
  secrets.requireAlive();
  // SECURITY: S10 the log knows of the signature before anything leaves the counter.
  await deps.audit.append('consent-signed', {
    ...auditFields(deps, visit),
    consentId: record.header.recordId,
    facts: {
      consentHash: hash,
      policyVersion: policy.version,
      language: display.language,
      method,
      representation: representation.kind,
    },
  });
  secrets.requireAlive();
  const consent: SignedConsent = { record, bytes, hash, cms, accepted: false, submission };
  secrets.consent = consent;
  return consent;
}
