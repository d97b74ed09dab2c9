import { COARSE_TIMING_MS, type Ink } from '../../shared/domain/ink.ts';

/** Ink with its times in steps of {@link COARSE_TIMING_MS}: finer dynamics may be biometric and were not asked for. */
export function coarseInk(ink: Ink): Ink {
  const coarse = (t: number) => Math.floor(t / COARSE_TIMING_MS) * COARSE_TIMING_MS;
  return {
    ...ink,
    strokes: ink.strokes.map((stroke) => stroke.map((point) => ({ ...point, t: coarse(point.t) }))),
  };
}
