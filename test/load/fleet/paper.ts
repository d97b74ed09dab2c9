/** What a customer's window would draw: a picture of the screen and a printed page, of the usual size. */
import { randomBytes } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { concat } from '../../../shared/canonical/bytes.ts';

const PNG_MAGIC = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a picture of the window as it is signed (1280 × 800, mostly text). */
const PICTURE_BYTES = 100_000;

/** Begins as a PNG does; the rest does not compress, as a PNG's does not. */
export function makePicture(): Uint8Array<ArrayBuffer> {
  return concat(PNG_MAGIC, randomBytes(PICTURE_BYTES - PNG_MAGIC.length));
}

/** A page of A4. */
export async function makePage(): Promise<Uint8Array<ArrayBuffer>> {
  const document = PDF.create();
  document.addPage({ size: 'a4' });
  return new Uint8Array(await document.save());
}
