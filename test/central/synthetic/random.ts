/** Repeatable randomness: the same seed gives the same demo data on every machine. Not for keys. */
import { createHash } from 'node:crypto';

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
  /** Digits, the first may be 0. */
  digits(count: number): string;
}

/** sfc32, seeded by the SHA-256 of a text. */
export function seeded(seed: string): Random {
  const digest = createHash('sha256').update(seed, 'utf8').digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    chance: (probability) => next() < probability,
    digits: (count) => Array.from({ length: count }, () => int(0, 9)).join(''),
  };
}

/** A choice by weight. */
export function weighted<T>(
  random: Random,
  list: readonly [readonly [number, T], ...(readonly [number, T])[]],
): T {
  const total = list.reduce((sum, [weight]) => sum + weight, 0);
  let at = random.next() * total;
  for (const [weight, value] of list) {
    at -= weight;
    if (at < 0) return value;
  }
  return list[0][1];
}
