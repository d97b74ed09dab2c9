/**
 * A growing Merkle tree (RFC 6962) that keeps the hashes of its perfect subtrees: appending costs one hash on
 * average, roots and proofs of any earlier size cost a handful. 64 bytes a leaf.
 */
import type { Bytes } from './bytes.ts';
import { HASH_BYTES, sha256Sync } from './hash.ts';
import { nodeHash } from './merkle.ts';

export class MerkleLog {
  /** `#levels[k]` holds the roots of the perfect subtrees of 2^k leaves, in order. */
  readonly #levels: HashColumn[] = [];

  get size(): number {
    return this.#levels[0]?.count ?? 0;
  }

  /** Appends a leaf's hash (32 bytes). */
  append(leaf: Uint8Array): void {
    if (leaf.length !== HASH_BYTES) throw new RangeError('hashes are 32 bytes each');
    let hash = leaf;
    for (let level = 0; ; level++) {
      const column = this.#level(level);
      column.push(hash);
      if (column.count % 2 === 1) return;
      hash = nodeHash(column.at(column.count - 2), column.at(column.count - 1));
    }
  }

  /** Hash of a leaf. */
  leaf(index: number): Bytes {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) throw new RangeError('no such leaf');
    return this.#level(0).at(index);
  }

  /** Root over the first `size` leaves. @throws RangeError when there are not that many. */
  root(size: number = this.size): Bytes {
    this.#requireSize(size);
    return size === 0 ? sha256Sync(new Uint8Array(0)) : this.#range(0, size);
  }

  /** Audit path of a leaf in the tree of the first `size` leaves (RFC 6962 section 2.1.1), lowest first. */
  inclusion(index: number, size: number = this.size): Bytes[] {
    this.#requireSize(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf');
    const path = (start: number, end: number): Bytes[] => {
      if (end - start === 1) return [];
      const middle = start + split(end - start);
      return index < middle
        ? [...path(start, middle), this.#range(middle, end)]
        : [...path(middle, end), this.#range(start, middle)];
    };
    return path(0, size);
  }

  /** Proof that the first `oldSize` leaves are a prefix of the first `size` (RFC 6962 section 2.1.2). */
  consistency(oldSize: number, size: number = this.size): Bytes[] {
    this.#requireSize(size);
    this.#requireSize(oldSize);
    if (oldSize > size) throw new RangeError('the old tree is not a prefix');
    if (oldSize === 0 || oldSize === size) return [];
    const subproof = (start: number, end: number, whole: boolean): Bytes[] => {
      if (oldSize === end) return whole ? [] : [this.#range(start, end)];
      const middle = start + split(end - start);
      return oldSize <= middle
        ? [...subproof(start, middle, whole), this.#range(middle, end)]
        : [...subproof(middle, end, false), this.#range(start, middle)];
    };
    return subproof(0, size, true);
  }

  /** Hash over leaves `start` to `end`: `start` is a multiple of the smallest power of two that holds them. */
  #range(start: number, end: number): Bytes {
    const count = end - start;
    const level = Math.log2(count);
    if (Number.isInteger(level)) return this.#level(level).at(start / count);
    const middle = start + split(count);
    return nodeHash(this.#range(start, middle), this.#range(middle, end));
  }

  #level(level: number): HashColumn {
    const column = this.#levels[level] ?? new HashColumn();
    this.#levels[level] = column;
    return column;
  }

  #requireSize(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) throw new RangeError('no such tree');
  }
}

/** Hashes behind one another in a buffer that doubles. */
class HashColumn {
  #bytes: Bytes = new Uint8Array(16 * HASH_BYTES);
  count = 0;

  push(hash: Uint8Array): void {
    const offset = this.count * HASH_BYTES;
    if (offset === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, offset);
    this.count += 1;
  }

  at(index: number): Bytes {
    return this.#bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let size = 1;
  while (size * 2 < count) size *= 2;
  return size;
}
