import { describe, expect, it } from 'vitest';
import { type Ink, inkSchema, isSignature, MIN_INK_LENGTH } from '../../../shared/domain/ink.ts';

const ink = (strokes: [number, number][][]): Ink => ({
  width: 900,
  height: 300,
  device: 'pen',
  strokes: strokes.map((stroke) => stroke.map(([x, y], i) => ({ x, y, p: 0.5, t: i * 20 }))),
});

describe('isSignature', () => {
  it('takes a drawn line', () => {
    expect(
      isSignature(
        ink([
          [
            [0, 0],
            [MIN_INK_LENGTH, 0],
          ],
        ]),
      ),
    ).toBe(true);
  });
  it.each([
    ['a dot', [[[5, 5]]]],
    ['many dots', Array.from({ length: 30 }, (_, i) => [[i * 10, 5]])],
    [
      'a short touch',
      [
        [
          [0, 0],
          [10, 10],
        ],
      ],
    ],
  ] as [string, [number, number][][]][])('refuses %s', (_, strokes) => {
    expect(isSignature(ink(strokes))).toBe(false);
  });
  it('an empty pad is no ink at all', () => {
    expect(inkSchema.safeParse(ink([])).success).toBe(false);
    expect(inkSchema.safeParse(ink([[]])).success).toBe(false);
  });
});
