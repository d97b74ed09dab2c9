/**
 * A withdrawal (撤回同意) as a pure state machine: the customer says who they are, by the receipt's code or in
 * person, picks what to take back, and is told what happened. Effects are actors that the core provides; code,
 * number and proofs wait with the core and never pass through the context.
 */
import { assign, fromPromise, setup } from 'xstate';
import { type AppError, appError, toAppError } from '../domain/errors.ts';
import type { Language, ProofKind } from '../domain/policy.ts';
import type { GrantName } from '../domain/scope.ts';
import type {
  CounterErasure,
  StandingConsent,
  WithdrawalOutcome,
  WithdrawnPart,
} from '../domain/withdrawal.ts';

/** What came of it, as central signed it. */
export interface WithdrawalResult {
  withdrawalId: string;
  consentId: string;
  whole: boolean;
  purposes: GrantName[];
  at: string;
  counters: CounterErasure[];
}

export interface WithdrawalContext {
  sessionId: string;
  staffId: string;
  display: { language: Language; largeType: boolean };
  way: 'code' | 'identity' | undefined;
  maskedNumber: string | undefined;
  proofs: ProofKind[];
  triesLeft: number | undefined;
  consents: StandingConsent[];
  chosen: { consentId: string; part: WithdrawnPart } | undefined;
  result: WithdrawalResult | undefined;
  outcome: WithdrawalOutcome | undefined;
  error: AppError | undefined;
}

export type WithdrawalEvent =
  // staff
  | { type: 'START'; sessionId: string; staffId: string; language: Language }
  | { type: 'CANCEL' }
  | { type: 'ACKNOWLEDGE' }
  // customer
  | { type: 'SET_DISPLAY'; language: Language; largeType: boolean }
  | { type: 'BY_CODE' }
  | { type: 'BY_IDENTITY' }
  | { type: 'CODE' }
  | { type: 'NUMBER'; maskedNumber: string }
  | { type: 'RESEND_CODE' }
  | { type: 'PROVE' }
  | { type: 'CHOOSE'; consentId: string; part: WithdrawnPart }
  | { type: 'CONFIRM' }
  | { type: 'BACK' }
  | { type: 'FINISH' }
  | { type: 'STOP' }
  // either
  | { type: 'RETRY' }
  // core
  | { type: 'ABANDON' }
  | { type: 'ERASED'; counters: CounterErasure[] };

/** What effects answer. Each may reject with a Failure, which becomes `context.error`. */
export interface WithdrawalResults {
  find: { consents: StandingConsent[] };
  challenge: { proofs: ProofKind[]; triesLeft: number };
  prove: { passed: true } | { passed: false; triesLeft: number };
  withdraw: WithdrawalResult;
  /** Secrets destroyed, evidence written. */
  close: undefined;
}
export type WithdrawalEffect = keyof WithdrawalResults;

const effect = <N extends WithdrawalEffect>(name: N) =>
  fromPromise<WithdrawalResults[N], WithdrawalContext>(() =>
    Promise.reject(new TypeError(`no effect ${name}`)),
  );

export const noWithdrawal: WithdrawalContext = {
  sessionId: '',
  staffId: '',
  display: { language: 'zh-CN', largeType: false },
  way: undefined,
  maskedNumber: undefined,
  proofs: [],
  triesLeft: undefined,
  consents: [],
  chosen: undefined,
  result: undefined,
  outcome: undefined,
  error: undefined,
};

/** Whether a choice is one that the screen offered: a listed consent, and purposes of it that still stand. */
export function isOffered(
  consents: readonly StandingConsent[],
  { consentId, part }: { consentId: string; part: WithdrawnPart },
): boolean {
  const consent = consents.find((one) => one.consentId === consentId);
  if (!consent || consent.state === 'withdrawn') return false;
  if (part === 'all') return true;
  return part.length > 0 && part.every((purpose) => consent.purposes.includes(purpose));
}

