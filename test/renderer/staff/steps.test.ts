import { describe, expect, it } from 'vitest';
import { zhCN } from '../../../renderer/staff/i18n/zh-CN.ts';
import { canCancel, isFailed, stepNames, stepStates, turnOf } from '../../../renderer/staff/visit/steps.ts';
import { phaseOf, type VisitPhase, visitMachine } from '../../../shared/session/machine.ts';

/** Every leaf of the session machine, so that a new state cannot be forgotten here. */
function phases(): VisitPhase[] {
  const leaves: VisitPhase[] = [];
  const walk = (states: Record<string, { states?: object }>, wrap: (name: unknown) => unknown) => {
    for (const [name, node] of Object.entries(states)) {
      const inner = (node.states ?? {}) as Record<string, { states?: object }>;
      if (Object.keys(inner).length === 0) leaves.push(phaseOf(wrap(name)));
      else walk(inner, (child) => wrap({ [name]: child }));
    }
  };
  walk(visitMachine.states, (name) => name);
  return leaves;
}

describe.each(phases())('phase %s', (phase) => {
  it('has a place on the line of steps, and a turn', () => {
    const states = stepStates(phase);
    expect(states.map(({ name }) => name)).toEqual(stepNames);
    expect(
      states.filter(({ state }) => state === 'current' || state === 'failed').length,
    ).toBeLessThanOrEqual(1);
    expect(['staff', 'customer', 'system']).toContain(turnOf(phase));
    expect(isFailed(phase)).toBe(states.some(({ state }) => state === 'failed') || phase === 'closeFailed');
  });

  it('has words for what happens and what to say', () => {
    let words: unknown = zhCN.phase;
    for (const part of phase.split('.')) words = (words as Record<string, unknown>)[part];
    expect(words).toMatchObject({ doing: expect.any(String), say: expect.any(String) });
  });
});

describe('a customer who has come back for what is kept', () => {
  it('goes through fewer steps: no notice, question, signature, lookup or report', () => {
    const line = (phase: VisitPhase) => stepStates(phase, true).map(({ name, state }) => `${name} ${state}`);
    expect(line('serving.identity.entering')).toEqual([
      'request done',
      'confirm done',
      'identity current',
      'reading waiting',
      'followUp waiting',
    ]);
    expect(line('serving.reopenFailed')).toContain('reading failed');
    expect(line('serving.reopening')).toContain('identity done');
    expect(line('ended').every((step) => step.endsWith('waiting'))).toBe(true);
  });
});

describe('ending a visit early', () => {
  it('is offered while the customer is served, not before, after, or once they have finished', () => {
    expect(canCancel('serving.notice')).toBe(true);
    expect(canCancel('serving.lookUpFailed')).toBe(true);
    for (const phase of ['idle', 'closing', 'closeFailed', 'ended', 'serving.followUp'] as const) {
      expect(canCancel(phase)).toBe(false);
    }
  });
});
