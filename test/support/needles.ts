/** Many needles in one pass: what a search for each alone would take hours for. */

/** Bytes of a needle that the table is asked about. */
const KEY = 3;

/** Where in a needle its key stands. */
interface Anchored {
  readonly needle: Buffer;
  readonly index: number;
  readonly offset: number;
}

export class Needles {
  /** Bit by three bytes: whether they are some needle's key. */
  readonly #keys = new Uint8Array(2 ** (8 * KEY - 3));
  readonly #byKey = new Map<number, Anchored[]>();
  readonly longest: number;

  /** @param needles each of at least three bytes. @throws RangeError */
  constructor(needles: readonly Buffer[]) {
    this.longest = Math.max(0, ...needles.map(({ length }) => length));
    for (const [index, needle] of needles.entries()) {
      if (needle.length < KEY) throw new RangeError(`a needle has at least ${KEY} bytes`);
      const offset = rarest(needle);
      const key = needle.readUIntLE(offset, KEY);
      this.#keys[key >> 3] = (this.#keys[key >> 3] ?? 0) | (1 << (key & 7));
      this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { needle, index, offset }]);
    }
  }

  /** Adds the indexes of the needles that lie in `bytes`. */
  search(bytes: Buffer, found: Set<number>): void {
    const keys = this.#keys;
    let key = ((bytes[0] ?? 0) << 8) | ((bytes[1] ?? 0) << 16);
    for (let end = KEY - 1; end < bytes.length; end++) {
      key = (key >>> 8) | ((bytes[end] ?? 0) << 16);
      if (((keys[key >> 3] ?? 0) & (1 << (key & 7))) === 0) continue;
      for (const { needle, index, offset } of this.#byKey.get(key) ?? []) {
        const start = end - KEY + 1 - offset;
        if (start < 0 || found.has(index)) continue;
        if (bytes.subarray(start, start + needle.length).equals(needle)) found.add(index);
      }
    }
  }
}

/** Memory is full of zeros: the first place where a needle has the fewest of them. */
function rarest(needle: Buffer): number {
  let best = 0;
  let least = KEY + 1;
  for (let offset = 0; offset + KEY <= needle.length; offset++) {
    const zeros = needle.subarray(offset, offset + KEY).filter((byte) => byte === 0).length;
    if (zeros < least) [best, least] = [offset, zeros];
  }
  return best;
}
