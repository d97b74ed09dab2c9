import type { EffectResults } from '../../../shared/session/machine.ts';
import { printSigned } from '../../evidence/print.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Prints and signs what the customer's window has laid out. The PDF stays in memory; the preview shows these bytes. */
export async function makeReport(deps: VisitDeps, visit: Visit): Promise<EffectResults['makeReport']> {
  // SECURITY: S9 signed before it is shown: what the customer looks at is what they get.
  const paper = await printSigned(deps, visit, 'report');
  const { sha256, pages } = paper;
  if (!visit.secrets.alive) paper.bytes.fill(0);
  visit.secrets.requireAlive();
  const entry = await deps.audit.append('report-made', {
    ...auditFields(deps, visit),
    facts: { sha256, pages },
  });
  const reportId = crypto.randomUUID();
  visit.secrets.putReport({ ...paper, reportId, auditSeq: entry.seq });
  return { reportId, pages };
}
