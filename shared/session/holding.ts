/** What becomes of kept records when a visit ends: pure, so that core and model say the same. SECURITY: S11 */
import { assertNever } from '../domain/errors.ts';
import type { HeldEnding } from '../domain/held.ts';
import type { VisitContext } from './types.ts';

export type Holding =
  /** The visit has sealed nothing and opened nothing that was kept. */
  | { readonly is: 'none' }
  /** What it sealed becomes a case of the list. */
  | { readonly is: 'kept'; readonly caseId: string; readonly until: string }
  /** What it opened stays kept as it was. */
  | { readonly is: 'stays'; readonly caseId: string; readonly until: string }
  | { readonly is: 'ends'; readonly caseId: string; readonly ending: HeldEnding };

/** A case is made by the clerk, who writes what happens next, of a visit that came to its end. All else holds nothing. */
export function holdingAfter({ kept, outcome, followUp, caseDone }: VisitContext): Holding {
  if (!kept) return { is: 'none' };
  const { caseId, until, again } = kept;
  switch (outcome) {
    case 'completed':
      if (again)
        return caseDone ? { is: 'ends', caseId, ending: 'case-closed' } : { is: 'stays', caseId, until };
      // No follow-up, or none needed: there is no case.
      return caseDone || followUp.trim() === ''
        ? { is: 'ends', caseId, ending: 'visit-ended' }
        : { is: 'kept', caseId, until };
    case 'withdrawn':
    case 'expired':
      return { is: 'ends', caseId, ending: outcome };
    case 'held-lost':
      return { is: 'ends', caseId, ending: 'damaged' };
    case 'refused':
    case 'not-my-number':
    case 'identity-failed':
    case 'not-understood':
    case 'stopped':
    case 'abandoned':
    case 'cancelled-by-staff':
    case undefined:
      return again ? { is: 'stays', caseId, until } : { is: 'ends', caseId, ending: 'visit-ended' };
    default:
      return assertNever(outcome);
  }
}
