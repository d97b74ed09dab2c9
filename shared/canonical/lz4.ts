/**
 * LZ4 blocks (lz4/lz4, doc/lz4_Block_format.md), without a frame around them. In plain JavaScript and at once: pages
 * are many and small, and of the formats that a browser brings itself none opens them as fast (docs/performance.md).
 */
import type { Bytes } from './bytes.ts';
import { SealedPageError } from './sealed-page-error.ts';

/** Shortest copy. */
const MIN_MATCH = 4;
/** The last bytes of a block are never copies, and no copy begins among these ("End of block conditions"). */
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;
/** Farthest that a copy reaches back. */
const MAX_OFFSET = 0xffff;
/** A length of this much in a token's four bits goes on in the bytes behind it. */
const LONG = 15;
const HASH_BITS = 13;
/** Misses after which the search for copies takes longer steps, as a power of two. */
const SKIP_BITS = 6;
/** Up to here a loop copies faster than a call. */
const LOOP_BYTES = 64;

/**
 * One block of any bytes; at the worst larger than they are, by a 255th and 16 bytes. Copies are of whole pairs of
 * bytes and begin at even places, because the bytes are UTF-16 text for the most part: that makes the block three
 * hundredths larger, and `decompressBlock` a third faster.
 */
export function compressBlock(bytes: Bytes): Bytes {
  const out = new Uint8Array(bytes.length + Math.ceil(bytes.length / 255) + 16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  /** Where four bytes of this hash were seen last, and one more; 0 for nowhere. */
  const seen = new Int32Array(1 << HASH_BITS);
  const lastMatch = bytes.length - MATCH_LIMIT;
  let written = 0;
  /** What lies between here and `at` has yet to be written. */
  let anchor = 0;
  let at = 0;
  let misses = 1 << SKIP_BITS;

  const writeLength = (length: number): void => {
    let rest = length - LONG;
    for (; rest >= 255; rest -= 255) out[written++] = 255;
    out[written++] = rest;
  };
  const writeLiterals = (until: number, matchBits: number): void => {
    const length = until - anchor;
    out[written++] = (Math.min(length, LONG) << 4) | matchBits;
    if (length >= LONG) writeLength(length);
    out.set(bytes.subarray(anchor, until), written);
    written += length;
  };

  while (at <= lastMatch) {
    const four = view.getUint32(at, true);
    const hash = Math.imul(four, 2_654_435_761) >>> (32 - HASH_BITS);
    const candidate = (seen[hash] ?? 0) - 1;
    seen[hash] = at + 1;
    if (candidate < 0 || at - candidate > MAX_OFFSET || view.getUint32(candidate, true) !== four) {
      at += 2 * (misses++ >> SKIP_BITS);
      continue;
    }
    misses = 1 << SKIP_BITS;
    let end = at + MIN_MATCH;
    for (let from = candidate + MIN_MATCH; end < bytes.length - LAST_LITERALS; end++, from++) {
      if (bytes[end] !== bytes[from]) break;
    }
    end -= (end - at) % 2;
    const length = end - at - MIN_MATCH;
    writeLiterals(at, Math.min(length, LONG));
    out[written++] = (at - candidate) & 0xff;
    out[written++] = (at - candidate) >> 8;
    if (length >= LONG) writeLength(length);
    at = end;
    anchor = end;
  }
  writeLiterals(bytes.length, 0);
  const block = out.slice(0, written);
  // SECURITY: S11 no text is left in memory that nobody overwrites later.
  out.fill(0);
  return block;
}

/**
 * The bytes of one block.
 * @param length how many there are.
 * @throws SealedPageError 'malformed' for anything that is no block of exactly so many bytes.
 */
export function decompressBlock(block: Bytes, length: number): Bytes {
  const out = new Uint8Array(length);
  const pairs = new Uint16Array(out.buffer, 0, length >> 1);
  // Nothing here is shared with a function within: such variables would be slow.
  let at = 0;
  let written = 0;
  for (;;) {
    if (at >= block.length) throw malformed();
    const token = block[at++] ?? 0;
    let literals = token >> 4;
    if (literals === LONG) {
      const more = longLength(block, at);
      literals += more;
      at += bytesOfLong(more);
    }
    if (literals > block.length - at || literals > length - written) throw malformed();
    if (literals > LOOP_BYTES) {
      out.set(block.subarray(at, at + literals), written);
      at += literals;
      written += literals;
    } else if (((literals | written) & 1) === 0) {
      const end = (written + literals) >> 1;
      for (let pair = written >> 1; pair < end; at += 2) {
        pairs[pair++] = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
      }
      written += literals;
    } else {
      for (const end = at + literals; at < end; ) out[written++] = block[at++] ?? 0;
    }
    // The last sequence has no copy.
    if (at === block.length) break;
    if (at + 2 > block.length) throw malformed();
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    let copied = (token & 0xf) + MIN_MATCH;
    if ((token & 0xf) === LONG) {
      const more = longLength(block, at);
      copied += more;
      at += bytesOfLong(more);
    }
    if (offset === 0 || offset > written || copied > length - written) throw malformed();
    let from = written - offset;
    if (copied > LOOP_BYTES && offset >= copied) {
      out.copyWithin(written, from, from + copied);
      written += copied;
    } else if (((written | offset | copied) & 1) === 0) {
      // A copy may reach into what it writes itself.
      let pair = written >> 1;
      written += copied;
      const end = written >> 1;
      for (from >>= 1; pair < end; ) pairs[pair++] = pairs[from++] ?? 0;
    } else {
      for (const end = written + copied; written < end; ) out[written++] = out[from++] ?? 0;
    }
  }
  if (written !== length) throw malformed();
  return out;
}

/** What the bytes from `at` on add to a length whose four bits are full: 255 a byte, and the first smaller one. */
function longLength(block: Bytes, at: number): number {
  let more = 0;
  for (let i = at; i < block.length; i++) {
    const byte = block[i] ?? 0;
    more += byte;
    if (byte < 255) return more;
  }
  throw malformed();
}

/** Bytes that say so. */
function bytesOfLong(more: number): number {
  return Math.floor(more / 255) + 1;
}

function malformed(): SealedPageError {
  return new SealedPageError('malformed', 'compressed rows');
}
