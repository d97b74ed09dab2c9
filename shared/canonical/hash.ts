import { sha256 as sha256Now } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.ts';
import { toHex } from './bytes.ts';
import { canonicalBytes } from './json.ts';

/** Length of a SHA-256 digest in bytes. */
export const HASH_BYTES = 32;

/** SHA-256 (FIPS 180-4) by Web Crypto: for anything large. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** SHA-256 as lower-case hexadecimal. */
export async function sha256Hex(bytes: Bytes): Promise<string> {
  return toHex(await sha256(bytes));
}

/**
 * SHA-256 in plain JavaScript, at once: for the many small inputs of Merkle trees and row commitments, where a
 * promise per hash would cost more than the hash.
 */
export function sha256Sync(bytes: Uint8Array): Bytes {
  return sha256Now(bytes);
}

/** Hash of a document: lower-case hexadecimal SHA-256 over its canonical JSON. */
export async function hashOf(value: unknown): Promise<string> {
  return sha256Hex(canonicalBytes(value));
}
