import type { Bytes } from './bytes.ts';
import { SealedPageError } from './sealed-page-error.ts';

// Typed arrays read in the machine's byte order, and the format is little-endian. Every platform that Electron and
// Chromium run on is; on any other the columns would be read wrong, so loading stops there.
if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
  throw new Error('the sealed-page format needs a little-endian machine');
}

/** Writes columns one behind the other into a buffer of a length known beforehand. */
export class ByteWriter {
  readonly #bytes: Bytes;
  readonly #view: DataView;
  #offset = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): void {
    this.#view.setUint8(this.#offset, value);
    this.#offset += 1;
  }

  u16s(values: ArrayLike<number>): void {
    this.bytes(new Uint8Array(Uint16Array.from(values).buffer));
  }

  u32s(values: ArrayLike<number>): void {
    this.bytes(new Uint8Array(Uint32Array.from(values).buffer));
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#offset, value, true);
    this.#offset += 8;
  }

  bytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#offset);
    this.#offset += bytes.length;
  }

  /** The buffer; a length that was reckoned wrong is a programming error. */
  finish(): Bytes {
    if (this.#offset !== this.#bytes.length) throw new Error('page length reckoned wrong');
    return this.#bytes;
  }
}

/** Reads columns as views of the page's own buffer; every step checks that the bytes are there. */
export class ByteReader {
  readonly #bytes: Bytes;
  #offset = 0;

  constructor(bytes: Bytes) {
    // Views need their column's alignment; a page cut out of a larger buffer is copied once.
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  }

  bytes(length: number): Bytes {
    const start = this.#take(length, 1);
    return this.#bytes.subarray(start, start + length);
  }

  u16s(count: number): Uint16Array<ArrayBuffer> {
    const start = this.#take(2 * count, 2);
    return new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset + start, count);
  }

  u32s(count: number): Uint32Array<ArrayBuffer> {
    const start = this.#take(4 * count, 4);
    return new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + start, count);
  }

  f64s(count: number): Float64Array<ArrayBuffer> {
    const start = this.#take(8 * count, 8);
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + start, count);
  }

  /** The last column: everything that is left. */
  rest(): Bytes {
    return this.bytes(this.#bytes.length - this.#offset);
  }

  #take(length: number, alignment: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start || start % alignment !== 0) {
      throw new SealedPageError('malformed', 'too short');
    }
    this.#offset += length;
    return start;
  }
}
