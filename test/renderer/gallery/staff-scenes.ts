/** Every state of the staff window as the core would push it. Synthetic; nobody's data. */
import type { StaffView, Status } from '../../../shared/contract/views.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { appError } from '../../../shared/domain/errors.ts';
import type { ReleasedRow } from '../../../shared/domain/record.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';
import { keptRows, staffKept } from './kept-scenes.ts';
import { staffWithdrawals } from './withdrawal-scenes.ts';

export const today = '2026-11-21';
const sessionId = '0192f3aa-0000-7000-8000-000000000001';
const lookupId = '0192f3aa-0000-7000-8000-000000000002';
const consentId = '0192f3aa-1c2d-7000-8000-000000000003';
export const period = { from: '2026-10-22', to: '2026-11-21' };

const idle: StaffView = {
  language: 'zh-CN',
  hall: '滨江路营业厅',
  hallEn: 'Binjiang Road Service Hall',
  counter: '3',
  today,
  maxPeriodMonths: 6,
  representatives: demoPolicy(0).representatives,
  representation: 'self',
  renewed: false,
  staff: { id: '1024', name: '林晓', role: 'clerk', hall: '滨江路营业厅' },
  phase: 'idle',
  identity: 'none',
  released: [],
  heldCases: [],
  reportSaved: false,
  screen: { mode: 'dual', holder: 'both' },
  presence: 'off',
};
const { staff: _, ...signedOut } = idle;

const auditor: StaffView = {
  ...idle,
  staff: { id: '2001', name: '赵敏', role: 'auditor', hall: '滨江路营业厅' },
};

const serving: StaffView = {
  ...idle,
  phase: 'serving.request',
  sessionId,
  request: { maskedNumber: '139****0001', categories: ['sms'], period, purpose: 'own-copy' },
  presence: 'here',
};
const identified: StaffView = { ...serving, identity: 'passed', noticePage: { page: 3, of: 3 } };
const grants = {
  lookup: true,
  analysis: true,
  release: true,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};
const consented: StaffView = { ...identified, grants, consentId };
const found: StaffView = {
  ...consented,
  phase: 'serving.reading',
  lookupId,
  counts: { rows: 1286, received: 965, sent: 321, byCategory: { sms: 1286 } },
};
const released: ReleasedRow[] = [
  {
    index: 40,
    at: Date.parse('2026-10-25T09:12:00+08:00'),
    direction: 'in',
    category: 'sms',
    maskedPeer: '106****55',
    peer: '106901234555',
    text: '新款手机到店，凭此短信可享优惠，回复 T 退订。',
  },
  {
    index: 77,
    at: Date.parse('2026-11-02T18:40:00+08:00'),
    direction: 'in',
    category: 'sms',
    maskedPeer: '139****0002',
    peer: '139****0002',
    text: '您中奖了，请点击链接领取。',
  },
];

const followUp: StaffView = {
  ...found,
  released,
  phase: 'serving.followUp',
  reportPages: 4,
  reportSaved: true,
  presence: 'off',
};

