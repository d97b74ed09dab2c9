/** The visit as a vertical line of steps: which is done, which is under way, which had a problem. */
import type { VisitPhase } from '../../../shared/session/machine.ts';

export const stepNames = [
  'request',
  'confirm',
  'notice',
  'identity',
  'question',
  'sign',
  'lookup',
  'reading',
  'report',
  'followUp',
] as const;
export type StepName = (typeof stepNames)[number];
export type StepState = 'done' | 'current' | 'waiting' | 'failed';

/** Whose turn it is in a phase: the clerk's, the customer's, or nobody's (the system works). */
export type Turn = 'staff' | 'customer' | 'system';

const places: Record<VisitPhase, { step: StepName | undefined; turn: Turn }> = {
  idle: { step: 'request', turn: 'staff' },
  'serving.preparing': { step: 'confirm', turn: 'system' },
  'serving.prepareFailed': { step: 'confirm', turn: 'staff' },
  'serving.request': { step: 'confirm', turn: 'customer' },
  'serving.notice': { step: 'notice', turn: 'customer' },
  'serving.identity.challenging': { step: 'identity', turn: 'system' },
  'serving.identity.challengeFailed': { step: 'identity', turn: 'staff' },
  'serving.identity.entering': { step: 'identity', turn: 'customer' },
  'serving.identity.checking': { step: 'identity', turn: 'system' },
  'serving.question': { step: 'question', turn: 'customer' },
  'serving.ticks': { step: 'sign', turn: 'customer' },
  'serving.signature': { step: 'sign', turn: 'customer' },
  'serving.mark': { step: 'sign', turn: 'customer' },
  'serving.witnessing.waiting': { step: 'sign', turn: 'staff' },
  'serving.witnessing.checking': { step: 'sign', turn: 'system' },
  'serving.submitting': { step: 'lookup', turn: 'system' },
  'serving.submitFailed': { step: 'lookup', turn: 'staff' },
  'serving.lookingUp': { step: 'lookup', turn: 'system' },
  'serving.lookUpFailed': { step: 'lookup', turn: 'staff' },
  'serving.reopening': { step: 'reading', turn: 'system' },
  'serving.reopenFailed': { step: 'reading', turn: 'staff' },
  'serving.reading': { step: 'reading', turn: 'customer' },
  'serving.report.composing': { step: 'report', turn: 'customer' },
  'serving.report.making': { step: 'report', turn: 'system' },
  'serving.report.preview': { step: 'report', turn: 'customer' },
  'serving.report.saving': { step: 'report', turn: 'system' },
  'serving.takingReceipt': { step: 'report', turn: 'system' },
  'serving.receipt': { step: 'report', turn: 'customer' },
  'serving.finishing': { step: 'followUp', turn: 'system' },
  'serving.finishFailed': { step: 'followUp', turn: 'staff' },
  'serving.followUp': { step: 'followUp', turn: 'staff' },
  closing: { step: undefined, turn: 'system' },
  closeFailed: { step: undefined, turn: 'staff' },
  ended: { step: undefined, turn: 'staff' },
};

/** Whose turn it is. */
export function turnOf(phase: VisitPhase): Turn {
  return places[phase].turn;
}

/** The step that a phase belongs to; undefined while a visit closes or has ended. */
export function stepOf(phase: VisitPhase): StepName | undefined {
  return places[phase].step;
}

/** Whether a phase is a failure that staff can retry. */
export function isFailed(phase: VisitPhase): boolean {
  return phase.endsWith('Failed');
}

/** Whether staff can still end the visit: not before it begins, and not once the customer has finished. */
export function canCancel(phase: VisitPhase): boolean {
  return phase.startsWith('serving.') && phase !== 'serving.followUp';
}

/** The steps of who has come back for what is kept. */
const keptSteps: readonly StepName[] = ['request', 'confirm', 'identity', 'reading', 'followUp'];

/**
 * The state of every step in order. After an early end the steps stay as the visit left them: waiting.
 * @param again the customer has come back for what is kept
 */
export function stepStates(phase: VisitPhase, again = false): { name: StepName; state: StepState }[] {
  const names: readonly StepName[] = again ? keptSteps : stepNames;
  const current = stepOf(phase);
  const at = current === undefined ? -1 : names.indexOf(current);
  return names.map((name, index) => {
    if (index < at) return { name, state: 'done' };
    if (index > at || at < 0) return { name, state: 'waiting' };
    return { name, state: isFailed(phase) ? 'failed' : 'current' };
  });
}
