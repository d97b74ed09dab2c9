/**
 * The counter session (柜台会话) as a pure state machine: one customer's visit, from scope to close.
 * It decides what may happen next; effects are actors that the core provides. Nothing a customer typed,
 * signed or read passes through its context: secrets wait with the core, under the session's id.
 */
import { and, assign, fromPromise, setup } from 'xstate';
import type { Outcome } from '../domain/case.ts';
import type { SignatureMethod } from '../domain/consent.ts';
import { appError, toAppError } from '../domain/errors.ts';
import { self } from '../domain/representation.ts';
import { grantNames } from '../domain/scope.ts';
import type { EffectName, EffectResults, VisitContext, VisitEvent, VisitPhase } from './types.ts';

export type {
  EffectName,
  EffectResults,
  LookupFacts,
  VisitContext,
  VisitEvent,
  VisitPhase,
} from './types.ts';

const effect = <N extends EffectName>(name: N) =>
  fromPromise<EffectResults[N], VisitContext>(() => Promise.reject(new TypeError(`no effect ${name}`)));

export const emptyContext: VisitContext = {
  sessionId: '',
  staffId: '',
  request: undefined,
  display: { language: 'zh-CN', largeType: false },
  representation: self,
  policyVersion: undefined,
  renewed: false,
  pageCounts: undefined,
  noticePage: { page: 0, of: 0 },
  proofs: [],
  triesLeft: undefined,
  proved: false,
  questionTriesLeft: 0,
  wrongAnswer: false,
  answerId: undefined,
  grants: undefined,
  offered: [],
  declined: [],
  witnessWanted: false,
  method: 'signature',
  witnessed: false,
  consentId: undefined,
  lookup: undefined,
  released: 0,
  report: undefined,
  savedAs: undefined,
  outcome: undefined,
  followUp: '',
  kept: undefined,
  caseDone: false,
  error: undefined,
};

