/**
 * Whether the customer is still there: after `idleMs` without a touch the screen asks, after `lastCallMs`
 * more the visit ends quietly. Pure; the core starts it and feeds it touches.
 */
import { setup } from 'xstate';
import type { VisitPhase } from './machine.ts';

export const presenceMachine = setup({
  types: {
    context: {} as { idleMs: number; lastCallMs: number },
    input: {} as { idleMs: number; lastCallMs: number },
    events: {} as { type: 'WATCH' } | { type: 'UNWATCH' } | { type: 'TOUCH' },
  },
  delays: { idle: ({ context }) => context.idleMs, lastCall: ({ context }) => context.lastCallMs },
}).createMachine({
  id: 'presence',
  context: ({ input }) => input,
  initial: 'off',
  states: {
    /** Nobody is waited for: idle, or the machine is busy. */
    off: { on: { WATCH: 'here' } },
    here: {
      on: { TOUCH: { target: 'here', reenter: true }, UNWATCH: 'off' },
      after: { idle: 'asking' },
    },
    /** 'Still there?' is on the screen. */
    asking: { on: { TOUCH: 'here', UNWATCH: 'off' }, after: { lastCall: 'gone' } },
    /** The core ends the visit when it sees this state. */
    gone: { on: { UNWATCH: 'off' } },
  },
});

const customerPhases: ReadonlySet<VisitPhase> = new Set([
  'serving.request',
  'serving.notice',
  'serving.identity.entering',
  'serving.question',
  'serving.ticks',
  'serving.signature',
  'serving.mark',
  'serving.reading',
  'serving.report.composing',
  'serving.report.preview',
  'serving.receipt',
]);

/** Whether a phase waits for the customer, so that silence means that they may have left. */
export function waitsForCustomer(phase: VisitPhase): boolean {
  return customerPhases.has(phase);
}
