/**
 * What may happen to the visit machine, as few values as tell its behaviours apart. This is the one place to add to
 * when the machine learns an event or an effect: a missing one does not compile.
 */
import { appError, Failure } from '../../../../shared/domain/errors.ts';
import type { Grants } from '../../../../shared/domain/scope.ts';
import { grantNames } from '../../../../shared/domain/scope.ts';
import type { EffectName, EffectResults, VisitEvent } from '../../../../shared/session/types.ts';

type EventOf<T extends VisitEvent['type']> = Extract<VisitEvent, { type: T }>;
/** Every event with the values that matter. */
export type EventSamples = { readonly [T in VisitEvent['type']]: readonly EventOf<T>[] };
/** What each effect may answer. */
export type ResultSamples = { readonly [N in EffectName]: readonly EffectResults[N][] };

/** The request that the clerk enters; the others are what a hostile core or counter might ask instead. */
export const request = {
  subscriber: '13900010001',
  categories: ['sms' as const],
  period: { from: '2026-10-23', to: '2026-11-22' },
  purpose: 'own-copy' as const,
};

/** Ticks: those named are given, the others refused. */
export function ticked(...given: (keyof Grants)[]): Grants {
  const all = grantNames.map((name) => [name, given.includes(name)] as const);
  return Object.fromEntries(all) as Grants;
}

/** Pages of the notice in the model: another number for each language and size. */
export const pageCounts = { 'zh-CN': { normal: 2, large: 3 }, en: { normal: 3, large: 1 } };
/** What this customer is asked to tick. */
const offered = ['lookup', 'analysis', 'release', 'keep'] as const;
/** Wrong answers that end a visit in the model. */
export const QUESTION_TRIES = 2;

/** What the lookup found, and what was kept of one. */
const found = { lookupId: 'l', rows: 1, received: 1, sent: 0, byCategory: { sms: 1 } };
export const kept = { caseId: 'k', until: '2026-12-22T01:00:00.000Z' };

const options = { nameStyle: 'masked', texts: true, peers: 'masked' } as const;

export const eventSamples: EventSamples = {
  START: [
    { type: 'START', sessionId: 's', staffId: 'A', request },
    { type: 'START', sessionId: 's', staffId: 'A', request, kept },
  ],
  CANCEL: [{ type: 'CANCEL' }],
  RETRY: [{ type: 'RETRY' }],
  CLOSE: [
    { type: 'CLOSE', followUp: 'x' },
    { type: 'CLOSE', followUp: 'x', caseDone: true },
    { type: 'CLOSE', followUp: '' },
  ],
  ACKNOWLEDGE: [{ type: 'ACKNOWLEDGE' }],
  SET_DISPLAY: [
    { type: 'SET_DISPLAY', language: 'zh-CN', largeType: false },
    { type: 'SET_DISPLAY', language: 'en', largeType: true },
  ],
  ACCEPT: [{ type: 'ACCEPT' }],
  NOT_MY_NUMBER: [{ type: 'NOT_MY_NUMBER' }],
  REFUSE: [{ type: 'REFUSE' }],
  NOTICE_PAGE: [
    { type: 'NOTICE_PAGE', page: 1 },
    { type: 'NOTICE_PAGE', page: 2 },
    { type: 'NOTICE_PAGE', page: 3 },
  ],
  NOTICE_READ: [{ type: 'NOTICE_READ' }],
  PROVE: [{ type: 'PROVE' }],
  RESEND_CODE: [{ type: 'RESEND_CODE' }],
  ANSWER: [
    { type: 'ANSWER', answerId: 'right', correct: true },
    { type: 'ANSWER', answerId: 'wrong', correct: false },
  ],
  READ_AGAIN: [{ type: 'READ_AGAIN' }],
  TICK: [
    { type: 'TICK', grants: ticked('lookup') },
    { type: 'TICK', grants: ticked('lookup', 'release') },
    { type: 'TICK', grants: ticked('release') },
    { type: 'TICK', grants: ticked('lookup', 'contact') },
    { type: 'TICK', grants: ticked('lookup', 'release', 'keep') },
  ],
  RECONSIDER: [{ type: 'RECONSIDER', grant: 'release' }],
  BACK: [{ type: 'BACK' }],
  SIGN: [{ type: 'SIGN' }],
  CANNOT_SIGN: [{ type: 'CANNOT_SIGN' }],
  MARK: [{ type: 'MARK' }],
  WITNESS: [{ type: 'WITNESS' }],
  RELEASED: [{ type: 'RELEASED', count: 1 }],
  OPEN_REPORT: [{ type: 'OPEN_REPORT' }],
  MAKE_REPORT: [{ type: 'MAKE_REPORT', options }],
  SAVE_REPORT: [{ type: 'SAVE_REPORT' }],
  TAKE_RECEIPT: [{ type: 'TAKE_RECEIPT' }],
  FINISH: [{ type: 'FINISH' }],
  KEEP_NOTHING: [{ type: 'KEEP_NOTHING' }],
  POLICY_CHANGED: [{ type: 'POLICY_CHANGED' }],
  WITHDRAWN: [{ type: 'WITHDRAWN' }],
  HELD_LOST: [{ type: 'HELD_LOST' }],
  PURPOSES_WITHDRAWN: [
    { type: 'PURPOSES_WITHDRAWN', purposes: ['release'] },
    { type: 'PURPOSES_WITHDRAWN', purposes: ['keep'] },
  ],
  STOP: [{ type: 'STOP' }],
  ABANDON: [{ type: 'ABANDON' }],
  EXPIRE: [{ type: 'EXPIRE' }],
};

const prepared = { policyVersion: 1, questionTries: QUESTION_TRIES, pageCounts, offered: [...offered] };

export const resultSamples: ResultSamples = {
  prepare: [
    { ...prepared, witnessWanted: false, identityStands: true },
    { ...prepared, witnessWanted: true, identityStands: false },
  ],
  challenge: [{ proofs: ['one-time-code'], triesLeft: 2 }],
  prove: [{ passed: true }, { passed: false, triesLeft: 1 }, { passed: false, triesLeft: 0 }],
  attest: [undefined],
  submitConsent: [{ consentId: 'c' }],
  lookUp: [found],
  makeReport: [{ reportId: 'r', pages: 1 }],
  saveReport: [{ savedAs: 'f' }],
  reopen: [
    { consentId: 'c', grants: ticked('lookup', 'release', 'keep'), lookup: found },
    { consentId: 'c', grants: ticked('lookup', 'keep'), lookup: found },
  ],
  wipeContent: [{ kept: undefined }, { kept }],
  closeVisit: [undefined],
};

/** How an effect may fail: a failure of ours, the one that ends a visit, and something nobody foresaw. */
export const failures: readonly unknown[] = [
  new Failure('central-unreachable'),
  new Failure('too-many-tries', { triesLeft: 0 }),
  new Failure('policy-changed'),
  new Failure('held-ended'),
  new TypeError('unforeseen'),
];

/** What a failure is called in a trace. */
export function failureName(error: unknown): string {
  return error instanceof Failure ? error.error.kind : appError('internal').kind;
}
