import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginStroke,
  type Drawing,
  deviceOf,
  emptyDrawing,
  extendStroke,
  fitDrawing,
  inkOf,
  undoStroke,
} from '../../../../renderer/customer/signature/strokes.ts';
import { COARSE_TIMING_MS, inkSchema } from '../../../../shared/domain/ink.ts';

const sample = fc.record({
  x: fc.double({ min: -200, max: 2_000, noNaN: true }),
  y: fc.double({ min: -200, max: 2_000, noNaN: true }),
  pressure: fc.double({ min: 0, max: 1, noNaN: true }),
  at: fc.double({ min: 1_000, max: 500_000, noNaN: true }),
});
const strokesArbitrary = fc.array(fc.array(sample, { minLength: 1, maxLength: 30 }), {
  minLength: 1,
  maxLength: 8,
});

function draw(strokes: { x: number; y: number; pressure: number; at: number }[][]): Drawing {
  let drawing = emptyDrawing(800, 300);
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    drawing = beginStroke(drawing, 'pen', first);
    extendStroke(drawing, rest);
  }
  return drawing;
}
const line = (length: number) =>
  draw([
    [
      { x: 10, y: 10, pressure: 0.5, at: 0 },
      { x: 10 + length, y: 10, pressure: 0.5, at: 100 },
    ],
  ]);

describe('capture', () => {
  test('whatever is drawn and fits has the form of ink, with coarse times', () => {
    fc.assert(
      fc.property(strokesArbitrary, (strokes) => {
        const drawing = draw(strokes);
        expect(drawing.strokes.length).toBe(strokes.length);
        for (const point of drawing.strokes.flat()) {
          expect(point.t % COARSE_TIMING_MS).toBe(0);
          expect(point.t).toBeGreaterThanOrEqual(0);
        }
        const result = inkOf(drawing);
        if (result.ok) expect(inkSchema.parse(result.ink)).toEqual(result.ink);
      }),
      { numRuns: 1_000 },
    );
  });
  test('a dot and an empty pad are no signature; a line is', () => {
    expect(inkOf(emptyDrawing(800, 300))).toEqual({ ok: false, reason: 'empty' });
    expect(inkOf(line(5))).toEqual({ ok: false, reason: 'empty' });
    expect(inkOf(line(200)).ok).toBe(true);
  });
  test('more than fits is refused, not cut', () => {
    const stroke = Array.from({ length: 6_000 }, (_, i) => ({ x: i, y: i % 7, pressure: 1, at: i }));
    expect(inkOf(draw([stroke]))).toEqual({ ok: false, reason: 'too-long' });
  });
  test('undo takes the last stroke back', () => {
    const drawing = draw([[{ x: 1, y: 1, pressure: 1, at: 0 }], [{ x: 2, y: 2, pressure: 1, at: 10 }]]);
    expect(undoStroke(drawing).strokes).toEqual([drawing.strokes[0]]);
    expect(undoStroke(undoStroke(undoStroke(drawing))).strokes).toEqual([]);
  });
  test('an unknown pointer counts as a finger', () => {
    expect(['pen', 'mouse', 'touch', 'brainwave'].map(deviceOf)).toEqual(['pen', 'mouse', 'touch', 'touch']);
  });
});

describe('resize', () => {
  test('no ink is lost or pushed outside, and shapes keep their proportions', () => {
    const inside = fc.array(
      fc.array(
        fc.record({
          x: fc.integer({ min: 0, max: 800 }),
          y: fc.integer({ min: 0, max: 300 }),
          pressure: fc.constant(0.5),
          at: fc.constant(0),
        }),
        { minLength: 1, maxLength: 10 },
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        inside,
        fc.integer({ min: 100, max: 2_000 }),
        fc.integer({ min: 60, max: 900 }),
        (strokes, w, h) => {
          const before = draw(strokes);
          const after = fitDrawing(before, w, h);
          expect(after.strokes.map((stroke) => stroke.length)).toEqual(
            before.strokes.map((stroke) => stroke.length),
          );
          const scale = Math.min(1, w / 800, h / 300);
          before.strokes.flat().forEach((point, i) => {
            const moved = after.strokes.flat()[i];
            expect(moved?.x).toBeCloseTo(point.x * scale, 0);
            expect(moved?.x ?? 0).toBeLessThanOrEqual(w + 0.1);
            expect(moved?.y ?? 0).toBeLessThanOrEqual(h + 0.1);
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
