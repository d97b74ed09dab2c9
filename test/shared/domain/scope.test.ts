import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../shared/domain/period.ts';
import {
  categories,
  type LookupRequest,
  purposes,
  requestSchema,
  type Scope,
  scopeSchema,
  withinScope,
} from '../../../shared/domain/scope.ts';

const subscriber = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
const request = fc.record({
  subscriber,
  categories: fc.subarray([...categories], { minLength: 1 }),
  period: fc
    .tuple(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 60 }))
    .map(([from, length]) => ({
      from: addDays('2026-05-01', from),
      to: addDays('2026-05-01', from + length),
    })),
  purpose: fc.constantFrom(...purposes),
});
const asScope = (value: typeof request extends fc.Arbitrary<infer T> ? T : never): Scope => ({
  ...value,
  recipients: ['subject'],
  expiresAt: '2026-11-22T08:00:00.000Z',
});

describe('scope', () => {
  it('contains itself', () => {
    fc.assert(
      fc.property(request, (value) => {
        expect(requestSchema.safeParse(value).success).toBe(true);
        expect(scopeSchema.safeParse(asScope(value)).success).toBe(true);
        expect(withinScope(value, asScope(value))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('allows nothing beyond number, purpose, categories and period', () => {
    fc.assert(
      fc.property(request, request, (asked, granted) => {
        const scope = asScope(granted);
        const expected =
          asked.subscriber === scope.subscriber &&
          asked.purpose === scope.purpose &&
          asked.categories.filter((category) => !scope.categories.includes(category)).length === 0 &&
          !(asked.period.from < scope.period.from) &&
          !(asked.period.to > scope.period.to);
        expect(withinScope(asked, scope)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, { [K in keyof LookupRequest]?: LookupRequest[K] }]>([
    ['a day before', { period: { from: '2026-10-22', to: '2026-11-22' } }],
    ['a day after', { period: { from: '2026-10-23', to: '2026-11-23' } }],
    ['reversed', { period: { from: '2026-11-22', to: '2026-10-23' } }],
    ['another category', { categories: ['sms', 'call'] }],
    ['no category', { categories: [] }],
    ['another number', { subscriber: '13900010002' }],
    ['another purpose', { purpose: 'nuisance' }],
  ])('refuses %s', (_, change) => {
    const granted: Scope = {
      subscriber: '13900010001',
      categories: ['sms'],
      period: { from: '2026-10-23', to: '2026-11-22' },
      purpose: 'own-copy',
      recipients: ['subject'],
      expiresAt: '2026-11-22T08:00:00.000Z',
    };
    const { recipients: _recipients, expiresAt: _expires, ...asked } = granted;
    expect(withinScope({ ...asked, ...change }, granted)).toBe(false);
  });

  it('an unknown field, a doubled category or a short number is no request', () => {
    const good = {
      subscriber: '13900010001',
      categories: ['sms'],
      period: { from: '2026-10-23', to: '2026-11-22' },
      purpose: 'own-copy',
    };
    expect(requestSchema.safeParse(good).success).toBe(true);
    for (const bad of [
      { ...good, all: true },
      { ...good, categories: ['sms', 'sms'] },
      { ...good, categories: [] },
      { ...good, subscriber: '1390001000' },
      { ...good, subscriber: '12900010001' },
      { ...good, purpose: 'curiosity' },
    ])
      expect(requestSchema.safeParse(bad).success).toBe(false);
  });
});
