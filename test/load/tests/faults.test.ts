import { describe, expect, test } from 'vitest';
import { Faults } from '../faults.ts';

const compared = (wanted: string[], found: string[]) => {
  const faults = new Faults();
  faults.compare('consents', wanted, found);
  return faults.lines;
};

describe('what both sides must have once', () => {
  test('is no fault in any order, nor where there is nothing', () => {
    expect(compared(['a', 'b'], ['b', 'a'])).toEqual([]);
    expect(compared([], [])).toEqual([]);
  });

  test('is told when it is lost, there twice, or nobody’s', () => {
    expect(compared(['a', 'b'], ['a'])).toEqual(['consents: lost (1): b']);
    expect(compared(['a'], ['a', 'a'])).toEqual(['consents: twice (1): a']);
    expect(compared(['a'], ['a', 'b'])).toEqual(["consents: nobody's (1): b"]);
    expect(compared(['a', 'a'], ['a'])).toEqual(['consents: twice at a counter (1): a']);
    // As many on both sides, and yet not the same.
    expect(compared(['a', 'b'], ['a', 'c'])).toEqual(['consents: lost (1): b', "consents: nobody's (1): c"]);
  });

  test('is counted in full and named in part', () => {
    const many = Array.from({ length: 40 }, (_, i) => `id${i}`);
    expect(compared(many, [])).toEqual(['consents: lost (40): id0, id1, id2, id3, id4']);
  });
});
