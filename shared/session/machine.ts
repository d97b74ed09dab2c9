/**
 * The counter session (柜台会话) as a pure state machine: one customer's visit, from scope to close.
 * It decides what may happen next; effects are actors that the core provides. Nothing a customer typed,
 * signed or read passes through its context: secrets wait with the core, under the session's id.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { Outcome } from '../domain/case.ts';
import { type AppError, appError, toAppError } from '../domain/errors.ts';
import type { NameStyle } from '../domain/mask.ts';
import type { Language, ProofKind } from '../domain/policy.ts';
import type { Grants, LookupRequest } from '../domain/scope.ts';

export interface ReportOptions {
  nameStyle: NameStyle;
  texts: boolean;
  peers: 'masked' | 'full';
}

/** Facts about a lookup that every plane may know. */
export interface LookupFacts {
  lookupId: string;
  rows: number;
  received: number;
  sent: number;
  byCategory: Record<string, number>;
}

export interface VisitContext {
  sessionId: string;
  staffId: string;
  request: LookupRequest | undefined;
  /** How the customer reads: the language and size shown are the ones recorded. */
  display: { language: Language; largeType: boolean };
  policyVersion: number | undefined;
  noticePage: { page: number; of: number };
  proofs: ProofKind[];
  triesLeft: number | undefined;
  questionTriesLeft: number;
  wrongAnswer: boolean;
  answerId: string | undefined;
  grants: Grants | undefined;
  consentId: string | undefined;
  lookup: LookupFacts | undefined;
  released: number;
  report: { reportId: string; pages: number; options: ReportOptions } | undefined;
  savedAs: string | undefined;
  outcome: Outcome | undefined;
  followUp: string;
  error: AppError | undefined;
}

export type VisitEvent =
  // staff
  | { type: 'START'; sessionId: string; staffId: string; request: LookupRequest }
  | { type: 'CANCEL' }
  | { type: 'RETRY' }
  | { type: 'CLOSE'; followUp: string }
  | { type: 'ACKNOWLEDGE' }
  // customer
  | { type: 'SET_DISPLAY'; language: Language; largeType: boolean }
  | { type: 'ACCEPT' }
  | { type: 'NOT_MY_NUMBER' }
  | { type: 'REFUSE' }
  | { type: 'NOTICE_PAGE'; page: number; of: number }
  | { type: 'NOTICE_READ' }
  | { type: 'PROVE' }
  | { type: 'RESEND_CODE' }
  | { type: 'ANSWER'; answerId: string; correct: boolean }
  | { type: 'READ_AGAIN' }
  | { type: 'TICK'; grants: Grants }
  | { type: 'BACK' }
  | { type: 'SIGN' }
  | { type: 'RELEASED'; count: number }
  | { type: 'OPEN_REPORT' }
  | { type: 'MAKE_REPORT'; options: ReportOptions }
  | { type: 'SAVE_REPORT' }
  | { type: 'TAKE_RECEIPT' }
  | { type: 'FINISH' }
  | { type: 'STOP' }
  // core
  | { type: 'ABANDON' }
  | { type: 'EXPIRE' };

/** What effects answer. Each may reject with a Failure, which becomes `context.error`. */
export interface EffectResults {
  prepare: { policyVersion: number; questionTries: number };
  challenge: { proofs: ProofKind[]; triesLeft: number };
  prove: { passed: true } | { passed: false; triesLeft: number };
  submitConsent: { consentId: string };
  lookUp: LookupFacts;
  makeReport: { reportId: string; pages: number };
  /** Prints the receipt and hands it over with all evidence; with the report where the customer saves one. */
  saveReport: { savedAs: string };
  /** The customer has finished: content keys and pages of the customer plane go now. */
  wipeContent: undefined;
  /** Keys destroyed on both planes and in the core, pages deleted, evidence and day-list row written. */
  closeVisit: undefined;
}
export type EffectName = keyof EffectResults;

const effect = <N extends EffectName>(name: N) =>
  fromPromise<EffectResults[N], VisitContext>(() => Promise.reject(new TypeError(`no effect ${name}`)));

export const emptyContext: VisitContext = {
  sessionId: '',
  staffId: '',
  request: undefined,
  display: { language: 'zh-CN', largeType: false },
  policyVersion: undefined,
  noticePage: { page: 0, of: 0 },
  proofs: [],
  triesLeft: undefined,
  questionTriesLeft: 0,
  wrongAnswer: false,
  answerId: undefined,
  grants: undefined,
  consentId: undefined,
  lookup: undefined,
  released: 0,
  report: undefined,
  savedAs: undefined,
  outcome: undefined,
  followUp: '',
  error: undefined,
};