const machineSetup = setup({
  types: { context: {} as WithdrawalContext, events: {} as WithdrawalEvent },
  actors: {
    find: effect('find'),
    challenge: effect('challenge'),
    prove: effect('prove'),
    withdraw: effect('withdraw'),
    close: effect('close'),
  },
  actions: {
    clear: assign(() => noWithdrawal),
    clearError: assign({ error: () => undefined }),
    keepError: assign({ error: ({ event }) => ('error' in event ? toAppError(event.error) : undefined) }),
    keepTries: assign({
      triesLeft: ({ event }) => ('error' in event ? toAppError(event.error).triesLeft : undefined),
    }),
    outcome: assign({ outcome: (_, params: { outcome: WithdrawalOutcome }) => params.outcome }),
  },
  guards: {
    // SECURITY: S17 no tries left ends it; central keeps count over all counters.
    lockedOut: ({ event }) => 'error' in event && toAppError(event.error).kind === 'too-many-tries',
    proved: ({ event }) => 'output' in event && (event.output as WithdrawalResults['prove']).passed,
    noTriesLeft: ({ event }) => {
      if (!('output' in event)) return false;
      const output = event.output as WithdrawalResults['prove'];
      return !output.passed && output.triesLeft === 0;
    },
    // SECURITY: S1 what was not on the screen can't be chosen.
    offered: ({ context, event }) => event.type === 'CHOOSE' && isOffered(context.consents, event),
    nothingToTake: ({ context }) => !context.consents.some(({ state }) => state !== 'withdrawn'),
  },
});

/** Ends it with an outcome from wherever it stands. */
const ends = (outcome: WithdrawalOutcome) =>
  ({ target: '#withdrawal.closing', actions: [{ type: 'outcome', params: { outcome } }] }) as const;

