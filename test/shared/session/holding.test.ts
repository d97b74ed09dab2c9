import { describe, expect, it } from 'vitest';
import { type Outcome, outcomes } from '../../../shared/domain/case.ts';
import { holdingAfter } from '../../../shared/session/holding.ts';
import { emptyContext } from '../../../shared/session/machine.ts';
import type { VisitContext } from '../../../shared/session/types.ts';

const kept = { caseId: 'k', until: '2026-12-20T02:00:00.000Z' };
const becomes = (change: Partial<VisitContext>) => holdingAfter({ ...emptyContext, ...change });
const sealed = (outcome: Outcome, followUp = '') =>
  becomes({ kept: { ...kept, again: false }, outcome, followUp });
const opened = (outcome: Outcome, caseDone = false) =>
  becomes({ kept: { ...kept, again: true }, outcome, caseDone });

describe('what becomes of kept records', () => {
  it('nothing, where there are none', () => {
    for (const outcome of outcomes) expect(becomes({ outcome })).toEqual({ is: 'none' });
  });
  it('a case is made of what was sealed only by a follow-up at the end of a visit', () => {
    expect(sealed('completed', '核对后回电')).toEqual({ is: 'kept', ...kept });
    const nothing = { is: 'ends', caseId: 'k', ending: 'visit-ended' };
    expect(sealed('completed', '  ')).toEqual(nothing);
    expect(
      becomes({
        kept: { ...kept, again: false },
        outcome: 'completed',
        followUp: '无需后续',
        caseDone: true,
      }),
    ).toEqual(nothing);
    for (const outcome of outcomes.filter((one) => one !== 'completed')) {
      expect(sealed(outcome, '核对后回电').is, outcome).toBe('ends');
    }
  });
  it('what was opened again stays, unless the case is done or the records have to go', () => {
    const goes: Partial<Record<Outcome, string>> = {
      withdrawn: 'withdrawn',
      expired: 'expired',
      'held-lost': 'damaged',
    };
    for (const outcome of outcomes) {
      const ending = goes[outcome];
      expect(opened(outcome), outcome).toEqual(
        ending ? { is: 'ends', caseId: 'k', ending } : { is: 'stays', ...kept },
      );
    }
    expect(opened('completed', true)).toEqual({ is: 'ends', caseId: 'k', ending: 'case-closed' });
    // Said of a visit that was stopped it means nothing.
    expect(opened('stopped', true)).toEqual({ is: 'stays', ...kept });
  });
});
