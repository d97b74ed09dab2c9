/** A withdrawal as a line of steps, as staff see it: how far, never what. */
import type { WithdrawalPhase } from '../../../shared/session/withdrawal.ts';
import type { StepState } from '../visit/steps.ts';

export const withdrawalSteps = ['who', 'choose', 'withdraw', 'end'] as const;
export type WithdrawalStep = (typeof withdrawalSteps)[number];

/** The step that a phase belongs to. */
export function withdrawalStepOf(phase: WithdrawalPhase): WithdrawalStep {
  if (phase === 'active.list' || phase === 'active.confirm') return 'choose';
  if (phase === 'active.withdrawing' || phase === 'active.withdrawFailed' || phase === 'active.done') {
    return 'withdraw';
  }
  return phase === 'closing' || phase === 'closeFailed' || phase === 'ended' ? 'end' : 'who';
}

export function withdrawalStepStates(phase: WithdrawalPhase): { name: WithdrawalStep; state: StepState }[] {
  const at = withdrawalSteps.indexOf(withdrawalStepOf(phase));
  return withdrawalSteps.map((name, index) => {
    if (index < at) return { name, state: 'done' };
    if (index > at) return { name, state: 'waiting' };
    return { name, state: phase.endsWith('Failed') ? 'failed' : phase === 'ended' ? 'done' : 'current' };
  });
}
