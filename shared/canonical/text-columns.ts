import { SealedPageError } from './sealed-page-error.ts';

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
  /** One more than there are texts; the first is 0, the last the number of units. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly units: Uint16Array<ArrayBuffer>;
}

/**
 * Packs texts into one column.
 * @throws SealedPageError 'invalid-row' on a lone surrogate: it has no UTF-8, so it could not be committed to.
 */
export function unitsOfTexts(texts: readonly string[]): TextColumn {
  const offsets = new Uint32Array(texts.length + 1);
  let length = 0;
  for (const [i, text] of texts.entries()) {
    if (!text.isWellFormed()) throw new SealedPageError('invalid-row', 'lone surrogate');
    length += text.length;
    offsets[i + 1] = length;
  }
  const units = new Uint16Array(length);
  let position = 0;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) units[position++] = text.charCodeAt(i);
  }
  return { offsets, units };
}

/** The string of some UTF-16 units, byte-order marks and all. */
export function textOfUnits(units: Uint16Array<ArrayBuffer>): string {
  if (units.length <= 4096) return String.fromCharCode(...units);
  let text = '';
  // In pieces: spreading a large array overflows the argument stack.
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
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
