/** A withdrawal as the core would push it to either window. Synthetic; nobody's data. */
import type { CustomerWithdrawal, StaffWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { appError } from '../../../shared/domain/errors.ts';
import type { StandingConsent } from '../../../shared/domain/withdrawal.ts';

const open: StandingConsent = {
  consentId: '0192f3aa-1c2d-4000-8000-000000000011',
  givenAt: '2026-11-21T02:05:00.000Z',
  hall: '滨江路营业厅',
  maskedNumber: '139****0001',
  categories: ['sms', 'call'],
  period: { from: '2026-10-22', to: '2026-11-21' },
  purpose: 'own-copy',
  purposes: ['lookup', 'analysis', 'release', 'contact', 'marketing'],
  state: 'open',
};
const ended: StandingConsent = {
  ...open,
  consentId: '0192f3aa-1c2d-4000-8000-000000000012',
  givenAt: '2026-09-03T06:40:00.000Z',
  hall: '人民路营业厅',
  categories: ['transaction'],
  period: { from: '2026-08-01', to: '2026-08-31' },
  purposes: ['contact'],
  state: 'ended',
};
const base: CustomerWithdrawal = { phase: 'active.choosing', staffId: '1024', proofs: [], consents: [] };
const code: CustomerWithdrawal = { ...base, phase: 'active.code.entering', way: 'code' };
const list: CustomerWithdrawal = { ...base, phase: 'active.list', way: 'identity', consents: [open, ended] };
const done: CustomerWithdrawal = {
  ...list,
  phase: 'active.done',
  result: {
    whole: true,
    purposes: open.purposes,
    at: '2026-11-21T02:20:00.000Z',
    counters: [{ device: 'counter-0007', hall: '人民路营业厅', state: 'pending' }],
  },
};
const result = done.result;

export const customerWithdrawals = {
  'withdraw-choosing': base,
  'withdraw-code': code,
  'withdraw-code-wrong': {
    ...code,
    triesLeft: 7,
    error: appError('withdrawal-code-unknown', { triesLeft: 7 }),
  },
  'withdraw-number': { ...base, phase: 'active.number', way: 'identity' },
  'withdraw-proofs': {
    ...base,
    phase: 'active.identity.entering',
    way: 'identity',
    maskedNumber: '139****0001',
    proofs: ['service-password', 'one-time-code'],
    triesLeft: 5,
  },
  'withdraw-finding': { ...base, phase: 'active.finding', way: 'identity' },
  'withdraw-list': list,
  'withdraw-parts': { ...list, consents: [open] },
  'withdraw-none': { ...list, consents: [] },
  'withdraw-already': { ...list, consents: [{ ...open, purposes: [], state: 'withdrawn' }] },
  'withdraw-confirm': {
    ...list,
    phase: 'active.confirm',
    chosen: { consentId: open.consentId, part: 'all' },
  },
  'withdraw-failed': {
    ...list,
    phase: 'active.withdrawFailed',
    chosen: { consentId: open.consentId, part: 'all' },
    error: appError('central-unreachable'),
  },
  'withdraw-pending': done,
  'withdraw-erased': {
    ...done,
    result: result && {
      ...result,
      counters: [
        {
          device: 'counter-0007',
          hall: '人民路营业厅',
          state: 'erased',
          erasedAt: '2026-11-21T02:20:01.000Z',
        },
      ],
    },
  },
  'withdraw-part-done': {
    ...done,
    result: result && { ...result, whole: false, purposes: ['contact', 'marketing'] },
  },
  'withdraw-ended': { ...base, phase: 'ended', outcome: 'withdrawn' },
} as const satisfies Record<string, CustomerWithdrawal>;

const staff: StaffWithdrawal = { phase: 'active.choosing', staffId: '1024' };
export const staffWithdrawals = {
  'withdraw-choosing': staff,
  'withdraw-code': { ...staff, phase: 'active.code.entering', way: 'code' },
  'withdraw-failed': { ...staff, phase: 'active.withdrawFailed', error: appError('central-unreachable') },
  'withdraw-pending': { ...staff, phase: 'active.done', ...(result ? { result } : {}) },
  'withdraw-ended': { ...staff, phase: 'ended', outcome: 'withdrawn', ...(result ? { result } : {}) },
} as const satisfies Record<string, StaffWithdrawal>;
