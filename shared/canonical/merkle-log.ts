/**
 * A growing Merkle tree (RFC 6962) that keeps the hashes of its perfect subtrees: appending costs one hash on
 * average, roots and proofs of any earlier size cost a handful. 64 bytes a leaf.
 */
import type { Bytes } from './bytes.ts';
import { HASH_BYTES, sha256Sync } from './hash.ts';
import { nodeHash } from './merkle.ts';
import { consistencyRanges, inclusionRanges, rangeHash, type TreeRange } from './tree-ranges.ts';

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
    return size === 0 ? sha256Sync(new Uint8Array(0)) : this.#range({ start: 0, end: size });
  }

  /** Audit path of a leaf in the tree of the first `size` leaves (RFC 6962 section 2.1.1), lowest first. */
  inclusion(index: number, size: number = this.size): Bytes[] {
    this.#requireSize(size);
    return inclusionRanges(index, size).map((range) => this.#range(range));
  }

  /** Proof that the first `oldSize` leaves are a prefix of the first `size` (RFC 6962 section 2.1.2). */
  consistency(oldSize: number, size: number = this.size): Bytes[] {
    this.#requireSize(size);
    this.#requireSize(oldSize);
    return consistencyRanges(oldSize, size).map((range) => this.#range(range));
  }

  #range(range: TreeRange): Bytes {
    return rangeHash(range, ({ level, index }) => this.#level(level).at(index));
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