const machineSetup = setup({
  types: { context: {} as VisitContext, events: {} as VisitEvent },
  actors: {
    prepare: effect('prepare'),
    challenge: effect('challenge'),
    prove: effect('prove'),
    attest: effect('attest'),
    submitConsent: effect('submitConsent'),
    lookUp: effect('lookUp'),
    reopen: effect('reopen'),
    makeReport: effect('makeReport'),
    saveReport: effect('saveReport'),
    wipeContent: effect('wipeContent'),
    closeVisit: effect('closeVisit'),
  },
  actions: {
    clear: assign(() => emptyContext),
    clearError: assign({ error: () => undefined }),
    keepError: assign({ error: ({ event }) => ('error' in event ? toAppError(event.error) : undefined) }),
    /**
     * What was read, answered, ticked and signed belongs to a policy that no longer counts. What was refused
     * stays refused.
     */
    startAnew: assign({
      renewed: () => true,
      wrongAnswer: () => false,
      answerId: () => undefined,
      grants: () => undefined,
      method: () => 'signature' as const,
      witnessed: () => false,
    }),
    outcome: assign({ outcome: (_, params: { outcome: Outcome }) => params.outcome }),
  },
  guards: {
    lookupTicked: ({ event }) => event.type === 'TICK' && event.grants.lookup,
    mayRelease: ({ context }) => context.grants?.release === true,
    onlyOffered: ({ context, event }) =>
      event.type === 'TICK' &&
      grantNames.every((grant) => !event.grants[grant] || context.offered.includes(grant)),
    /** SECURITY: S16 what was refused in this visit is given only after the customer took the refusal back. */
    noneDeclined: ({ context, event }) =>
      event.type === 'TICK' && context.declined.every((grant) => !event.grants[grant]),
    isDeclined: ({ context, event }) => event.type === 'RECONSIDER' && context.declined.includes(event.grant),
    /** SECURITY: S8 a mark, or a signature in another's name where policy says so, needs a second witness. */
    witnessNeeded: ({ context }) => context.witnessWanted && !context.witnessed,
    isRenewed: ({ context }) => context.renewed,
    /** The customer has come back for what was kept: nothing is read out, ticked, signed or looked up. */
    cameBack: ({ context }) => context.kept?.again === true,
    firstTime: ({ context }) => context.kept?.again !== true,
    keeps: ({ context }) => context.grants?.keep === true,
    /** SECURITY: S16 what cannot or may not be opened ends the visit. */
    heldLost: ({ event }) => 'error' in event && /^held-(damaged|ended)$/.test(toAppError(event.error).kind),
    keptNoMore: ({ context, event }) =>
      context.kept?.again === true && event.type === 'PURPOSES_WITHDRAWN' && event.purposes.includes('keep'),
    stillProved: ({ context }) => context.proved,
    policyChanged: ({ event }) =>
      'error' in event ? toAppError(event.error).kind === 'policy-changed' : false,
    nextPage: ({ context, event }) =>
      event.type === 'NOTICE_PAGE' && event.page <= context.noticePage.page + 1,
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

/** Pages of the notice as it is shown now. */
function pagesOf({ pageCounts, display }: VisitContext): number {
  return pageCounts?.[display.language][display.largeType ? 'large' : 'normal'] ?? 0;
}

/** Nothing is kept after all: not what would have been sealed, nor what was. */
const keepsNothing = machineSetup.assign({
  grants: ({ context }) => context.grants && { ...context.grants, keep: false },
  kept: () => undefined,
});

/** A new policy counts at once: whatever was read and ticked under the old one begins anew. */
const anew = { target: '#visit.serving.preparing', actions: 'startAnew' } as const;

const signedBy = (method: SignatureMethod) =>
  machineSetup.assign({ method: () => method, witnessed: () => false });

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
            representation: event.representation ?? self,
            kept: event.kept && { ...event.kept, again: true },
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
        // Final, wherever the visit stands, the clerk's last step too.
        WITHDRAWN: ends('withdrawn'),
        HELD_LOST: ends('held-lost'),
        PURPOSES_WITHDRAWN: [
          { guard: 'keptNoMore', ...ends('withdrawn') },
          {
            actions: assign({
              grants: ({ context, event }) =>
                context.grants && {
                  ...context.grants,
                  ...Object.fromEntries(event.purposes.map((name) => [name, false])),
                },
              kept: ({ context, event }) => (event.purposes.includes('keep') ? undefined : context.kept),
            }),
          },
        ],
        KEEP_NOTHING: [
          { guard: 'cameBack', ...ends('withdrawn') },
          { guard: 'keeps', actions: keepsNothing },
        ],
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
                pageCounts: ({ event }) => event.output.pageCounts,
                offered: ({ event }) => event.output.offered,
                witnessWanted: ({ event }) => event.output.witnessWanted,
                proved: ({ context, event }) => context.proved && event.output.identityStands,
              }),
            },
            onError: { target: 'prepareFailed', actions: 'keepError' },
          },
        },
        prepareFailed: { on: { RETRY: 'preparing' } },

        /** The customer sees who asks for what. */
        request: {
          // Asked and answered before the policy changed: on to what has changed.
          always: [
            { guard: and(['isRenewed', 'cameBack']), target: 'identity' },
            { guard: 'isRenewed', target: 'notice' },
          ],
          on: {
            ACCEPT: [{ guard: 'cameBack', target: 'identity' }, { target: 'notice' }],
            POLICY_CHANGED: 'preparing',
            NOT_MY_NUMBER: ends('not-my-number'),
            REFUSE: ends('refused'),
          },
        },

        /** The layered notice, every page viewed before going on. */
        notice: {
          entry: assign({ noticePage: ({ context }) => ({ page: 0, of: pagesOf(context) }) }),
          on: {
            POLICY_CHANGED: anew,
            // Pages count up one by one: a jump to the end does not count as viewed.
            NOTICE_PAGE: {
              guard: 'nextPage',
              actions: assign({
                noticePage: ({ context: { noticePage }, event }) => ({
                  page: Math.min(noticePage.of, Math.max(noticePage.page, event.page)),
                  of: noticePage.of,
                }),
              }),
            },
            // A change of language or size starts the reading anew: what is hashed is what was read.
            SET_DISPLAY: {
              target: 'notice',
              reenter: true,
              actions: freeDisplay,
            },
            NOTICE_READ: [
              { guard: and(['noticeSeenToTheEnd', 'stillProved']), target: 'question' },
              { guard: 'noticeSeenToTheEnd', target: 'identity' },
            ],
            REFUSE: ends('refused'),
          },
        },

        /** Proofs are typed on the customer's side; limited tries, counted by central. */
        identity: {
          initial: 'challenging',
          on: {
            REFUSE: ends('refused'),
            POLICY_CHANGED: anew,
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
                  {
                    guard: and(['proved', 'cameBack']),
                    target: '#visit.serving.reopening',
                  },
                  {
                    guard: 'proved',
                    target: '#visit.serving.question',
                    actions: assign({ proved: () => true }),
                  },
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
            POLICY_CHANGED: anew,
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
            POLICY_CHANGED: anew,
            TICK: {
              guard: and(['lookupTicked', 'onlyOffered', 'noneDeclined']),
              target: 'signature',
              actions: assign({
                grants: ({ event }) => event.grants,
                declined: ({ context, event }) => context.offered.filter((grant) => !event.grants[grant]),
              }),
            },
            // On the customer's own initiative: a refusal is never asked about again by the product.
            RECONSIDER: {
              guard: 'isDeclined',
              actions: assign({
                declined: ({ context, event }) => context.declined.filter((grant) => grant !== event.grant),
              }),
            },
            REFUSE: ends('refused'),
          },
        },
        signature: {
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            POLICY_CHANGED: anew,
            SIGN: [
              { guard: 'witnessNeeded', target: 'witnessing', actions: signedBy('signature') },
              { target: 'submitting', actions: signedBy('signature') },
            ],
            CANNOT_SIGN: 'mark',
            BACK: 'ticks',
            REFUSE: ends('refused'),
          },
        },

        /** For those who cannot sign: any touch of the pad, and a second member of staff who saw it. */
        mark: {
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            POLICY_CHANGED: anew,
            MARK: { target: 'witnessing', actions: signedBy('witnessed-mark') },
            BACK: 'signature',
            REFUSE: ends('refused'),
          },
        },

        /** A second member of staff, in person, by their own number and PIN. SECURITY: S8 */
        witnessing: {
          initial: 'waiting',
          on: {
            SET_DISPLAY: { actions: largeTypeOnly },
            POLICY_CHANGED: anew,
            REFUSE: ends('refused'),
          },
          states: {
            waiting: {
              on: {
                WITNESS: 'checking',
                BACK: { target: '#visit.serving.signature', actions: 'clearError' },
              },
            },
            checking: {
              entry: 'clearError',
              invoke: {
                src: 'attest',
                input: ({ context }) => context,
                onDone: {
                  target: '#visit.serving.submitting',
                  actions: assign({ witnessed: () => true }),
                },
                onError: { target: 'waiting', actions: 'keepError' },
              },
            },
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
            onError: [
              // Central has a newer policy and did not take the consent: read and sign the new one.
              { guard: 'policyChanged', target: 'preparing', actions: 'startAnew' },
              { target: 'submitFailed', actions: 'keepError' },
            ],
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

        /** Central is asked whether what is kept may be opened; then it is, and checked again. SECURITY: S5 S6 */
        reopening: {
          entry: 'clearError',
          invoke: {
            src: 'reopen',
            input: ({ context }) => context,
            onDone: {
              target: 'reading',
              actions: assign({
                consentId: ({ event }) => event.output.consentId,
                grants: ({ event }) => event.output.grants,
                lookup: ({ event }) => event.output.lookup,
              }),
            },
            onError: [
              { guard: 'heldLost', ...ends('held-lost') },
              { target: 'reopenFailed', actions: 'keepError' },
            ],
          },
        },
        reopenFailed: { on: { RETRY: 'reopening' } },

        /** The customer reads, searches and shows staff what they choose. */
        reading: {
          on: {
            SET_DISPLAY: { actions: freeDisplay },
            RELEASED: {
              guard: 'mayRelease',
              actions: assign({ released: ({ event }) => event.count }),
            },
            // A report and its proof come of a lookup.
            OPEN_REPORT: { guard: 'firstTime', target: 'report' },
            TAKE_RECEIPT: { guard: 'firstTime', target: 'takingReceipt' },
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
                TAKE_RECEIPT: '#visit.serving.takingReceipt',
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
            // Where it can be asked for again.
            onError: { target: 'report', actions: 'keepError' },
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
            onDone: {
              target: 'followUp',
              actions: assign({
                kept: ({ context, event }) =>
                  context.kept ??
                  // Nothing is kept that is not agreed to, whatever was sealed: the end of the visit destroys it.
                  (context.grants?.keep && event.output.kept
                    ? { ...event.output.kept, again: false }
                    : undefined),
              }),
            },
            onError: { target: 'finishFailed', actions: 'keepError' },
          },
          // What is being sealed is sealed or fails: then there is a choice again.
          on: { KEEP_NOTHING: {} },
        },
        finishFailed: {
          on: {
            RETRY: 'finishing',
            KEEP_NOTHING: [
              { guard: 'cameBack', ...ends('withdrawn') },
              { guard: 'keeps', target: 'finishing', actions: keepsNothing },
            ],
          },
        },

        /** The clerk writes what happens next and closes. */
        followUp: {
          on: {
            CLOSE: {
              target: '#visit.closing',
              actions: [
                assign({
                  followUp: ({ event }) => event.followUp,
                  caseDone: ({ event }) => event.caseDone === true,
                }),
                { type: 'outcome', params: { outcome: 'completed' } },
              ],
            },
            // The customer is done: a finished visit can't be stopped, cancelled or timed out.
            CANCEL: {},
            STOP: {},
            ABANDON: {},
            EXPIRE: {},
            HELD_LOST: {},
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
