import type { Bytes } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { inclusionProofOfHashes, leafHashes, rootOfLeafHashes } from '../../shared/canonical/merkle.ts';

/**
 * Rows of one subtree. A power of two: then the roots of the subtrees are themselves nodes of the whole tree
 * (RFC 6962 section 2.1), and the path above them is the path in the tree over those roots.
 */
const SUBTREE_ROWS = 512;
const SUBTREE_BYTES = SUBTREE_ROWS * HASH_BYTES;

/**
 * The Merkle tree over row commitments, made page by page while others are still on their way, and kept so that
 * one proof costs some 500 hashes and not one for every row of the lookup.
 */
export class RowTree {
  readonly #rows: number;
  readonly #leaves: Bytes;
  readonly #roots: Bytes;
  /** Rows that each subtree still lacks. */
  readonly #lacking: Uint16Array;

  /** @param rows leaves of the whole tree. */
  constructor(rows: number) {
    const subtrees = Math.ceil(rows / SUBTREE_ROWS);
    this.#rows = rows;
    this.#leaves = new Uint8Array(rows * HASH_BYTES);
    this.#roots = new Uint8Array(subtrees * HASH_BYTES);
    this.#lacking = Uint16Array.from({ length: subtrees }, (_, i) =>
      Math.min(SUBTREE_ROWS, rows - i * SUBTREE_ROWS),
    );
  }

  /**
   * Puts some rows in their place; each row once.
   * @param commitments n × 32 bytes, oldest row first.
   * @throws RangeError for rows outside of the tree.
   */
  add(first: number, commitments: Bytes): void {
    this.#leaves.set(leafHashes(commitments), first * HASH_BYTES);
    const end = first + commitments.length / HASH_BYTES;
    for (let subtree = Math.floor(first / SUBTREE_ROWS); subtree * SUBTREE_ROWS < end; subtree++) {
      const start = Math.max(first, subtree * SUBTREE_ROWS);
      const added = Math.min(end, (subtree + 1) * SUBTREE_ROWS) - start;
      const lacking = (this.#lacking[subtree] ?? 0) - added;
      this.#lacking[subtree] = lacking;
      if (lacking === 0) this.#roots.set(rootOfLeafHashes(this.#leavesOf(subtree)), subtree * HASH_BYTES);
    }
  }

  /** Of all rows. @throws RangeError when rows are missing. */
  root(): Bytes {
    if (this.#lacking.some((rows) => rows !== 0)) throw new RangeError('rows are missing');
    return rootOfLeafHashes(this.#roots);
  }

  /** Audit path, leaf to root. @throws RangeError when there is no such row. */
  proof(index: number): Bytes[] {
    if (index >= this.#rows) throw new RangeError('no such leaf');
    const subtree = Math.floor(index / SUBTREE_ROWS);
    return [
      ...inclusionProofOfHashes(this.#leavesOf(subtree), index % SUBTREE_ROWS),
      ...inclusionProofOfHashes(this.#roots, subtree),
    ];
  }

  #leavesOf(subtree: number): Bytes {
    return this.#leaves.subarray(subtree * SUBTREE_BYTES, (subtree + 1) * SUBTREE_BYTES);
  }
}
