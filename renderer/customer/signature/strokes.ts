/**
 * The signature as strokes, pure: what the pad captured, in the form of shared/domain/ink. Points are kept
 * in CSS pixels of the pad; times are coarse, because the rhythm of a hand is biometric.
 */
import { COARSE_TIMING_MS, type Ink, inkSchema, isSignature } from '../../../shared/domain/ink.ts';

export type InkPoint = Ink['strokes'][number][number];
export type InkDevice = Ink['device'];

/** What is on the pad. `startedAt` is the time stamp of the first sample, ms. */
export interface Drawing {
  width: number;
  height: number;
  device: InkDevice;
  startedAt: number | undefined;
  strokes: InkPoint[][];
}

/** One raw sample, as a pointer event gives it. */
export interface Sample {
  x: number;
  y: number;
  pressure: number;
  /** `event.timeStamp`, ms. */
  at: number;
}

export function emptyDrawing(width: number, height: number): Drawing {
  return { width, height, device: 'mouse', startedAt: undefined, strokes: [] };
}

/** What a pointer event's type means for the record; anything unknown counts as a finger. */
export function deviceOf(pointerType: string): InkDevice {
  return pointerType === 'pen' || pointerType === 'mouse' ? pointerType : 'touch';
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
const round = (value: number, step: number) => Math.round(value * step) / step;

function pointOf(drawing: Drawing, sample: Sample): InkPoint {
  const elapsed = sample.at - (drawing.startedAt ?? sample.at);
  const coarse = Math.floor(elapsed / COARSE_TIMING_MS) * COARSE_TIMING_MS;
  return {
    x: round(clamp(sample.x, -50, 10_000), 10),
    y: round(clamp(sample.y, -50, 10_000), 10),
    p: round(clamp(sample.pressure, 0, 1), 100),
    t: clamp(coarse, 0, 600_000),
  };
}

/** A new stroke begins. Whoever used a pen at all signed with a pen. */
export function beginStroke(drawing: Drawing, device: InkDevice, sample: Sample): Drawing {
  const started = { ...drawing, device, startedAt: drawing.startedAt ?? sample.at };
  return { ...started, strokes: [...drawing.strokes, [pointOf(started, sample)]] };
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
}

export function undoStroke(drawing: Drawing): Drawing {
  return { ...drawing, strokes: drawing.strokes.slice(0, -1) };
}

/**
 * The pad has another size now. Ink keeps its place; where the pad became smaller, all of it shrinks in
 * proportion, so that nothing falls outside.
 */
export function fitDrawing(drawing: Drawing, width: number, height: number): Drawing {
  if (width === drawing.width && height === drawing.height) return drawing;
  const scale = Math.min(1, width / drawing.width, height / drawing.height);
  const strokes =
    scale === 1
      ? drawing.strokes
      : drawing.strokes.map((stroke) =>
          stroke.map((point) => ({
            ...point,
            x: round(point.x * scale, 10),
            y: round(point.y * scale, 10),
          })),
        );
  return { ...drawing, width, height, strokes };
}

/** The ink to sign with, or why there is none: nothing that counts as a signature, or more than fits. */
export function inkOf(
  drawing: Drawing,
): { ok: true; ink: Ink } | { ok: false; reason: 'empty' | 'too-long' } {
  const ink: Ink = {
    width: drawing.width,
    height: drawing.height,
    device: drawing.device,
    strokes: drawing.strokes,
  };
  if (!isSignature(ink)) return { ok: false, reason: 'empty' };
  return inkSchema.safeParse(ink).success ? { ok: true, ink } : { ok: false, reason: 'too-long' };
}