export const scenes = {
  'sign-in': signedOut,
  'sign-in-refused': signedOut,
  idle,
  preparing: { ...serving, phase: 'serving.preparing', presence: 'off' },
  'prepare-failed': {
    ...serving,
    phase: 'serving.prepareFailed',
    presence: 'off',
    error: appError('central-unreachable'),
  },
  request: serving,
  notice: { ...serving, phase: 'serving.notice', noticePage: { page: 2, of: 3 } },
  asking: { ...serving, phase: 'serving.notice', noticePage: { page: 2, of: 3 }, presence: 'asking' },
  identity: {
    ...serving,
    phase: 'serving.identity.entering',
    noticePage: { page: 3, of: 3 },
    identity: 'failed',
    triesLeft: 2,
    error: appError('identity-failed', { triesLeft: 2 }),
  },
  question: { ...identified, phase: 'serving.question' },
  signature: { ...identified, phase: 'serving.signature', grants },
  witnessing: {
    ...identified,
    phase: 'serving.witnessing.waiting',
    grants,
    method: 'witnessed-mark',
    presence: 'off',
  },
  'witness-refused': {
    ...identified,
    phase: 'serving.witnessing.waiting',
    grants,
    method: 'signature',
    representation: 'relative',
    presence: 'off',
    error: appError('witness-refused', { triesLeft: 3 }),
  },
  renewed: { ...identified, phase: 'serving.notice', noticePage: { page: 1, of: 13 }, renewed: true },
  'submit-failed': {
    ...identified,
    phase: 'serving.submitFailed',
    grants,
    error: appError('central-failed'),
  },
  'looking-up': { ...consented, phase: 'serving.lookingUp', presence: 'off' },
  'look-up-failed': { ...consented, phase: 'serving.lookUpFailed', error: appError('central-garbage') },
  reading: found,
  'reading-none': { ...found, counts: { rows: 0, received: 0, sent: 0, byCategory: {} } },
  'reading-failed': found,
  peers: found,
  rows: found,
  released: { ...found, released },
  report: { ...found, released, phase: 'serving.report.preview', reportPages: 4 },
  'follow-up': followUp,
  ...staffKept({ idle, serving, found, followUp }),
  closing: { ...serving, phase: 'closing', presence: 'off' },
  'close-failed': { ...serving, phase: 'closeFailed', presence: 'off', error: appError('erase-failed') },
  refused: { ...idle, phase: 'ended', outcome: 'refused' },
  abandoned: { ...idle, phase: 'ended', outcome: 'abandoned' },
  'hand-over': {
    ...serving,
    phase: 'serving.notice',
    screen: { mode: 'handover', holder: 'staff' },
  },
  'handed-over': {
    ...serving,
    phase: 'serving.notice',
    screen: { mode: 'handover', holder: 'customer' },
  },
  'day-list': idle,
  shortcuts: idle,
  cancel: serving,
  'bad-status': idle,
  audit: auditor,
  'audit-detail': auditor,
  'audit-filtered': auditor,
  'audit-verifying': auditor,
  'audit-exported': auditor,
  'audit-broken': auditor,
  ...(Object.fromEntries(
    Object.entries(staffWithdrawals).map(([name, withdrawal]) => [name, { ...idle, withdrawal }]),
  ) as Record<keyof typeof staffWithdrawals, StaffView>),
} as const satisfies Record<string, StaffView>;
export type SceneName = keyof typeof scenes;

export const status: Status = {
  central: { state: 'connected', lastAnswerSeconds: 3, lastTryFailed: false },
  outbox: { count: 0 },
  repairs: [],
  certificateDays: 212,
  clock: { now: '2026-11-21T02:05:00.000Z', skewSeconds: 0 },
  vault: 'gnome_libsecret',
  version: '0.1.0',
  shell: 'electron 45.4.1',
};
export const badStatus: Status = {
  central: { state: 'unreachable', lastAnswerSeconds: 420, lastTryFailed: true },
  outbox: { count: 2, oldestSeconds: 400, waitsFor: 'line' },
  repairs: [
    { file: 'day-list', state: 'waiting' },
    { file: 'clock', state: 'done' },
  ],
  certificateDays: 6,
  clock: { now: '2026-11-21T02:05:00.000Z', skewSeconds: 42 },
  vault: 'gnome_libsecret',
  version: '0.1.0',
  shell: 'electron 45.4.1',
};

const completed: CaseRow = {
  caseId: '0192f3aa-0000-7000-8000-0000000000a1',
  serial: 1,
  customerName: '张*',
  maskedNumber: '139****0002',
  date: today,
  closedAt: '2026-11-21T01:12:00.000Z',
  staffId: '1024',
  summary: { categories: ['sms'], ...period, purpose: 'own-copy', outcome: 'completed' },
  analysis: { rows: 412, received: 300, sent: 112, released: 2 },
  followUp: '无需后续',
};
export const cases: CaseRow[] = [
  completed,
  {
    caseId: '0192f3aa-0000-7000-8000-0000000000a2',
    serial: 2,
    customerName: '欧***',
    maskedNumber: '137****0003',
    date: today,
    closedAt: '2026-11-21T01:31:00.000Z',
    staffId: '1024',
    summary: { categories: ['sms', 'call'], ...period, purpose: 'nuisance', outcome: 'refused' },
    analysis: { rows: 0, received: 0, sent: 0, released: 0 },
    followUp: '',
  },
  {
    caseId: '0192f3aa-0000-7000-8000-0000000000a3',
    serial: 3,
    customerName: '—',
    maskedNumber: '158****0009',
    date: today,
    closedAt: '2026-11-21T01:50:00.000Z',
    staffId: '1024',
    summary: { categories: ['transaction'], ...period, purpose: 'bill-dispute', outcome: 'identity-failed' },
    analysis: { rows: 0, received: 0, sent: 0, released: 0 },
    followUp: '',
  },
  ...keptRows(completed),
];
