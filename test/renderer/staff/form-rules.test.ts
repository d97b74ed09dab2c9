import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedPresets,
  type Draft,
  emptyDraft,
  presetPeriod,
  presets,
  problemsOf,
  readDay,
  representationOf,
  requestOf,
  tidyNumber,
} from '../../../renderer/staff/request/form-rules.ts';
import { dayOf, periodProblem } from '../../../shared/domain/period.ts';
import { requestSchema } from '../../../shared/domain/scope.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';

const today = '2026-11-21';
const whole: Draft = {
  ...emptyDraft(today),
  number: '13900000001',
  categories: ['sms'],
  purpose: 'own-copy',
};

describe('the request form', () => {
  it('starts with the last month and nothing else chosen', () => {
    expect(emptyDraft(today)).toMatchObject({ from: '2026-10-22', to: today, categories: [], number: '' });
    expect(problemsOf(emptyDraft(today), today, 6)).toEqual({
      number: 'numberMissing',
      categories: 'categoriesMissing',
      purpose: 'purposeMissing',
    });
  });

  it('makes a request of a whole draft', () => {
    expect(requestOf(whole, today, 6)).toEqual({
      subscriber: '13900000001',
      categories: ['sms'],
      period: { from: '2026-10-22', to: today },
      purpose: 'own-copy',
    });
  });

  it.each([
    ['a short number', { number: '1390000' }, { number: 'numberWrong' }],
    ['a landline', { number: '02088886666' }, { number: 'numberWrong' }],
    ['no date', { from: 'soon' }, { from: 'dateWrong' }],
    ['the 31st of a short month', { to: '2026-09-31' }, { to: 'dateWrong' }],
    ['the end before the start', { from: '2026-11-20', to: '2026-11-19' }, { from: 'periodWrong' }],
    ['tomorrow', { to: '2026-11-22' }, { to: 'periodWrong' }],
    ['more than policy allows', { from: '2026-05-20' }, { from: 'periodLong' }],
  ])('says what is wrong with %s', (_, part, problems) => {
    const draft = { ...whole, ...part };
    expect(problemsOf(draft, today, 6)).toEqual(problems);
    expect(requestOf(draft, today, 6)).toBeUndefined();
  });

  it('offers only presets that policy allows, each of them a valid period', () => {
    expect(allowedPresets(3)).toEqual(['one', 'three']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000 }), (offset) => {
        const day = dayOf(Date.parse('2024-01-01T12:00:00Z') + offset * 86_400_000);
        for (const name of allowedPresets(6)) {
          expect(periodProblem(presetPeriod(presets[name], day), day, 6)).toBeUndefined();
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never makes a request that the contract would refuse, whatever is typed', () => {
    const typed = fc.oneof(
      fc.string(),
      fc.constantFrom('2026-10-22', '20261022', '2026/11/1', '2026年10月22日'),
    );
    fc.assert(
      fc.property(fc.string(), typed, typed, (number, from, to) => {
        const request = requestOf({ ...whole, number: tidyNumber(number), from, to }, today, 6);
        if (request) expect(requestSchema.safeParse(request).success).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what people type', () => {
  it.each([
    ['2026-10-22', '2026-10-22'],
    ['20261022', '2026-10-22'],
    ['2026/1/2', '2026-01-02'],
    ['2026.10.22', '2026-10-22'],
    ['２０２６１０２２', '2026-10-22'],
    ['2026年10月22日', '2026-10-22'],
  ])('reads %s as a day', (typed, day) => {
    expect(readDay(typed)).toBe(day);
  });

  it.each(['', '2026', '2026-13-01', '2026-02-30', '22/10/2026'])('does not read %j as a day', (typed) => {
    expect(readDay(typed)).toBeUndefined();
  });

  it('takes numbers with spaces, dashes, full width and country code', () => {
    expect(tidyNumber('139 0000-0001')).toBe('13900000001');
    expect(tidyNumber('+86 139 0000 0001')).toBe('13900000001');
    expect(tidyNumber('１３９００００００１１')).toBe('13900000011');
  });
});

describe('who acts for the subject', () => {
  const rules = demoPolicy(0).representatives;
  const agent: Draft = {
    ...whole,
    representation: 'agent',
    name: ' 陈晓 ',
    documents: {
      'identity-card': '0013',
      'subject-identity-card': '221X',
      'power-of-attorney': '公证字（2026）77 号',
    },
  };

  it('is the subject themself unless said otherwise', () => {
    expect(representationOf(whole, rules)).toEqual({ kind: 'self' });
  });
  it('has a name and each paper of the path', () => {
    expect(problemsOf(agent, today, 6, rules)).toEqual({});
    expect(representationOf(agent, rules)).toMatchObject({ kind: 'agent', name: '陈晓' });
  });
  it.each([
    ['no name', { name: '' }, { name: 'nameWrong' }],
    ['a number for a name', { name: '13900000001' }, { name: 'nameWrong' }],
    [
      'a whole identity number for a card',
      { documents: { ...agent.documents, 'identity-card': '99999919800101009X' } },
      { 'identity-card': 'documentWrong' },
    ],
    [
      'a paper left out',
      { documents: { ...agent.documents, 'power-of-attorney': '' } },
      { 'power-of-attorney': 'documentWrong' },
    ],
    ['a purpose that is not theirs', { purpose: 'service-advice' }, { purpose: 'purposeNotTheirs' }],
  ] as const)('%s does not start', (_, change, problems) => {
    const draft: Draft = { ...agent, ...change };
    expect(problemsOf(draft, today, 6, rules)).toEqual(problems);
    expect(requestOf(draft, today, 6, rules)).toBeUndefined();
  });
  it('is nobody whom the policy does not list', () => {
    expect(representationOf(agent, [])).toBeUndefined();
  });
});
