import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentOf, medianOf, spreadOf } from '../report/figures.ts';

test('the median is the middle, or half way between the two in the middle', () => {
  expect(medianOf([3, 1, 2])).toBe(2);
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  expect(medianOf([])).toBeNaN();
  expect(spreadOf([2, 9, 4])).toEqual({ median: 4, min: 2, max: 9, all: [2, 9, 4] });
});

test('the exponent of a power law is found, whatever its factor', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (e, factor) => {
        const points = [1_000, 10_000, 100_000, 500_000].map((size) => [size, factor * size ** e] as const);
        expect(exponentOf(points)).toBeCloseTo(e, 6);
      },
    ),
    { numRuns: 1_000 },
  );
});
