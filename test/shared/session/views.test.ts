import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerViewSchema, staffViewSchema } from '../../../shared/contract/views.ts';
import { outcomes } from '../../../shared/domain/case.ts';
import { appError } from '../../../shared/domain/errors.ts';
import type { HeldCase } from '../../../shared/domain/held.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import type { Representation } from '../../../shared/domain/representation.ts';
import type { Staff } from '../../../shared/domain/staff.ts';
import { emptyContext, type VisitContext, type VisitPhase } from '../../../shared/session/machine.ts';
import {
  type CustomerFacts,
  customerView,
  type StaffFacts,
  staffView,
} from '../../../shared/session/views.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const policy = demoPolicy(Date.parse('2026-11-22T00:00:00Z'));
const SUBSCRIBER = '13987654321';
const NAME = '欧阳某某';
const TEXT = '【绝密】内容标记';
const PEER = '13712345678';

const phases: VisitPhase[] = [
  'idle',
  'ended',
  'closing',
  'serving.request',
  'serving.notice',
  'serving.identity.entering',
  'serving.ticks',
  'serving.reading',
  'serving.report.preview',
  'serving.followUp',
];
const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });
const anyContext: fc.Arbitrary<VisitContext> = fc.record({
  sessionId: fc.uuid(),
  staffId: fc.constant('1024'),
  request: maybe({
    subscriber: SUBSCRIBER,
    categories: ['sms'],
    period: { from: '2026-10-23', to: '2026-11-22' },
    purpose: 'own-copy',
  }),
  display: fc.constant({ language: 'zh-CN', largeType: false }),
  representation: fc.constantFrom<Representation>(
    { kind: 'self' },
    {
      kind: 'agent',
      name: '代办人甲',
      documents: [{ kind: 'power-of-attorney', reference: '公证字 2026-77' }],
    },
  ),
  policyVersion: maybe(1),
  renewed: fc.boolean(),
  pageCounts: fc.constant(undefined),
  proved: fc.boolean(),
  offered: fc.constant(['lookup', 'analysis']),
  declined: fc.constant(['analysis']),
  witnessWanted: fc.boolean(),
  method: fc.constantFrom('signature', 'witnessed-mark'),
  witnessed: fc.boolean(),
  noticePage: fc.constantFrom({ page: 0, of: 0 }, { page: 1, of: 3 }),
  proofs: fc.constant(['service-password']),
  triesLeft: maybe(3),
  questionTriesLeft: fc.constant(2),
  wrongAnswer: fc.boolean(),
  answerId: maybe('a'),
  grants: maybe({
    lookup: true,
    analysis: true,
    release: true,
    keep: false,
    contact: false,
    marketing: false,
    richInk: false,
  }),
  consentId: maybe('1f0e5a34-4a15-4f9a-9b57-0d7a4f9b1c11'),
  lookup: maybe({ lookupId: 'l', rows: 3, received: 2, sent: 1, byCategory: { sms: 3 } }),
  released: fc.constant(0),
  report: maybe({ reportId: 'r', pages: 2, options: { nameStyle: 'full', texts: true, peers: 'full' } }),
  savedAs: maybe('folder'),
  outcome: fc.option(fc.constantFrom(...outcomes), { nil: undefined }),
  followUp: fc.constant(`回电 ${SUBSCRIBER}`),
  kept: maybe({
    caseId: '0192f3aa-0000-7000-8000-000000000003',
    until: '2026-12-20T02:00:00.000Z',
    again: true,
  }),
  caseDone: fc.boolean(),
  error: maybe(appError('central-unreachable')),
}) as fc.Arbitrary<VisitContext>;

const place = {
  hall: '厅',
  hallEn: 'Hall',
  counter: '3',
  language: 'zh-CN',
  screen: { mode: 'dual', holder: 'both' },
  presence: 'off',
} as const;
const staffFacts: StaffFacts = {
  ...place,
  today: '2026-11-22',
  maxPeriodMonths: 6,
  representatives: policy.representatives,
  staff: undefined,
  signedOut: undefined,
  identityPassed: true,
  metadataOpen: true,
  released: [],
  heldCases: [],
};
const customerFacts: CustomerFacts = {
  ...place,
  policy,
  expiresAt: '2026-11-22T10:00:00.000Z',
  heldUntil: '2026-12-22T10:00:00.000Z',
  name: NAME,
  contentOpen: true,
  releasedIndexes: [1],
};
/** As a careless caller might: an object that holds more than its type says. */
const withMore = <T extends object>(value: T): T =>
  Object.assign({}, value, { name: NAME, subscriber: SUBSCRIBER, text: TEXT, policy, contentSecret: TEXT });