const machineSetup = setup({
  types: { context: {} as VisitContext, events: {} as VisitEvent },
  actors: {
    prepare: effect('prepare'),
    challenge: effect('challenge'),
    prove: effect('prove'),
    submitConsent: effect('submitConsent'),
    lookUp: effect('lookUp'),
    makeReport: effect('makeReport'),
    saveReport: effect('saveReport'),
    wipeContent: effect('wipeContent'),
    closeVisit: effect('closeVisit'),
  },
  actions: {
    clear: assign(() => emptyContext),
    clearError: assign({ error: () => undefined }),
    keepError: assign({ error: ({ event }) => ('error' in event ? toAppError(event.error) : undefined) }),
    outcome: assign({ outcome: (_, params: { outcome: Outcome }) => params.outcome }),
  },
  guards: {
    lookupTicked: ({ event }) => event.type === 'TICK' && event.grants.lookup,
    mayRelease: ({ context }) => context.grants?.release === true,
    noticeSeenToTheEnd: ({ context }) =>
      context.noticePage.of > 0 && context.noticePage.page >= context.noticePage.of,
    answerRight: ({ event }) => event.type === 'ANSWER' && event.correct,
    completed: ({ context }) => context.outcome === 'completed',
    lastQuestionTry: ({ context }) => context.questionTriesLeft <= 1,
    // SECURITY: S17 no tries left ends the visit; central keeps the number locked for a while.
    lockedOut: ({ event }) => ('error' in event ? toAppError(event.error).kind === 'too-many-tries' : false),
    proved: ({ event }) => 'output' in event && (event.output as EffectResults['prove']).passed,
    noTriesLeft: ({ event }) => {
      if (!('output' in event)) return false;
      const output = event.output as EffectResults['prove'];
      return !output.passed && output.triesLeft === 0;
    },
  },
});

/** Language and size as the customer likes; nothing signed depends on them any more. */
const freeDisplay = machineSetup.assign({
  display: ({ context, event }) =>
    event.type === 'SET_DISPLAY' ? { language: event.language, largeType: event.largeType } : context.display,
});
/** Only the size may change. */
const largeTypeOnly = machineSetup.assign({
  display: ({ context, event }) =>
    event.type === 'SET_DISPLAY'
      ? { language: context.display.language, largeType: event.largeType }
      : context.display,
});

/** Ends the visit with an outcome from wherever it stands; keys go before anything else. */
const ends = (outcome: Outcome) =>
  ({ target: '#visit.closing', actions: [{ type: 'outcome', params: { outcome } }] }) as const;

