/** Every state of the customer's window as the core would push it. Synthetic; nobody's data. */
import type { CustomerView } from '../../../shared/contract/views.ts';
import { type Outcome, outcomes } from '../../../shared/domain/case.ts';
import { appError } from '../../../shared/domain/errors.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';
import { customerKept } from './kept-scenes.ts';
import { customerWithdrawals } from './withdrawal-scenes.ts';

export const sessionId = '0192f3aa-0000-7000-8000-000000000001';
export const period = { from: '2026-10-22', to: '2026-11-21' };
const policy = demoPolicy(Date.parse('2026-01-01T00:00:00Z'), 3);
const { correct: _zh, ...questionZh } = policy.questions['zh-CN'];
const { correct: _en, ...questionEn } = policy.questions.en;

const idle: CustomerView = {
  hall: '滨江路营业厅',
  hallEn: 'Binjiang Road Service Hall',
  counter: '3',
  phase: 'idle',
  display: { language: 'zh-CN', largeType: false },
  wrongAnswer: false,
  questionTriesLeft: policy.questionTries,
  proofs: [],
  grantChoices: [],
  declined: [],
  representation: { kind: 'self' },
  witnessWanted: false,
  renewed: false,
  releasedIndexes: [],
  screen: { mode: 'dual', holder: 'both' },
  presence: 'off',
};
const preparing: CustomerView = {
  ...idle,
  phase: 'serving.preparing',
  staffId: '1024',
  request: { maskedNumber: '139****0001', categories: ['sms'], period, purpose: 'own-copy' },
};
const request: CustomerView = {
  ...preparing,
  phase: 'serving.request',
  operator: policy.operator,
  policyVersion: policy.version,
  notices: policy.notices,
  questions: { 'zh-CN': questionZh, en: questionEn },
  grantChoices: policy.grants,
  consentMinutes: policy.consentMinutes,
  caseDays: policy.caseDays,
  presence: 'here',
};
const identity: CustomerView = {
  ...request,
  phase: 'serving.identity.entering',
  proofs: ['service-password', 'one-time-code'],
  triesLeft: 5,
};
const question: CustomerView = { ...identity, phase: 'serving.question', name: '张三丰' };
const signature: CustomerView = {
  ...question,
  phase: 'serving.signature',
  grants: {
    lookup: true,
    analysis: true,
    release: true,
    keep: false,
    contact: false,
    marketing: false,
    richInk: false,
  },
};
const reading: CustomerView = {
  ...signature,
  phase: 'serving.reading',
  consentId: '0192f3aa-1c2d-7000-8000-000000000003',
  expiresAt: '2026-11-21T09:00:00.000Z',
  lookupId: '0192f3aa-0000-7000-8000-000000000002',
  counts: { rows: 1286, received: 965, sent: 321, byCategory: { sms: 1286 } },
};
const preview: CustomerView = {
  ...reading,
  phase: 'serving.report.preview',
  report: { reportId: '0192f3aa-0000-7000-8000-000000000004', pages: 3 },
};
const followUp: CustomerView = { ...idle, phase: 'serving.followUp', outcome: 'completed' };

const failed = (phase: CustomerView['phase'], kind: Parameters<typeof appError>[0]): CustomerView => ({
  ...signature,
  phase,
  error: appError(kind),
});
const handover = { mode: 'handover', holder: 'customer' } as const;

export const scenes = {
  idle,
  preparing,
  'prepare-failed': failed('serving.prepareFailed', 'central-unreachable'),
  request,
  notice: { ...request, phase: 'serving.notice' },
  challenging: { ...identity, phase: 'serving.identity.challenging' },
  'challenge-failed': failed('serving.identity.challengeFailed', 'central-failed'),
  identity,
  'identity-three': {
    ...identity,
    proofs: ['service-password', 'one-time-code', 'identity-number'],
  },
  'identity-wrong': {
    ...identity,
    triesLeft: 4,
    error: appError('identity-failed', { triesLeft: 4 }),
  },
  question,
  'question-wrong': { ...question, wrongAnswer: true, questionTriesLeft: 2 },
  ticks: { ...question, phase: 'serving.ticks' },
  'ticks-again': {
    ...signature,
    phase: 'serving.ticks',
    declined: ['keep', 'contact', 'marketing', 'richInk'],
  },
  'notice-renewed': { ...request, phase: 'serving.notice', policyVersion: 4, renewed: true },
  'request-guardian': { ...request, representation: { kind: 'guardian', name: '陈晓' } },
  'request-agent': { ...request, representation: { kind: 'agent', name: '陈晓' } },
  'request-relative': { ...request, representation: { kind: 'relative', name: '陈晓' }, witnessWanted: true },
  'identity-agent': { ...identity, proofs: ['one-time-code', 'representative-identity-number'] },
  signature,
  'signature-agent': { ...signature, representation: { kind: 'agent', name: '陈晓' } },
  mark: { ...signature, phase: 'serving.mark' },
  witnessing: {
    ...signature,
    phase: 'serving.witnessing.waiting',
    method: 'witnessed-mark',
    presence: 'off',
  },
  'witnessing-handover': {
    ...signature,
    phase: 'serving.witnessing.waiting',
    method: 'witnessed-mark',
    presence: 'off',
    screen: handover,
  },
  submitting: { ...signature, phase: 'serving.submitting' },
  'submit-failed': failed('serving.submitFailed', 'central-unreachable'),
  'look-up-failed': failed('serving.lookUpFailed', 'manifest-rejected'),
  reading,
  'reading-none': { ...reading, counts: { rows: 0, received: 0, sent: 0, byCategory: {} } },
  'reading-many': {
    ...reading,
    counts: { rows: 20_000, received: 15_000, sent: 5_000, byCategory: { sms: 20_000 } },
    releasedIndexes: [19_998],
  },
  composing: { ...reading, phase: 'serving.report.composing' },
  preview,
  receipt: { ...preview, phase: 'serving.receipt', savedAs: '通信记录报告-20261121-0900.pdf' },
  finishing: { ...reading, phase: 'serving.finishing', presence: 'off' },
  'finish-failed': failed('serving.finishFailed', 'erase-failed'),
  'follow-up': followUp,
  ...customerKept({ idle, request, identity, reading }),
  'still-there': { ...question, presence: 'asking' },
  handover: { ...question, screen: handover },
  'handover-done': { ...followUp, screen: handover },
  'handover-staff': { ...idle, screen: { mode: 'handover', holder: 'staff' } },
  ...(Object.fromEntries(
    outcomes.map((outcome) => [`ended-${outcome}`, { ...idle, phase: 'ended', outcome }]),
  ) as Record<`ended-${Outcome}`, CustomerView>),
  ...(Object.fromEntries(
    Object.entries(customerWithdrawals).map(([name, withdrawal]) => [
      name,
      { ...idle, presence: 'here', withdrawal },
    ]),
  ) as Record<keyof typeof customerWithdrawals, CustomerView>),
} as const satisfies Record<string, CustomerView>;
export type SceneName = keyof typeof scenes;
