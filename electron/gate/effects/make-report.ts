import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { footerTemplate, pdfPages } from '../../evidence/pdf.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Prints what the customer's window has laid out. The PDF stays in memory. */
export async function makeReport(deps: VisitDeps, visit: Visit): Promise<EffectResults['makeReport']> {
  const { context, secrets } = visit;
  const { consent } = secrets;
  if (!consent || context.policyVersion === undefined) throw new Failure('consent-required');
  const footer = footerTemplate({
    language: context.display.language,
    consentId: consent.record.header.recordId,
    policyVersion: context.policyVersion,
    at: deps.clock.now(),
  });
  const bytes = await deps.customerWindow.print(footer).catch(() => {
    throw new Failure('report-failed', { detail: 'print' });
  });
  const pages = pdfPages(bytes);
  if (pages === 0) throw new Failure('report-failed', { detail: 'no pages' });
  const sha256 = await sha256Hex(bytes);
  await deps.audit.append('report-made', { ...auditFields(deps, visit), facts: { sha256, pages } });
  const reportId = crypto.randomUUID();
  secrets.putReport({ reportId, bytes, sha256 });
  return { reportId, pages };
}
