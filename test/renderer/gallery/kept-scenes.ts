/** What is kept for a case, as the core would push it to either window. Synthetic; nobody's data. */
import type { CustomerView, StaffView } from '../../../shared/contract/views.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { appError } from '../../../shared/domain/errors.ts';
import type { HeldCase } from '../../../shared/domain/held.ts';

const until = '2026-12-21T08:00:00.000Z';
const again = { until, again: true };
const sealed = { until, again: false };

/** @param of scenes of a visit that keeps nothing: what these are made of */
export const customerKept = (of: Record<'idle' | 'request' | 'identity' | 'reading', CustomerView>) => {
  const grants = { ...(of.reading.grants ?? fail()), keep: true };
  const keeping: CustomerView = { ...of.reading, grants, heldUntil: until };
  const finishFailed: CustomerView = { ...keeping, phase: 'serving.finishFailed', presence: 'off' };
  const opened: CustomerView = { ...keeping, kept: again };
  const followUp: CustomerView = { ...of.idle, phase: 'serving.followUp', outcome: 'completed' };
  const ended: CustomerView = { ...of.idle, phase: 'ended', kept: again };
  return {
    'keeping-reading': keeping,
    'keeping-receipt': {
      ...keeping,
      phase: 'serving.receipt',
      report: { reportId: '0192f3aa-0000-7000-8000-000000000004', pages: 3 },
      savedAs: '通信记录报告-20261121-0900.pdf',
    },
    'keeping-finishing': { ...keeping, phase: 'serving.finishing', presence: 'off' },
    'sealing-failed': { ...finishFailed, error: appError('central-unreachable') },
    'keeping-erase-failed': { ...finishFailed, error: appError('erase-failed') },
    'kept-follow-up': { ...followUp, kept: sealed },
    'kept-request': { ...of.request, kept: again },
    'kept-identity': { ...of.identity, kept: again },
    'kept-opening': { ...opened, phase: 'serving.reopening', presence: 'off' },
    'kept-open-failed': { ...opened, phase: 'serving.reopenFailed', error: appError('central-unreachable') },
    'kept-reading': opened,
    'kept-follow-up-again': { ...followUp, kept: again },
    'kept-stopped': { ...ended, outcome: 'stopped' },
    'kept-refused': { ...ended, outcome: 'refused' },
    'kept-not-mine': { ...ended, outcome: 'not-my-number' },
    'kept-withdrawn': { ...ended, outcome: 'withdrawn' },
    'kept-expired': { ...ended, outcome: 'expired' },
  } as const satisfies Record<string, CustomerView>;
};

const held: HeldCase = {
  caseId: '0192f3aa-0000-7000-8000-0000000000b1',
  maskedNumber: '139****0001',
  heldAt: '2026-11-21T08:40:00.000Z',
  until,
  state: 'held',
};
const heldCases: HeldCase[] = [
  held,
  {
    ...held,
    caseId: '0192f3aa-0000-7000-8000-0000000000b2',
    maskedNumber: '137****0003',
    heldAt: '2026-11-18T02:12:00.000Z',
    until: '2026-12-18T02:01:00.000Z',
  },
];
const troubled: HeldCase[] = [
  ...heldCases,
  {
    ...held,
    caseId: '0192f3aa-0000-7000-8000-0000000000b3',
    maskedNumber: '158****0009',
    heldAt: '2026-10-24T03:00:00.000Z',
    until: '2026-11-23T02:50:00.000Z',
    state: 'ending',
  },
  {
    caseId: '0192f3aa-0000-7000-8000-0000000000b4',
    heldAt: '2026-11-02T06:20:00.000Z',
    until: '2026-12-02T06:10:00.000Z',
    state: 'damaged',
  },
];

/** @param of scenes of a visit that keeps nothing */
export const staffKept = (of: Record<'idle' | 'serving' | 'found' | 'followUp', StaffView>) => {
  const grants = { ...(of.found.grants ?? fail()), keep: true };
  const opened: StaffView = { ...of.found, grants, heldCases, kept: again };
  const asked: StaffView = { ...of.serving, identity: 'passed', heldCases, kept: again, presence: 'off' };
  return {
    held: { ...of.idle, heldCases },
    'held-list': { ...of.idle, heldCases },
    'held-damaged': { ...of.idle, heldCases: troubled },
    'held-close': { ...of.idle, heldCases },
    'held-busy': { ...of.serving, heldCases },
    'keeping-reading': { ...of.found, grants },
    'kept-follow-up': { ...of.followUp, grants, kept: sealed },
    'kept-request': { ...of.serving, heldCases, kept: again },
    'kept-reopening': { ...asked, phase: 'serving.reopening' },
    'kept-reopen-failed': {
      ...asked,
      phase: 'serving.reopenFailed',
      error: appError('central-unreachable'),
    },
    'kept-reading': opened,
    'kept-follow-up-again': { ...of.followUp, grants, heldCases, kept: again },
    'kept-stopped': { ...of.idle, heldCases, phase: 'ended', outcome: 'stopped', kept: again },
    'kept-withdrawn': { ...of.idle, phase: 'ended', outcome: 'withdrawn', kept: again },
    'kept-lost': { ...of.idle, phase: 'ended', outcome: 'held-lost', kept: again },
  } as const satisfies Record<string, StaffView>;
};

/** One line of the day for each state of what is kept. @param of a line of a visit with a follow-up */
export const keptRows = (of: CaseRow): CaseRow[] =>
  (['kept', 'read', 'done', 'over'] as const).map((state, i) => ({
    ...of,
    caseId: `0192f3aa-0000-7000-8000-0000000000c${i}`,
    serial: of.serial + 3 + i,
    followUp: '投诉扣费，工单已登记，等计费核查回复。',
    held: { caseId: held.caseId, until, state },
  }));

function fail(): never {
  throw new TypeError('a scene without grants');
}
