import type { Bytes } from './bytes.ts';

// Signatures; the bodies follow in the next commit.

/** Hash of one leaf's data: SHA-256(0x00 ‖ data), RFC 6962 section 2.1. */
export declare function leafHash(data: Uint8Array): Bytes;
/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1. */
export declare function nodeHash(left: Uint8Array, right: Uint8Array): Bytes;
/** Leaf hashes of `data`, which holds leaves of `leafBytes` bytes each (a page's commitments column). */
export declare function leafHashes(data: Uint8Array, leafBytes?: number): Bytes;
/** Root of a tree over leaf data; of no leaves: SHA-256 of nothing. */
export declare function merkleRoot(leaves: readonly Uint8Array[]): Bytes;
/** Root of a tree whose leaf hashes lie behind one another, n × 32 bytes. */
export declare function rootOfLeafHashes(hashes: Uint8Array): Bytes;
/** Audit path of the leaf at `index`, RFC 6962 section 2.1.1, lowest sibling first. */
export declare function inclusionProof(leaves: readonly Uint8Array[], index: number): Bytes[];
/** Whether `leaf` (data) is at `index` in the tree of `size` leaves with this root. */
export declare function verifyInclusion(claim: InclusionClaim): boolean;
/** Proof that the first `oldSize` leaves are a prefix of `leaves`, RFC 6962 section 2.1.2. */
export declare function consistencyProof(leaves: readonly Uint8Array[], oldSize: number): Bytes[];
/** Whether the tree of `newSize` leaves continues the one of `oldSize` leaves. */
export declare function verifyConsistency(claim: ConsistencyClaim): boolean;

export interface InclusionClaim {
  /** The leaf's data, not its hash. */
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}
