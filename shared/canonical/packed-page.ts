/** What is encrypted of a page: its columns, compressed and filled up to a round size. */
import type { Bytes } from './bytes.ts';
import { compressBlock, decompressBlock } from './lz4.ts';
import { SealedPageError } from './sealed-page-error.ts';

//   u32 bytes of the plain page · u32 bytes of the block · block · zeros
//
// Numbers are little-endian. The block is an LZ4 block of the plain page or, as long as it, the plain page itself. As
// many zeros, fewer than 512, as make the whole a multiple of 512.

const PREFIX_BYTES = 8;
/** A page's size tells how well its rows compress: in steps so long, that it tells little of any one of them. */
const STEP_BYTES = 512;
/** No byte of a block stands for more of the plain page: what claims more is not worth the memory. */
const MAX_GROWTH = 255;

/** What compressing spares at the least, as a share; less is not worth the time that opening takes. */
const WORTH = 1 / 4;

/** Packs a plain page. */
export function packPage(plain: Bytes): Bytes {
  const compressed = compressBlock(plain);
  const block = compressed.length <= plain.length * (1 - WORTH) ? compressed : plain;
  const bytes = PREFIX_BYTES + block.length;
  const packed = new Uint8Array(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
  const view = new DataView(packed.buffer);
  view.setUint32(0, plain.length, true);
  view.setUint32(4, block.length, true);
  packed.set(block, PREFIX_BYTES);
  // SECURITY: S11 as compressed as it is, it is what customers wrote.
  compressed.fill(0);
  return packed;
}

/** The plain page again. @throws SealedPageError 'malformed' unless `packPage` could have written it. */
export function unpackPage(packed: Bytes): Bytes {
  if (packed.length < PREFIX_BYTES || packed.length % STEP_BYTES !== 0) throw malformed();
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const length = view.getUint32(0, true);
  const end = PREFIX_BYTES + view.getUint32(4, true);
  if (length > MAX_GROWTH * (end - PREFIX_BYTES) || end > packed.length || packed.length - end >= STEP_BYTES)
    throw malformed();
  if (packed.subarray(end).some((byte) => byte !== 0)) throw malformed();
  const block = packed.subarray(PREFIX_BYTES, end);
  return block.length === length ? block.slice() : decompressBlock(block, length);
}

function malformed(): SealedPageError {
  return new SealedPageError('malformed', 'packed page');
}
