/** What becomes, at the end of a visit, of what it has sealed for a case or opened of one. SECURITY: S11 S16 */
import type { CaseRow } from '../../../shared/domain/case.ts';
import type { HeldEnding } from '../../../shared/domain/held.ts';
import { holdingAfter } from '../../../shared/session/holding.ts';
import type { VisitContext } from '../../../shared/session/types.ts';
import type { AuditFields } from '../../audit/writer.ts';
import type { VisitDeps } from '../visit.ts';
import type { HeldCases } from './held-cases.ts';

/** A visit's case, and what shall become of it. */
export interface Settling {
  readonly caseId: string;
  readonly until: string;
  /** The customer came back for it. */
  readonly again: boolean;
  /** Undefined: it is kept on. */
  readonly ending: HeldEnding | undefined;
}

/** Looks what the visit has; waits for a sealing that is under way. Undefined: nothing. */
export async function settlingOf(
  held: Pick<HeldCases, 'fresh'>,
  context: VisitContext,
  sessionId: string,
): Promise<Settling | undefined> {
  const sealed = await held.fresh(sessionId);
  const { kept } = context;
  const caseId = sealed?.caseId ?? kept?.caseId;
  if (caseId === undefined) return undefined;
  const holding = holdingAfter(context);
  return {
    caseId,
    until: sealed?.until ?? kept?.until ?? '',
    again: kept?.again === true,
    ending:
      holding.is === 'kept' || holding.is === 'stays'
        ? undefined
        : holding.is === 'ends'
          ? holding.ending
          : 'visit-ended',
  };
}

/** What has to go goes from the disk, its key first. What that fails at is tried again by {@link settle}. */
export async function destroySettled(
  { held }: Pick<VisitDeps, 'held'>,
  { caseId, ending }: Settling,
  fields: AuditFields,
): Promise<void> {
  if (ending) await held.destroy(caseId, ending, fields).catch(() => undefined);
}

/**
 * Once they are clear: it is a case, stays one, or its end is logged and reported.
 * @returns what the day list says of it
 */
export async function settle(
  { held, audit }: Pick<VisitDeps, 'held' | 'audit'>,
  settling: Settling,
  fields: AuditFields,
): Promise<CaseRow['held']> {
  const { caseId, until, again, ending } = settling;
  // It may have gone meanwhile, by its date or a withdrawal.
  const stands = !ending && (again ? held.current(caseId) !== undefined : await held.keep(caseId));
  if (stands) await audit.append('held-closed', { ...fields, facts: { case: caseId, until } });
  // One that the customer came back for and that may not be opened any more is past its date, or ended before.
  else await held.end(caseId, ending ?? (again ? 'expired' : 'visit-ended'), fields);
  await held.release(caseId);
  if (stands) return { caseId, until, state: again ? 'read' : 'kept' };
  if (ending === 'case-closed') return { caseId, until, state: 'done' };
  return again ? { caseId, until, state: 'over' } : undefined;
}
