/**
 * Which subtrees a proof over a Merkle tree (RFC 6962 section 2.1) consists of, and how each is made of perfect ones:
 * what has to be known, whether it lies in memory or in a database.
 */
import type { Bytes } from './bytes.ts';
import { nodeHash } from './merkle.ts';

/** Leaves `start` to `end` (not included). `start` is a multiple of the smallest power of two that holds them. */
export interface TreeRange {
  readonly start: number;
  readonly end: number;
}

/** Root of a perfect subtree: the `index`-th of those with 2^level leaves. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let size = 1;
  while (size * 2 < count) size *= 2;
  return size;
}

/** Subtrees of a leaf's audit path (RFC 6962 section 2.1.1), lowest first. @throws RangeError */
export function inclusionRanges(index: number, size: number): TreeRange[] {
  if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf');
  const path = (start: number, end: number): TreeRange[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return index < middle
      ? [...path(start, middle), { start: middle, end }]
      : [...path(middle, end), { start, end: middle }];
  };
  return path(0, size);
}

/** Subtrees of the proof that `oldSize` leaves are a prefix of `size` (RFC 6962 section 2.1.2). @throws RangeError */
export function consistencyRanges(oldSize: number, size: number): TreeRange[] {
  if (oldSize > size) throw new RangeError('the old tree is not a prefix');
  if (oldSize === 0 || oldSize === size) return [];
  const subproof = (start: number, end: number, whole: boolean): TreeRange[] => {
    if (oldSize === end) return whole ? [] : [{ start, end }];
    const middle = start + split(end - start);
    return oldSize <= middle
      ? [...subproof(start, middle, whole), { start: middle, end }]
      : [...subproof(middle, end, false), { start, end: middle }];
  };
  return subproof(0, size, true);
}

/** The perfect subtrees that a range is made of, largest first. */
export function perfectNodes({ start, end }: TreeRange): TreeNode[] {
  const count = end - start;
  if (count === 0) return [];
  const level = Math.log2(count);
  if (Number.isInteger(level)) return [{ level, index: start / count }];
  const middle = start + split(count);
  return [...perfectNodes({ start, end: middle }), ...perfectNodes({ start: middle, end })];
}

/** Hash over a range's leaves. @param hashOf hash of a perfect subtree */
export function rangeHash({ start, end }: TreeRange, hashOf: (node: TreeNode) => Bytes): Bytes {
  const count = end - start;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return hashOf({ level, index: start / count });
  const middle = start + split(count);
  return nodeHash(rangeHash({ start, end: middle }, hashOf), rangeHash({ start: middle, end }, hashOf));
}
