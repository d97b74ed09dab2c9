/** Which step of the visit a phase belongs to, for 'step n of m' and for choosing the screen. */
import type { VisitPhase } from '../../../shared/session/machine.ts';

/** The steps as the customer counts them. */
const steps = [
  'request',
  'notice',
  'identity',
  'question',
  'ticks',
  'signature',
  'records',
  'report',
  'receipt',
] as const;
export type Step = (typeof steps)[number];

const stepOfPhase: Partial<Record<VisitPhase, Step>> = {
  'serving.preparing': 'request',
  'serving.prepareFailed': 'request',
  'serving.request': 'request',
  'serving.notice': 'notice',
  'serving.identity.challenging': 'identity',
  'serving.identity.challengeFailed': 'identity',
  'serving.identity.entering': 'identity',
  'serving.identity.checking': 'identity',
  'serving.question': 'question',
  'serving.ticks': 'ticks',
  'serving.signature': 'signature',
  'serving.mark': 'signature',
  'serving.witnessing.waiting': 'signature',
  'serving.witnessing.checking': 'signature',
  'serving.submitting': 'signature',
  'serving.submitFailed': 'signature',
  'serving.lookingUp': 'records',
  'serving.lookUpFailed': 'records',
  'serving.reopening': 'records',
  'serving.reopenFailed': 'records',
  'serving.reading': 'records',
  'serving.report.composing': 'report',
  'serving.report.making': 'report',
  'serving.report.preview': 'report',
  'serving.report.saving': 'report',
  'serving.takingReceipt': 'receipt',
  'serving.receipt': 'receipt',
};

/** The steps of who has come back for what is kept. */
const shortSteps: readonly Step[] = ['request', 'identity', 'records'];

/** The steps of a visit, in order. @param again the customer has come back for what is kept */
export function stepsOf(again: boolean): readonly Step[] {
  return again ? shortSteps : steps;
}

/** The step, or undefined where nothing is counted: idle, goodbye, clearing. */
export function stepOf(phase: VisitPhase): Step | undefined {
  return stepOfPhase[phase];
}

/** Whether the customer can still stop: once they have finished there is nothing left to stop. */
export function canStop(phase: VisitPhase): boolean {
  return stepOf(phase) !== undefined;
}

/** Whether the language may change: from identity to signing it stays that of the notice as read. */
export function languageFree(phase: VisitPhase): boolean {
  const step = stepOf(phase);
  return step !== 'identity' && step !== 'question' && step !== 'ticks' && step !== 'signature';
}
