/**
 * The signature as strokes, pure: what the pad captured, in the form of shared/domain/ink. Points are kept in the
 * coordinates of the pad as it was when the first stroke began, and laid out anew when it has another size: a
 * window that was turned and turned back shows the ink exactly as it was. Times are coarse, because the rhythm of
 * a hand is biometric, unless the customer agreed to fine ones.
 */
import { COARSE_TIMING_MS, type Ink, inkSchema, isSignature } from '../../../shared/domain/ink.ts';

export type InkPoint = Ink['strokes'][number][number];
export type InkDevice = Ink['device'];

/** What is on the pad. `startedAt` is the time stamp of the first sample, ms. */
export interface Drawing {
  /** The pad's own size, CSS pixels; grows where ink is put beyond it. */
  width: number;
  height: number;
  /** The size at which it is shown now. */
  shown: { width: number; height: number };
  device: InkDevice;
  /** Times in single milliseconds. */
  fine: boolean;
  startedAt: number | undefined;
  strokes: InkPoint[][];
}

/** One raw sample, as a pointer event gives it. */
export interface Sample {
  x: number;
  y: number;
  pressure: number;
  /** Degrees; only a pen has them. */
  tilt?: { x: number; y: number };
  /** `event.timeStamp`, ms. */
  at: number;
}

export function emptyDrawing(width: number, height: number, fine = false): Drawing {
  return {
    width,
    height,
    shown: { width, height },
    device: 'mouse',
    fine,
    startedAt: undefined,
    strokes: [],
  };
}

/** What a pointer event's type means for the record; anything unknown counts as a finger. */
export function deviceOf(pointerType: string): InkDevice {
  return pointerType === 'pen' || pointerType === 'mouse' ? pointerType : 'touch';
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
const round = (value: number, step: number) => Math.round(value * step) / step;

/** Shown pixels for each of the pad's own. Ink shrinks where the pad is smaller now and never grows. */
export function scaleOf({ width, height, shown }: Drawing): number {
  return Math.min(1, shown.width / width, shown.height / height);
}

function pointOf(drawing: Drawing, sample: Sample): InkPoint {
  const scale = scaleOf(drawing);
  const elapsed = sample.at - (drawing.startedAt ?? sample.at);
  const step = drawing.fine ? 1 : COARSE_TIMING_MS;
  return {
    x: round(clamp(sample.x / scale, -50, 10_000), 10),
    y: round(clamp(sample.y / scale, -50, 10_000), 10),
    p: round(clamp(sample.pressure, 0, 1), 100),
    ...(sample.tilt
      ? { tx: clamp(Math.round(sample.tilt.x), -90, 90), ty: clamp(Math.round(sample.tilt.y), -90, 90) }
      : {}),
    t: clamp(Math.floor(elapsed / step) * step, 0, 600_000),
  };
}

/** A new stroke begins. Whoever used a pen at all signed with a pen. */
export function beginStroke(drawing: Drawing, device: InkDevice, sample: Sample): Drawing {
  const first = drawing.strokes.length === 0;
  const started: Drawing = {
    ...drawing,
    // The pad's own size is the one that the first stroke finds.
    ...(first ? drawing.shown : {}),
    device: drawing.strokes.length > 0 && drawing.device === 'pen' ? 'pen' : device,
    startedAt: (first ? undefined : drawing.startedAt) ?? sample.at,
  };
  const next = { ...started, strokes: [...drawing.strokes, [pointOf(started, sample)]] };
  grow(next);
  return next;
}

/** The stroke goes on. Changes the last stroke in place: this runs for every sample of a pen. */
export function extendStroke(drawing: Drawing, samples: readonly Sample[]): void {
  const stroke = drawing.strokes.at(-1);
  if (!stroke) return;
  for (const sample of samples) {
    const point = pointOf(drawing, sample);
    const last = stroke.at(-1);
    if (!last || last.x !== point.x || last.y !== point.y) stroke.push(point);
  }
  grow(drawing);
}

/** Ink beyond the pad's own size, put there while it was shown larger, belongs to it too. */
function grow(drawing: Drawing): void {
  const stroke = drawing.strokes.at(-1) ?? [];
  const scale = scaleOf(drawing);
  const widest = Math.min(drawing.shown.width / scale, Math.max(...stroke.map(({ x }) => x)));
  const highest = Math.min(drawing.shown.height / scale, Math.max(...stroke.map(({ y }) => y)));
  drawing.width = Math.max(drawing.width, widest);
  drawing.height = Math.max(drawing.height, highest);
}

export function undoStroke(drawing: Drawing): Drawing {
  return { ...drawing, strokes: drawing.strokes.slice(0, -1) };
}

/** The pad is shown at another size now. No point of the ink changes. */
export function fitDrawing(drawing: Drawing, width: number, height: number): Drawing {
  return { ...drawing, shown: { width, height } };
}

export type InkResult = { ok: true; ink: Ink } | { ok: false; reason: 'empty' | 'too-long' };

/** The ink to sign with, or why there is none: nothing that counts as a signature, or more than fits. */
export function inkOf(drawing: Drawing): InkResult {
  const result = markOf(drawing);
  return result.ok && !isSignature(result.ink) ? { ok: false, reason: 'empty' } : result;
}

/** The ink of a mark: any touch will do. */
export function markOf({ width, height, device, strokes }: Drawing): InkResult {
  if (strokes.length === 0) return { ok: false, reason: 'empty' };
  const ink: Ink = { width, height, device, strokes };
  return inkSchema.safeParse(ink).success ? { ok: true, ink } : { ok: false, reason: 'too-long' };
}
