import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Needles } from './needles.ts';

/** Few different bytes, so that needles and their halves do occur. */
const bytes = (min: number, max: number) =>
  fc
    .array(fc.integer({ min: 0, max: 2 }), { minLength: min, maxLength: max })
    .map((list) => Buffer.from(list));

test('finds what a search for each alone finds', () => {
  fc.assert(
    fc.property(fc.array(bytes(3, 6), { maxLength: 8 }), bytes(0, 60), (needles, hay) => {
      const found = new Set<number>();
      new Needles(needles).search(hay, found);
      const expected = needles.flatMap((needle, i) => (hay.includes(needle) ? [i] : []));
      expect([...found].sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('refuses a needle that is too short to be told', () => {
  expect(() => new Needles([Buffer.from('ab')])).toThrow(RangeError);
});
