import type { Bytes } from './bytes.ts';
import { equal } from './bytes.ts';
import { HASH_BYTES, sha256Sync } from './hash.ts';

// Merkle trees of Certificate Transparency (RFC 6962 section 2.1; the checks are those of RFC 9162 section 2.1).
// Leaves and nodes are hashed with different first bytes, so that a node cannot be passed off as a leaf.

/** What `verifyInclusion` is asked to believe. */
export interface InclusionClaim {
  /** The leaf's data, not its hash. */
  readonly leaf: Uint8Array;
  readonly index: number;
  /** Leaves of the whole tree. */
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** What `verifyConsistency` is asked to believe. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Hash of one leaf's data: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Bytes {
  const input = new Uint8Array(1 + data.length);
  input.set(data, 1);
  return sha256Sync(input);
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256Sync(input);
}

/** Leaf hashes (n × 32 bytes) of a column of n equally long leaves, such as a page's commitments. */
export function leafHashes(column: Uint8Array, leafBytes = HASH_BYTES): Bytes {
  const count = column.length / leafBytes;
  if (!Number.isInteger(count)) throw new RangeError('a column holds whole leaves');
  const hashes = new Uint8Array(count * HASH_BYTES);
  // One input buffer for the whole column: the hash copies it.
  const input = new Uint8Array(1 + leafBytes);
  for (let i = 0; i < count; i++) {
    input.set(column.subarray(i * leafBytes, (i + 1) * leafBytes), 1);
    hashes.set(sha256Sync(input), i * HASH_BYTES);
  }
  return hashes;
}

/** Root of a tree over leaf data; of no leaves: SHA-256 of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Bytes {
  return rootOfLeafHashes(hashAll(leaves));
}

/**
 * Root of a tree whose leaf hashes lie behind one another (n × 32 bytes), so that hashes of pages can be joined
 * without an object a row. The input is left as it is.
 */
export function rootOfLeafHashes(hashes: Uint8Array): Bytes {
  const count = countHashes(hashes);
  if (count === 0) return sha256Sync(new Uint8Array(0));
  let level = new Uint8Array(hashes);
  for (let size = count; size > 1; size = Math.ceil(size / 2)) level = parents(level, size);
  return level.slice(0, HASH_BYTES);
}

/**
 * Root of a whole tree from the roots (n × 32 bytes) of subtrees that hold its leaves in order. They are nodes of the
 * tree (RFC 6962 section 2.1) when all but the last are of one size, a power of two, and the last is no larger.
 * @param sizes leaves of each subtree.
 * @returns undefined where they are not.
 */
export function rootOfSubtrees(roots: Uint8Array, sizes: readonly number[]): Bytes | undefined {
  const [first = 0] = sizes;
  const isPower = Number.isInteger(Math.log2(first));
  const areNodes =
    countHashes(roots) === sizes.length &&
    sizes.every((size, i) => (i < sizes.length - 1 ? size === first && isPower : size > 0 && size <= first));
  return areNodes ? rootOfLeafHashes(roots) : undefined;
}

/** Audit path of the leaf at `index` (RFC 6962 section 2.1.1), lowest sibling first. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Bytes[] {
  return inclusionProofOfHashes(hashAll(leaves), index);
}

/** `inclusionProof` from leaf hashes (n × 32 bytes). */
export function inclusionProofOfHashes(hashes: Uint8Array, index: number): Bytes[] {
  const count = countHashes(hashes);
  if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError('no such leaf');
  const proof: Bytes[] = [];
  let level = new Uint8Array(hashes);
  let position = index;
  for (let size = count; size > 1; size = Math.ceil(size / 2)) {
    const sibling = position % 2 === 0 ? position + 1 : position - 1;
    // The last of an odd number moves up as it is and has no sibling on this level.
    if (sibling < size) proof.push(hashAt(level, sibling));
    level = parents(level, size);
    position = Math.floor(position / 2);
  }
  return proof;
}

/** Whether `leaf` is at `index` in the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion({ leaf, index, size, proof, root }: InclusionClaim): boolean {
  if (!isSize(size) || !isSize(index) || index >= size || !areHashes([...proof, root])) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leafHash(leaf);
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(hash, root);
}

/** Proof that the first `oldSize` leaves are a prefix of `leaves` (RFC 6962 section 2.1.2). */
export function consistencyProof(leaves: readonly Uint8Array[], oldSize: number): Bytes[] {
  return consistencyProofOfHashes(hashAll(leaves), oldSize);
}

/** `consistencyProof` from leaf hashes (n × 32 bytes). */
export function consistencyProofOfHashes(hashes: Uint8Array, oldSize: number): Bytes[] {
  const count = countHashes(hashes);
  if (!isSize(oldSize) || oldSize > count) throw new RangeError('the old tree is not a prefix');
  return oldSize === 0 || oldSize === count ? [] : subproof(hashes, oldSize, true);
}

/** Whether the tree of `newSize` leaves continues the one of `oldSize` leaves (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (!areHashes([...proof, oldRoot, newRoot])) return false;
  // Every tree continues the empty one; its root is fixed, so a made-up one is refused.
  if (oldSize === 0 && !equal(oldRoot, rootOfLeafHashes(new Uint8Array(0)))) return false;
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0;
  // An old tree of a power of two is itself a node of the new one and is left out of the proof.
  const [start, ...path] = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : proof;
  if (start === undefined) return false;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let oldHash = start;
  let newHash = start;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot);
}

/** SUBPROOF(m, D[n], b) of RFC 6962; `whole`: the old tree is still exactly this subtree's prefix. */
function subproof(hashes: Uint8Array, oldSize: number, whole: boolean): Bytes[] {
  const count = countHashes(hashes);
  if (oldSize === count) return whole ? [] : [rootOfLeafHashes(hashes)];
  let split = 1;
  while (split * 2 < count) split *= 2;
  const left = hashes.subarray(0, split * HASH_BYTES);
  const right = hashes.subarray(split * HASH_BYTES);
  return oldSize <= split
    ? [...subproof(left, oldSize, whole), rootOfLeafHashes(right)]
    : [...subproof(right, oldSize - split, false), rootOfLeafHashes(left)];
}

/** The level above `size` hashes. */
function parents(level: Bytes, size: number): Bytes {
  const above = new Uint8Array(Math.ceil(size / 2) * HASH_BYTES);
  // One input buffer for the whole level: the hash copies it.
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  const pairs = Math.floor(size / 2);
  for (let i = 0; i < pairs; i++) {
    input.set(level.subarray(2 * i * HASH_BYTES, (2 * i + 2) * HASH_BYTES), 1);
    above.set(sha256Sync(input), i * HASH_BYTES);
  }
  if (size % 2 === 1) above.set(hashAt(level, size - 1), pairs * HASH_BYTES);
  return above;
}

function hashAll(leaves: readonly Uint8Array[]): Bytes {
  const hashes = new Uint8Array(leaves.length * HASH_BYTES);
  for (const [i, leaf] of leaves.entries()) hashes.set(leafHash(leaf), i * HASH_BYTES);
  return hashes;
}

function hashAt(level: Bytes, i: number): Bytes {
  return level.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES);
}

function countHashes(hashes: Uint8Array): number {
  if (hashes.length % HASH_BYTES !== 0) throw new RangeError('hashes are 32 bytes each');
  return hashes.length / HASH_BYTES;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function half(n: number): number {
  return Math.floor(n / 2);
}
