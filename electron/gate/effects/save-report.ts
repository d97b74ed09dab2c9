import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { printSigned } from '../../evidence/print.ts';
import { composeEvidence } from '../../evidence/receipt.ts';
import { writeTogether } from '../../evidence/write-together.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/**
 * Prints the receipt and puts it into the hand-over folder with the report, where there is one, and all that
 * proves both: everything or nothing.
 */
export async function saveReport(deps: VisitDeps, visit: Visit): Promise<EffectResults['saveReport']> {
  const { context, secrets } = visit;
  const report = context.report ? secrets.report : undefined;
  if (report?.reportId !== context.report?.reportId) throw new Failure('wrong-state', { detail: 'report' });
  const receipt = await printSigned(deps, visit, 'receipt');
  const files = await composeEvidence(deps, visit, { receipt, report });
  const receiptJson = files['receipt.json'];
  if (!receiptJson) throw new Failure('internal', { detail: 'receipt.json' });
  const sha256 = await sha256Hex(receiptJson);
  secrets.requireAlive();
  // SECURITY: S10 on the disk before anything is handed over.
  await deps.audit.append('receipt-made', {
    ...auditFields(deps, visit),
    facts: { sha256, paperSha256: receipt.sha256, pages: receipt.pages },
  });
  // SECURITY: S12 named after the session: no number in a file name.
  const savedAs = await writeTogether(deps.settings.handoverFolder, secrets.sessionId, files, () =>
    // SECURITY: S11 S16 a visit that ends overwrites these very bytes: what was written then is not handed over.
    secrets.requireAlive(),
  );
  await deps.audit.append(report ? 'report-saved' : 'receipt-saved', {
    ...auditFields(deps, visit),
    facts: { sha256: report?.sha256 ?? sha256, files: Object.keys(files).length },
  });
  return { savedAs };
}
