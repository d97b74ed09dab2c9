import { toBase64 } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import type { Kept } from '../../../shared/session/types.ts';
import { pagesToKeep } from '../held/pages.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';
import { requireConsent } from './look-up.ts';

/**
 * Seals what the visit has found, for a case: a fresh wrapping key, the pages as central has them, the secrets. It
 * becomes a case only when the clerk makes one of it.
 * @throws Failure 'consent-expired', 'central-*', 'storage-failed'; nothing is kept then, and it may be tried again
 */
export async function holdRecords(deps: VisitDeps, visit: Visit): Promise<Omit<Kept, 'again'>> {
  const { context, secrets } = visit;
  const { caseId, lookup, toHold } = secrets;
  // SECURITY: S5 under a consent that lives, for as long as it says.
  const consent = requireConsent(secrets, context.request, deps.clock);
  const until = consent.record.scope.heldUntil;
  if (until === undefined || !lookup || !toHold) throw new Failure('consent-required', { detail: 'keep' });
  const { manifest } = lookup;
  await deps.held
    .hold({
      caseId,
      sessionId: secrets.sessionId,
      consentId: consent.record.header.recordId,
      consentHash: consent.hash,
      until,
      maskedNumber: maskNumber(consent.record.scope.subscriber),
      rows: manifest.document.rows,
      fields: auditFields(deps, visit),
      details: {
        schema: 'zhiqing-held/1',
        consent: { record: consent.record, hash: consent.hash, cms: toBase64(consent.cms) },
        manifest,
      },
      secrets: toHold,
      pages: (layer) => pagesToKeep(deps.connection, manifest.document, layer),
      requireWanted: () => secrets.requireAlive(),
    })
    .catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      throw new Failure('storage-failed', { detail: 'held' });
    });
  return { caseId, until };
}
