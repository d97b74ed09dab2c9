/** Ink: a signature as strokes over time (after ISO/IEC 19794-7: x, y, pressure, tilt, time). */
import { z } from 'zod';

/**
 * One sample. `x`, `y` in CSS pixels of the pad as it was when the first stroke began, `p` pressure 0..1, `tx`
 * and `ty` the pen's tilt in degrees (Pointer Events tiltX, tiltY; left out where the device has none), `t` ms
 * since the first: in steps of 20 unless the customer agreed to fine timing.
 */
export const inkPointSchema = z.strictObject({
  x: z.number().min(-50).max(10_000),
  y: z.number().min(-50).max(10_000),
  p: z.number().min(0).max(1),
  tx: z.number().int().min(-90).max(90).optional(),
  ty: z.number().int().min(-90).max(90).optional(),
  t: z.number().int().min(0).max(600_000),
});
export const inkSchema = z.strictObject({
  width: z.number().positive().max(10_000),
  height: z.number().positive().max(10_000),
  device: z.enum(['pen', 'touch', 'mouse']),
  strokes: z.array(z.array(inkPointSchema).min(1).max(5_000)).min(1).max(200),
});
export type Ink = z.infer<typeof inkSchema>;

/** Ink dynamics may be biometric: timing is coarse by default (ms). */
export const COARSE_TIMING_MS = 20;

/** Whether all times are in coarse steps. */
export function isCoarse(ink: Ink): boolean {
  return ink.strokes.every((stroke) => stroke.every(({ t }) => t % COARSE_TIMING_MS === 0));
}

/** The least drawing (sum of stroke lengths, CSS pixels) that counts as a signature. */
export const MIN_INK_LENGTH = 40;

/** Whether the pad holds a signature and not a dot or a touch by accident. */
export function isSignature(ink: Ink): boolean {
  let length = 0;
  for (const stroke of ink.strokes) {
    for (let i = 1; i < stroke.length; i++) {
      const a = stroke[i - 1];
      const b = stroke[i];
      if (a && b) length += Math.hypot(b.x - a.x, b.y - a.y);
    }
  }
  return length >= MIN_INK_LENGTH;
}
