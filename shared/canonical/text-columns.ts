import { type Bytes, fromUtf8, utf8 } from './bytes.ts';
import { SealedPageError } from './sealed-page-error.ts';

/** Longest text that a column can hold, in UTF-16 units. */
const MAX_LENGTH = 0xffff;

/** Distinct strings in the order of first use. */
export class StringDictionary {
  readonly #indexes = new Map<string, number>();
  readonly strings: string[] = [];

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.strings.length;
    this.#indexes.set(text, index);
    this.strings.push(text);
    return index;
  }
}

/** Texts behind one another as UTF-16 units, so that a search can scan them without making strings. */
export interface TextColumn {
  /** Units of each text. */
  readonly lengths: Uint16Array<ArrayBuffer>;
  readonly units: Uint16Array<ArrayBuffer>;
}

/**
 * Packs texts into one column.
 * @throws SealedPageError 'invalid-row' for a text of more than 65,535 units, and on a lone surrogate: it has no
 * UTF-8, so it could not be committed to.
 */
export function unitsOfTexts(texts: readonly string[]): TextColumn {
  const lengths = lengthsOf(texts);
  const units = new Uint16Array(lengths.reduce((sum, length) => sum + length, 0));
  let position = 0;
  texts.forEach((text) => {
    for (let i = 0; i < text.length; i++) units[position++] = text.charCodeAt(i);
  });
  return { lengths, units };
}

/** Short strings behind one another as UTF-8: half the size of UTF-16 for numbers, and decoded in one go. */
export interface StringColumn {
  /** UTF-16 units of each string. */
  readonly lengths: Uint16Array<ArrayBuffer>;
  readonly utf8: Bytes;
}

/** Packs strings into one column. @throws SealedPageError as `unitsOfTexts` does */
export function packStrings(strings: readonly string[]): StringColumn {
  return { lengths: lengthsOf(strings), utf8: utf8(strings.join('')) };
}

/**
 * The strings of a column, which are distinct, and all of them behind one another.
 * @throws SealedPageError 'malformed' for bytes that are no UTF-8, or not as long as the lengths say, for a string
 * with half a surrogate pair, and for one that stands twice.
 */
export function unpackStrings(lengths: Uint16Array, bytes: Bytes): { strings: string[]; whole: string } {
  let whole: string;
  try {
    whole = fromUtf8(bytes);
  } catch {
    throw new SealedPageError('malformed', 'strings');
  }
  const strings: string[] = [];
  let end = 0;
  for (const length of lengths) {
    // What UTF-8 spells is well-formed as a whole: half a pair is left only where one is cut.
    if (isSecondHalf(whole.charCodeAt(end))) throw new SealedPageError('malformed', 'lone surrogate');
    strings.push(whole.slice(end, end + length));
    end += length;
  }
  if (end !== whole.length) throw new SealedPageError('malformed', 'lengths of strings');
  if (new Set(strings).size !== strings.length) throw new SealedPageError('malformed', 'string twice');
  return { strings, whole };
}

/** Of a surrogate pair; NaN, behind the end, is none. */
function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function lengthsOf(texts: readonly string[]): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(texts, (text) => {
    if (!text.isWellFormed()) throw new SealedPageError('invalid-row', 'lone surrogate');
    if (text.length > MAX_LENGTH) throw new SealedPageError('invalid-row', 'text length');
    return text.length;
  });
}

/** The string of some UTF-16 units, byte-order marks and all. */
export function textOfUnits(units: Uint16Array<ArrayBuffer>): string {
  // Applied, not spread: a fifth of the time.
  if (units.length <= 4096) return Reflect.apply(String.fromCharCode, null, units);
  let text = '';
  // In pieces: a large array overflows the argument stack.
  for (let i = 0; i < units.length; i += 4096) text += textOfUnits(units.subarray(i, i + 4096));
  return text;
}

/** Whether each text between two offsets is well-formed by itself: no pair may straddle two texts. */
export function isWellFormedAt(units: Uint16Array<ArrayBuffer>, offsets: Uint32Array<ArrayBuffer>): boolean {
  let text = 0;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] ?? 0;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    while ((offsets[text + 1] ?? 0) <= i) text++;
    const next = units[i + 1] ?? 0;
    const paired = unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff && i + 1 < (offsets[text + 1] ?? 0);
    if (!paired) return false;
    i++;
  }
  return true;
}
