import { type Bytes, concat } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { inclusionProofOfHashes, leafHashes, rootOfLeafHashes } from '../../shared/canonical/merkle.ts';

/**
 * Rows of one subtree. A power of two: then the roots of the subtrees are themselves nodes of the whole tree
 * (RFC 6962 section 2.1), and the path above them is the path in the tree over those roots.
 */
const SUBTREE_ROWS = 512;
const SUBTREE_BYTES = SUBTREE_ROWS * HASH_BYTES;

/**
 * The Merkle tree over row commitments, kept so that one proof costs some 500 hashes and not one for every row
 * of the lookup.
 */
export class RowTree {
  readonly #leaves: Bytes;
  readonly #roots: Bytes;

  /** @param commitments n × 32 bytes, oldest row first. */
  constructor(commitments: Bytes) {
    this.#leaves = leafHashes(commitments);
    const roots: Bytes[] = [];
    for (let at = 0; at < this.#leaves.length; at += SUBTREE_BYTES) {
      roots.push(rootOfLeafHashes(this.#leaves.subarray(at, at + SUBTREE_BYTES)));
    }
    this.#roots = concat(...roots);
  }

  root(): Bytes {
    return rootOfLeafHashes(this.#roots);
  }

  /** Audit path, leaf to root. @throws RangeError when there is no such row. */
  proof(index: number): Bytes[] {
    const subtree = Math.floor(index / SUBTREE_ROWS);
    const leaves = this.#leaves.subarray(subtree * SUBTREE_BYTES, (subtree + 1) * SUBTREE_BYTES);
    return [
      ...inclusionProofOfHashes(leaves, index % SUBTREE_ROWS),
      ...inclusionProofOfHashes(this.#roots, subtree),
    ];
  }
}
