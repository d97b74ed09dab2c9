import { describe, expect, it } from 'vitest';
import { withdrawalStepStates, withdrawalSteps } from '../../../../renderer/staff/withdrawal/steps.ts';
import { withdrawalPhases } from '../../../../shared/session/withdrawal.ts';

describe('steps of a withdrawal', () => {
  it('each phase has one step under way, failed or done last; those before it are done', () => {
    for (const phase of withdrawalPhases) {
      const states = withdrawalStepStates(phase).map(({ state }) => state);
      const at = states.findIndex((state) => state === 'current' || state === 'failed');
      if (phase === 'ended') expect(states).toEqual(withdrawalSteps.map(() => 'done'));
      else {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(states.slice(0, at).every((state) => state === 'done')).toBe(true);
        expect(states.slice(at + 1).every((state) => state === 'waiting')).toBe(true);
        expect(states[at] === 'failed').toBe(phase.endsWith('Failed'));
      }
    }
  });
});
