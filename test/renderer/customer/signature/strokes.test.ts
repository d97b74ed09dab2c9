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
  markOf,
  scaleOf,
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

describe('rich ink', () => {
  test('has single milliseconds, and a pen its tilt', () => {
    const pen = { pressure: 0.5, tilt: { x: 31.4, y: -12.6 } };
    const begun = beginStroke(emptyDrawing(800, 300, true), 'pen', { x: 1, y: 1, at: 7, ...pen });
    extendStroke(begun, [{ x: 90, y: 1, at: 20.5, ...pen }]);
    expect(begun.strokes).toEqual([
      [
        { x: 1, y: 1, p: 0.5, tx: 31, ty: -13, t: 0 },
        { x: 90, y: 1, p: 0.5, tx: 31, ty: -13, t: 13 },
      ],
    ]);
    expect(draw([[{ x: 1, y: 1, pressure: 1, at: 7 }]]).strokes[0]?.[0]).not.toHaveProperty('tx');
  });
});

describe('a mark', () => {
  test('is any touch; an empty pad is none', () => {
    expect(markOf(emptyDrawing(800, 300))).toEqual({ ok: false, reason: 'empty' });
    expect(markOf(draw([[{ x: 5, y: 5, pressure: 0.1, at: 0 }]])).ok).toBe(true);
  });
});

describe('resize and rotation', () => {
  const size = fc.record({ w: fc.integer({ min: 60, max: 2_000 }), h: fc.integer({ min: 60, max: 2_000 }) });
  /** Samples inside of a pad that is shown at this size. */
  const within = ({ w, h }: { w: number; h: number }, parts: readonly (readonly [number, number])[]) =>
    parts.map(([x, y], i) => ({ x: x * w, y: y * h, pressure: 0.5, at: i }));
  const parts = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    { minLength: 1, maxLength: 8 },
  );

  test('no point changes, all ink stays in sight, and the first size shows it as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(size, parts), { minLength: 1, maxLength: 6 }), (turns) => {
        const [start] = turns;
        if (!start) return;
        let drawing = emptyDrawing(start[0].w, start[0].h);
        for (const [shown, strokes] of turns) {
          const before = structuredClone(drawing.strokes);
          drawing = fitDrawing(drawing, shown.w, shown.h);
          expect(drawing.strokes).toEqual(before);
          const [first, ...rest] = within(shown, strokes);
          if (!first) continue;
          drawing = beginStroke(drawing, 'touch', first);
          extendStroke(drawing, rest);
          const scale = scaleOf(drawing);
          for (const { x, y } of drawing.strokes.flat()) {
            expect(x * scale).toBeLessThanOrEqual(shown.w + 0.1);
            expect(y * scale).toBeLessThanOrEqual(shown.h + 0.1);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('turned and turned back, everything is where it was', () => {
    const before = line(400);
    const turned = fitDrawing(before, 300, 800);
    expect(scaleOf(turned)).toBe(300 / 800);
    const back = fitDrawing(turned, 800, 300);
    expect(back).toEqual(before);
    expect(scaleOf(back)).toBe(1);
  });
});