export const visitMachine = machineSetup.createMachine({
  id: 'visit',
  context: emptyContext,
  initial: 'idle',
  states: {
    /** Nobody is served. Both windows show their idle screens; nothing of a customer exists. */
    idle: {
      entry: 'clear',
      on: {
        START: {
          target: 'serving',
          actions: assign(({ event }) => ({
            ...emptyContext,
            sessionId: event.sessionId,
            staffId: event.staffId,
            request: event.request,
          })),
        },
      },
    },

    /** A customer is being served. Whatever the state within, they and the staff can end it. */
    serving: {
      initial: 'preparing',
      on: {
        CANCEL: ends('cancelled-by-staff'),
        STOP: ends('stopped'),
        ABANDON: ends('abandoned'),
        EXPIRE: ends('expired'),
        SET_DISPLAY: {
          actions: freeDisplay,
        },
      },
      states: {
        /** Core asks central for policy and notice in force and checks the request against it. */
        preparing: {
          entry: 'clearError',
          invoke: {
            src: 'prepare',
            input: ({ context }) => context,
            onDone: {
              target: 'request',
              actions: assign({
                policyVersion: ({ event }) => event.output.policyVersion,
                questionTriesLeft: ({ event }) => event.output.questionTries,
              }),
            },
            onError: { target: 'prepareFailed', actions: 'keepError' },
          },
        },
        prepareFailed: { on: { RETRY: 'preparing' } },

        /** The customer sees who asks for what. */
        request: {
          on: {
            ACCEPT: 'notice',
            NOT_MY_NUMBER: ends('not-my-number'),
            REFUSE: ends('refused'),
          },
        },

        /** The layered notice, every page viewed before going on. */
        notice: {
          entry: assign({ noticePage: () => ({ page: 0, of: 0 }) }),
          on: {
            NOTICE_PAGE: {
              actions: assign({
                // Pages count up one by one: a jump to the end does not count as viewed.
                noticePage: ({ context, event }) =>
                  event.page <= context.noticePage.page + 1 && event.page <= event.of
                    ? { page: Math.max(context.noticePage.page, event.page), of: event.of }
                    : context.noticePage,
              }),
            },
            // A change of language or size starts the reading anew: what is hashed is what was read.
            SET_DISPLAY: {
              target: 'notice',
              reenter: true,
              actions: freeDisplay,
            },
            NOTICE_READ: { guard: 'noticeSeenToTheEnd', target: 'identity' },
            REFUSE: ends('refused'),
          },
        },

        /** Proofs are typed on the customer's side; limited tries, counted by central. */
        identity: {
          initial: 'challenging',
          on: {
            REFUSE: ends('refused'),
            // From here on the language stays: the signature refers to the notice as it was read.
            SET_DISPLAY: { actions: largeTypeOnly },
          },
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
            challengeFailed: { on: { RETRY: 'challenging', RESEND_CODE: 'challenging' } },
            entering: { on: { PROVE: 'checking', RESEND_CODE: 'challenging' } },
            checking: {
              entry: 'clearError',
              invoke: {
                src: 'prove',
                input: ({ context }) => context,
                onDone: [
                  { guard: 'proved', target: '#visit.serving.question' },
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

        /** One question that shows that the notice was understood. */
        question: {
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            ANSWER: [
              {
                guard: 'answerRight',
                target: 'ticks',
                actions: assign({ wrongAnswer: () => false, answerId: ({ event }) => event.answerId }),
              },
              { guard: 'lastQuestionTry', ...ends('not-understood') },
              {
                actions: assign({
                  wrongAnswer: () => true,
                  questionTriesLeft: ({ context }) => context.questionTriesLeft - 1,
                }),
              },
            ],
            REFUSE: ends('refused'),
          },
        },

        /** Each purpose its own tick, none set beforehand. Without `lookup` there is nothing to sign. */
        ticks: {
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            TICK: {
              guard: 'lookupTicked',
              target: 'signature',
              actions: assign({ grants: ({ event }) => event.grants }),
            },
            REFUSE: ends('refused'),
          },
        },
        signature: {
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            SIGN: 'submitting',
            BACK: { target: 'ticks', actions: assign({ grants: () => undefined }) },
            REFUSE: ends('refused'),
          },
        },

        /** Core builds, signs, logs and submits the consent. Nothing the customer did is lost on failure. */
        submitting: {
          entry: 'clearError',
          // SECURITY: S9 a consent not built yet is built at the next try: still in the language of the reading.
          on: { SET_DISPLAY: { actions: largeTypeOnly } },
          invoke: {
            src: 'submitConsent',
            input: ({ context }) => context,
            onDone: {
              target: 'lookingUp',
              actions: assign({ consentId: ({ event }) => event.output.consentId }),
            },
            onError: { target: 'submitFailed', actions: 'keepError' },
          },
        },
        submitFailed: { on: { RETRY: 'submitting', SET_DISPLAY: { actions: largeTypeOnly } } },

        // SECURITY: S5 reached only over an accepted consent; core and central check again.
        lookingUp: {
          entry: 'clearError',
          invoke: {
            src: 'lookUp',
            input: ({ context }) => context,
            onDone: { target: 'reading', actions: assign({ lookup: ({ event }) => event.output }) },
            onError: { target: 'lookUpFailed', actions: 'keepError' },
          },
        },
        lookUpFailed: { on: { RETRY: 'lookingUp' } },

        /** The customer reads, searches and shows staff what they choose. */
        reading: {
          on: {
            SET_DISPLAY: { actions: freeDisplay },
            RELEASED: {
              guard: 'mayRelease',
              actions: assign({ released: ({ event }) => event.count }),
            },
            OPEN_REPORT: 'report',
            TAKE_RECEIPT: 'takingReceipt',
            FINISH: 'finishing',
          },
        },

        report: {
          initial: 'composing',
          on: { SET_DISPLAY: { actions: freeDisplay } },
          states: {
            composing: {
              on: {
                MAKE_REPORT: {
                  target: 'making',
                  actions: assign({
                    report: ({ event }) => ({ reportId: '', pages: 0, options: event.options }),
                  }),
                },
                TAKE_RECEIPT: '#visit.serving.takingReceipt',
                BACK: { target: '#visit.serving.reading', actions: 'clearError' },
              },
            },
            making: {
              entry: 'clearError',
              invoke: {
                src: 'makeReport',
                input: ({ context }) => context,
                onDone: {
                  target: 'preview',
                  actions: assign({
                    report: ({ context, event }) =>
                      context.report && { ...event.output, options: context.report.options },
                  }),
                },
                onError: { target: 'composing', actions: 'keepError' },
              },
            },
            preview: {
              on: {
                SAVE_REPORT: 'saving',
                BACK: { target: 'composing', actions: 'clearError' },
                FINISH: '#visit.serving.finishing',
              },
            },
            saving: {
              entry: 'clearError',
              invoke: {
                src: 'saveReport',
                input: ({ context }) => context,
                onDone: {
                  target: '#visit.serving.receipt',
                  actions: assign({ savedAs: ({ event }) => event.output.savedAs }),
                },
                onError: { target: 'preview', actions: 'keepError' },
              },
            },
          },
        },

        /** The receipt alone: a report that was looked at and not saved does not go with it. */
        takingReceipt: {
          entry: ['clearError', assign({ report: () => undefined })],
          invoke: {
            src: 'saveReport',
            input: ({ context }) => context,
            onDone: { target: 'receipt', actions: assign({ savedAs: ({ event }) => event.output.savedAs }) },
            onError: { target: 'reading', actions: 'keepError' },
          },
        },

        /** What the customer takes along. */
        receipt: {
          on: {
            SET_DISPLAY: { actions: freeDisplay },
            FINISH: 'finishing',
            BACK: 'reading',
          },
        },

        /** The customer is done: what they could read goes first. */
        finishing: {
          entry: 'clearError',
          invoke: {
            src: 'wipeContent',
            input: ({ context }) => context,
            onDone: 'followUp',
            onError: { target: 'finishFailed', actions: 'keepError' },
          },
        },
        finishFailed: { on: { RETRY: 'finishing' } },

        /** The clerk writes what happens next and closes. */
        followUp: {
          on: {
            CLOSE: {
              target: '#visit.closing',
              actions: [
                assign({ followUp: ({ event }) => event.followUp }),
                { type: 'outcome', params: { outcome: 'completed' } },
              ],
            },
            // The customer is done: a finished visit can't be stopped, cancelled or timed out.
            CANCEL: {},
            STOP: {},
            ABANDON: {},
            EXPIRE: {},
          },
        },
      },
    },

    // SECURITY: S11 S19 the only way out of a visit leads through erasure.
    closing: {
      entry: 'clearError',
      invoke: {
        src: 'closeVisit',
        input: ({ context }) => context,
        onDone: [{ guard: 'completed', target: 'idle' }, { target: 'ended' }],
        onError: { target: 'closeFailed', actions: 'keepError' },
      },
    },
    closeFailed: { on: { RETRY: 'closing' } },

    /** Ended before its time: keys are gone; the customer reads a farewell, staff what happened. */
    ended: { on: { ACKNOWLEDGE: 'idle' } },
  },
});

/** The state as one dotted path, e.g. `serving.identity.entering`. */
export type VisitPhase =
  | 'idle'
  | 'closing'
  | 'closeFailed'
  | 'ended'
  | `serving.${'preparing' | 'prepareFailed' | 'request' | 'notice' | 'question' | 'ticks' | 'signature'}`
  | `serving.identity.${'challenging' | 'challengeFailed' | 'entering' | 'checking'}`
  | `serving.${'submitting' | 'submitFailed' | 'lookingUp' | 'lookUpFailed' | 'reading'}`
  | `serving.${'takingReceipt' | 'receipt'}`
  | `serving.report.${'composing' | 'making' | 'preview' | 'saving'}`
  | `serving.${'finishing' | 'finishFailed' | 'followUp'}`;

/** Flattens an XState value to a {@link VisitPhase}. */
export function phaseOf(value: unknown): VisitPhase {
  const parts: string[] = [];
  let rest = value;
  while (typeof rest === 'object' && rest !== null) {
    const [entry] = Object.entries(rest);
    if (!entry) break;
    parts.push(entry[0]);
    rest = entry[1];
  }
  if (typeof rest === 'string') parts.push(rest);
  return parts.join('.') as VisitPhase;
}