describe('staff view', () => {
  it('never holds the number, the name, a text or a counterpart, whatever the state', () => {
    fc.assert(
      fc.property(fc.constantFrom(...phases), anyContext, (phase, context) => {
        const view = staffView({ phase, context: withMore(context) }, withMore(staffFacts));
        const json = JSON.stringify(view);
        // Of a representative, staff noted name and papers themselves: nobody is told them again.
        for (const secret of [SUBSCRIBER, NAME, TEXT, PEER, '代办人甲', '公证字'])
          expect(json).not.toContain(secret);
        expect(staffViewSchema.safeParse(view).success).toBe(true);
        if (context.request) expect(view.request?.maskedNumber).toBe(maskNumber(SUBSCRIBER));
      }),
      { numRuns: 1000 },
    );
  });
  it('shows of a released row what was released, field by field', () => {
    const row = {
      index: 1,
      at: 1,
      direction: 'in' as const,
      category: 'sms' as const,
      maskedPeer: '137****5678',
      peer: '137****5678',
      text: 'hello',
    };
    const view = staffView(
      { phase: 'serving.reading', context: emptyContext },
      { ...staffFacts, released: [Object.assign({ salt: PEER }, row)] },
    );
    expect(view.released).toEqual([row]);
  });
  it('tells both until when something is kept and whether they came back for it, and the case to nobody', () => {
    const kept = {
      caseId: '0192f3aa-0000-7000-8000-000000000003',
      until: '2026-12-20T02:00:00.000Z',
      again: true,
    };
    const snapshot = { phase: 'serving.reading' as const, context: { ...emptyContext, kept } };
    for (const view of [staffView(snapshot, staffFacts), customerView(snapshot, customerFacts)]) {
      expect(view.kept).toEqual({ until: kept.until, again: true });
    }
  });
  it('lists what is kept to who is signed in, and to nobody else', () => {
    const one: HeldCase = {
      caseId: '0192f3aa-0000-7000-8000-000000000003',
      maskedNumber: '139****0001',
      heldAt: '2026-11-20T02:00:00.000Z',
      until: '2026-12-20T02:00:00.000Z',
      state: 'held',
    };
    const idle = { phase: 'idle' as const, context: emptyContext };
    const facts = { ...staffFacts, heldCases: [one] };
    expect(staffView(idle, facts).heldCases).toEqual([]);
    const staff: Staff = { id: '1024', name: '王芳', role: 'clerk', hall: '厅' };
    expect(staffView(idle, { ...facts, staff }).heldCases).toEqual([one]);
    expect(staffView(idle, { ...facts, staff: { ...staff, role: 'auditor' } }).heldCases).toEqual([]);
  });
  it('tells of identity no more than pass or fail', () => {
    const of = (phase: VisitPhase, change: Partial<VisitContext>, identityPassed = false) =>
      staffView({ phase, context: { ...emptyContext, ...change } }, { ...staffFacts, identityPassed })
        .identity;
    expect(of('serving.request', {})).toBe('none');
    expect(of('serving.identity.checking', {})).toBe('waiting');
    expect(of('serving.question', {}, true)).toBe('passed');
    expect(of('ended', { outcome: 'identity-failed' })).toBe('failed');
  });
  it('names the lookup only while its key lives', () => {
    const lookup = { lookupId: 'l', rows: 0, received: 0, sent: 0, byCategory: {} };
    const of = (metadataOpen: boolean) =>
      staffView(
        { phase: 'serving.reading', context: { ...emptyContext, lookup } },
        { ...staffFacts, metadataOpen },
      ).lookupId;
    expect(of(true)).toBe('l');
    expect(of(false)).toBeUndefined();
  });
});

describe('customer view', () => {
  it('fits its schema and never holds the full number or the answer key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...phases), anyContext, (phase, context) => {
        const view = customerView({ phase, context: withMore(context) }, withMore(customerFacts));
        expect(customerViewSchema.safeParse(view).success).toBe(true);
        const json = JSON.stringify(view);
        expect(json).not.toContain(SUBSCRIBER);
        expect(json).not.toContain('"correct"');
      }),
      { numRuns: 1000 },
    );
  });
  it('says nothing of anybody while idle', () => {
    const view = customerView(
      { phase: 'idle', context: emptyContext },
      { ...customerFacts, name: undefined },
    );
    expect(view.notices).toBeUndefined();
    expect(view.staffId).toBeUndefined();
    expect(view.display).toEqual({ language: 'zh-CN', largeType: false });
  });
});
