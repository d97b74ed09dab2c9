import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../histogram.ts';

const times = fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 });
const of = (list: readonly number[]) => {
  const histogram = new Histogram();
  for (const ms of list) histogram.add(ms);
  return histogram;
};

describe('a histogram', () => {
  test('tells every quantile exactly to a twentieth', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * list.length) - 1)] ?? 0;
        const told = of(list).quantile(share);
        expect(told).toBeGreaterThanOrEqual(exact * 0.999_999);
        expect(told).toBeLessThanOrEqual(exact * 1.050_001);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of several processes is that of all their times, whatever the way it travelled', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const merged = of(a);
        merged.merge(JSON.parse(JSON.stringify(of(b))));
        expect(merged.toJSON()).toEqual(of([...a, ...b]).toJSON());
        expect(merged.count).toBe(a.length + b.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of nothing is 0; what takes no time counts as a tenth of a millisecond', () => {
    expect(new Histogram().quantile(0.99)).toBe(0);
    expect(of([0]).quantile(1)).toBeCloseTo(0.1, 2);
  });
});
