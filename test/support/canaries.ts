/** Planted marks, in every form in which a process or a file may hold them. */
import type { Ink } from '../../shared/domain/ink.ts';

export const canaryKinds = ['text', 'counterpart', 'name', 'proof', 'ink'] as const;

export interface Canary {
  readonly kind: (typeof canaryKinds)[number];
  /** Any of these is the mark. */
  readonly forms: readonly Buffer[];
}

/** A mark as UTF-8, as the engines hold strings (UTF-16), and as it gets through Base64 at any offset. */
export function formsOf(mark: string): Buffer[] {
  const utf8 = Buffer.from(mark);
  // Whole groups of three bytes, whatever stands before: the same characters for each offset.
  const base64 = [0, 1, 2].map((offset) => {
    const whole = utf8.subarray(offset, offset + 3 * Math.floor((utf8.length - offset) / 3));
    return Buffer.from(whole.toString('base64'));
  });
  return [utf8, Buffer.from(mark, 'utf16le'), ...base64.filter(({ length }) => length >= 8)];
}

/** Points of a signature: as JSON, and as two numbers beside each other in memory. */
export function inkCanaries({ strokes }: Ink, count: number): Canary[] {
  const points = strokes.flat().filter(({ x, y }) => !Number.isInteger(x) || !Number.isInteger(y));
  return points.slice(0, count).map(({ x, y }) => {
    const pair = Buffer.alloc(16);
    pair.writeDoubleLE(x, 0);
    pair.writeDoubleLE(y, 8);
    return { kind: 'ink', forms: [Buffer.from(`"x":${x},"y":${y}`), pair] };
  });
}

/** Canaries of which a form was found. @param found indexes into all forms behind one another. */
export function hitsIn(canaries: readonly Canary[], found: ReadonlySet<number>): number[] {
  let next = 0;
  return canaries.flatMap(({ forms }, i) => {
    const first = next;
    next += forms.length;
    return forms.some((_, form) => found.has(first + form)) ? [i] : [];
  });
}