export const withdrawalMachine = machineSetup.createMachine({
  id: 'withdrawal',
  context: noWithdrawal,
  initial: 'idle',
  states: {
    /** Nobody is taking anything back. */
    idle: {
      entry: 'clear',
      on: {
        START: {
          target: 'active',
          actions: assign(({ event }) => ({
            ...noWithdrawal,
            sessionId: event.sessionId,
            staffId: event.staffId,
            display: { language: event.language, largeType: false },
          })),
        },
      },
    },

    active: {
      initial: 'choosing',
      on: {
        CANCEL: ends('cancelled-by-staff'),
        STOP: ends('stopped'),
        ABANDON: ends('abandoned'),
        SET_DISPLAY: {
          actions: assign({
            display: ({ event }) => ({ language: event.language, largeType: event.largeType }),
          }),
        },
      },
      states: {
        /** With the receipt's code, or in person. */
        choosing: {
          entry: ['clearError', assign({ way: () => undefined, triesLeft: () => undefined })],
          on: {
            BY_CODE: { target: 'code', actions: assign({ way: () => 'code' as const }) },
            BY_IDENTITY: { target: 'number', actions: assign({ way: () => 'identity' as const }) },
          },
        },

        code: {
          initial: 'entering',
          states: {
            entering: { on: { CODE: 'checking', BACK: '#withdrawal.active.choosing' } },
            checking: {
              entry: 'clearError',
              invoke: {
                src: 'find',
                input: ({ context }) => context,
                onDone: {
                  target: '#withdrawal.active.list',
                  actions: assign({ consents: ({ event }) => event.output.consents }),
                },
                onError: [
                  { guard: 'lockedOut', ...ends('too-many-codes') },
                  { target: 'entering', actions: ['keepError', 'keepTries'] },
                ],
              },
            },
          },
        },

        /** The customer types their own number. */
        number: {
          on: {
            NUMBER: {
              target: 'identity',
              actions: assign({ maskedNumber: ({ event }) => event.maskedNumber }),
            },
            BACK: 'choosing',
          },
        },

        /** As in a visit: limited tries, counted by central. */
        identity: {
          initial: 'challenging',
          states: {
            challenging: {
              entry: 'clearError',
              invoke: {
                src: 'challenge',
                input: ({ context }) => context,
                onDone: {
                  target: 'entering',
                  actions: assign({
                    proofs: ({ event }) => event.output.proofs,
                    triesLeft: ({ event }) => event.output.triesLeft,
                  }),
                },
                onError: [
                  { guard: 'lockedOut', ...ends('identity-failed') },
                  { target: 'challengeFailed', actions: 'keepError' },
                ],
              },
            },
            challengeFailed: {
              on: {
                RETRY: 'challenging',
                BACK: { target: '#withdrawal.active.number', actions: 'clearError' },
              },
            },
            entering: {
              on: {
                PROVE: 'checking',
                RESEND_CODE: 'challenging',
                BACK: { target: '#withdrawal.active.number', actions: 'clearError' },
              },
            },
            checking: {
              entry: 'clearError',
              invoke: {
                src: 'prove',
                input: ({ context }) => context,
                onDone: [
                  { guard: 'proved', target: '#withdrawal.active.finding' },
                  { guard: 'noTriesLeft', ...ends('identity-failed') },
                  {
                    target: 'entering',
                    actions: assign({
                      triesLeft: ({ event }) => (event.output.passed ? undefined : event.output.triesLeft),
                      error: ({ event }) =>
                        event.output.passed
                          ? undefined
                          : appError('identity-failed', { triesLeft: event.output.triesLeft }),
                    }),
                  },
                ],
                onError: [
                  { guard: 'lockedOut', ...ends('identity-failed') },
                  { target: 'entering', actions: 'keepError' },
                ],
              },
            },
          },
        },

        /** Central lists what still stands. */
        finding: {
          entry: 'clearError',
          invoke: {
            src: 'find',
            input: ({ context }) => context,
            onDone: { target: 'list', actions: assign({ consents: ({ event }) => event.output.consents }) },
            onError: { target: 'findFailed', actions: 'keepError' },
          },
        },
        findFailed: { on: { RETRY: 'finding' } },

        /** The subject's own consents: what was agreed, never what a record says. */
        list: {
          entry: assign({ chosen: () => undefined }),
          on: {
            CHOOSE: {
              guard: 'offered',
              target: 'confirm',
              actions: assign({ chosen: ({ event }) => ({ consentId: event.consentId, part: event.part }) }),
            },
            FINISH: { guard: 'nothingToTake', ...ends('nothing-found') },
          },
        },

        /** The last question: final means final. */
        confirm: { on: { CONFIRM: 'withdrawing', BACK: 'list' } },

        /** On its way it can't be stopped: whether it arrived is for central to say. */
        withdrawing: {
          entry: 'clearError',
          on: { STOP: {}, CANCEL: {}, ABANDON: {} },
          invoke: {
            src: 'withdraw',
            input: ({ context }) => context,
            onDone: { target: 'done', actions: assign({ result: ({ event }) => event.output }) },
            onError: { target: 'withdrawFailed', actions: 'keepError' },
          },
        },
        withdrawFailed: {
          on: {
            RETRY: 'withdrawing',
            STOP: ends('unconfirmed'),
            CANCEL: ends('unconfirmed'),
            ABANDON: ends('unconfirmed'),
          },
        },

        /** What happened: erased at once, or waiting for a counter. */
        done: {
          on: {
            ERASED: {
              actions: assign({
                result: ({ context, event }) =>
                  context.result && { ...context.result, counters: event.counters },
              }),
            },
            FINISH: ends('withdrawn'),
            STOP: ends('withdrawn'),
            CANCEL: ends('withdrawn'),
            ABANDON: ends('withdrawn'),
          },
        },
      },
    },

    // SECURITY: S11 S19 the only way out: secrets destroyed, then written down.
    closing: {
      entry: 'clearError',
      invoke: {
        src: 'close',
        input: ({ context }) => context,
        onDone: 'ended',
        onError: { target: 'closeFailed', actions: 'keepError' },
      },
    },
    closeFailed: { on: { RETRY: 'closing' } },

    /** The customer reads a farewell; staff say that they have seen it. */
    ended: {
      entry: assign({ consents: () => [], chosen: () => undefined, maskedNumber: () => undefined }),
      on: { ACKNOWLEDGE: 'idle' },
    },
  },
});

/** The state as one dotted path. */
export const withdrawalPhases = [
  'idle',
  'active.choosing',
  'active.code.entering',
  'active.code.checking',
  'active.number',
  'active.identity.challenging',
  'active.identity.challengeFailed',
  'active.identity.entering',
  'active.identity.checking',
  'active.finding',
  'active.findFailed',
  'active.list',
  'active.confirm',
  'active.withdrawing',
  'active.withdrawFailed',
  'active.done',
  'closing',
  'closeFailed',
  'ended',
] as const;
export type WithdrawalPhase = (typeof withdrawalPhases)[number];

const waiting: ReadonlySet<WithdrawalPhase> = new Set([
  'active.choosing',
  'active.code.entering',
  'active.number',
  'active.identity.entering',
  'active.identity.challengeFailed',
  'active.findFailed',
  'active.list',
  'active.confirm',
  'active.withdrawFailed',
  'active.done',
]);

/** Whether a phase waits for the customer, so that silence means that they may have left. */
export function withdrawalWaits(phase: WithdrawalPhase): boolean {
  return waiting.has(phase);
}
