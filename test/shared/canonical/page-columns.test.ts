import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../../shared/canonical/bytes.ts';
import type { ContentRow, MetadataRow } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  encodeContent,
  encodeMetadata,
  PAGE_ROWS,
  SealedPageError,
} from '../../../shared/canonical/sealed-page.ts';
import { contentRow, metadataRow } from './arbitraries.ts';

const RUNS = { numRuns: 1000 };
const META: MetadataRow = {
  at: 0,
  direction: 'in',
  category: 'sms',
  maskedPeer: '138****8000',
};
const CONTENT: ContentRow = { peer: '13800138000', text: '您好😀' };

function refused(kind: SealedPageError['kind']): unknown {
  return expect.objectContaining({ name: 'SealedPageError', kind });
}

describe('metadata columns', () => {
  it('give back every row, also from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(
        fc.array(metadataRow, { maxLength: 40 }),
        fc.integer({ min: 0, max: 9 }),
        (rows, offset) => {
          const plain = encodeMetadata(rows);
          const page = decodeMetadata(concat(new Uint8Array(offset), plain).subarray(offset));
          expect(page).toHaveLength(rows.length);
          expect(rows.map((_, i) => page.row(i))).toEqual(rows);
          expect([...page.at]).toEqual(rows.map((row) => row.at));
        },
      ),
      RUNS,
    );
  });

  it('hold a full page and no more', () => {
    const full = Array.from({ length: PAGE_ROWS }, (_, at) => ({ ...META, at, maskedPeer: String(at) }));
    expect(decodeMetadata(encodeMetadata(full)).row(PAGE_ROWS - 1)).toEqual(full.at(-1));
    expect(() => encodeMetadata([...full, META])).toThrow(refused('invalid-row'));
  });

  it.each<[string, Partial<Record<keyof MetadataRow, unknown>>]>([
    ['a fraction of a millisecond', { at: 0.5 }],
    ['no time', { at: Number.NaN }],
    ['a time beyond dates', { at: 8.64e15 + 2 }],
    ['minus zero', { at: -0 }],
    ['an unknown category', { category: 'mms' }],
    ['an unknown direction', { direction: 'sideways' }],
    ['a lone surrogate', { maskedPeer: 'a\uDC00' }],
  ])('refuse %s', (_, change) => {
    const row = { ...META, ...change } as MetadataRow;
    expect(() => encodeMetadata([row])).toThrow(refused('invalid-row'));
  });

  it('name no row outside the page', () => {
    const page = decodeMetadata(encodeMetadata([META]));
    for (const i of [-1, 1, 0.5, Number.NaN]) {
      expect(() => page.row(i)).toThrow(RangeError);
      expect(() => page.maskedPeer(i)).toThrow(RangeError);
    }
  });
});

describe('content columns', () => {
  it('give back every row, also from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(contentRow, { maxLength: 40 }), fc.integer({ min: 0, max: 9 }), (rows, offset) => {
        const plain = encodeContent(rows);
        const page = decodeContent(concat(new Uint8Array(offset), plain).subarray(offset));
        expect(rows.map((_, i) => page.row(i))).toEqual(rows);
        expect(String.fromCharCode(...page.texts)).toBe(rows.map((row) => row.text).join(''));
      }),
      RUNS,
    );
  });

  it('keep long texts and byte-order marks', () => {
    const text = `\uFEFF${'知情同意😀'.repeat(3000)}`;
    expect(decodeContent(encodeContent([{ ...CONTENT, text }])).text(0)).toBe(text);
  });

  it('refuse a lone surrogate and a text that is too long', () => {
    expect(() => encodeContent([{ ...CONTENT, text: '\uD83D' }])).toThrow(refused('invalid-row'));
    expect(() => encodeContent([{ ...CONTENT, peer: '\uDE00' }])).toThrow(refused('invalid-row'));
    // Well-formed only when joined: each text stands alone.
    const halves = ['\uD83D', '\uDE00'].map((text) => ({ ...CONTENT, text }));
    expect(() => encodeContent(halves)).toThrow(refused('invalid-row'));
    const longest = 'a'.repeat(65_535);
    expect(decodeContent(encodeContent([{ ...CONTENT, text: longest }])).text(0)).toBe(longest);
    expect(() => encodeContent([{ ...CONTENT, text: `${longest}a` }])).toThrow(refused('invalid-row'));
    expect(() => encodeContent([{ ...CONTENT, peer: `${longest}a` }])).toThrow(refused('invalid-row'));
  });

  it('refuse a pair that straddles two texts', () => {
    // One text '😀' and one empty text; then the border between them is moved into the pair.
    const plain = encodeContent([
      { ...CONTENT, text: '😀' },
      { ...CONTENT, text: '' },
    ]);
    const textLengths = 8;
    expect([plain[textLengths], plain[textLengths + 2]]).toEqual([2, 0]);
    plain.set([1, 0, 1, 0], textLengths);
    expect(() => decodeContent(plain)).toThrow(refused('malformed'));
  });

  it('refuse a pair that straddles two counterparts, one that stands twice, and bytes that are no UTF-8', () => {
    const plain = encodeContent([
      { peer: '😀', text: '' },
      { peer: 'ab', text: '' },
    ]);
    // Prefix, lengths of the texts, indexes; then the lengths of the counterparts.
    const peerLengths = 8 + 2 * 2 + 2 * 2;
    expect([plain[peerLengths], plain[peerLengths + 2]]).toEqual([2, 2]);
    const split = plain.slice();
    split.set([1, 0, 3, 0], peerLengths);
    expect(() => decodeContent(split)).toThrow(refused('malformed'));
    const twice = plain.slice();
    twice.set([2, 0, 2, 0], peerLengths);
    twice.set(new TextEncoder().encode('abab'), peerLengths + 4);
    expect(() => decodeContent(twice.slice(0, peerLengths + 8))).toThrow(refused('malformed'));
    const broken = plain.slice();
    broken[peerLengths + 4] = 0xff;
    expect(() => decodeContent(broken)).toThrow(refused('malformed'));
  });
});

describe('malformed pages', () => {
  it('are refused as such, or are another page in its only spelling', () => {
    fc.assert(
      fc.property(
        fc.array(metadataRow, { maxLength: 6 }),
        fc.array(contentRow, { maxLength: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (metadata, content, position, mask) => {
          const cases = [
            [encodeMetadata(metadata), decodeMetadata, encodeMetadata],
            [encodeContent(content), decodeContent, encodeContent],
          ] as const;
          for (const [plain, decode, encode] of cases) {
            const changed = plain.slice();
            changed[position % plain.length] = (changed[position % plain.length] ?? 0) ^ mask;
            let again: Uint8Array;
            try {
              const page = decode(changed);
              const rows = Array.from({ length: page.length }, (_, i) => page.row(i));
              again = (encode as (rows: readonly unknown[]) => Uint8Array)(rows);
            } catch (error) {
              expect(error).toBeInstanceOf(SealedPageError);
              continue;
            }
            expect(again).toEqual(changed);
          }
        },
      ),
      RUNS,
    );
  });

  it('are refused at every length but the right one', () => {
    for (const [plain, decode] of [
      [encodeMetadata([META, META]), decodeMetadata],
      [encodeContent([CONTENT, CONTENT]), decodeContent],
    ] as const) {
      for (let length = 0; length < plain.length; length++) {
        expect(() => decode(plain.slice(0, length))).toThrow(refused('malformed'));
      }
      expect(() => decode(concat(plain, new Uint8Array(1)))).toThrow(refused('malformed'));
    }
  });

  it('are refused when random, or are what would have been written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(0, 1), (random, layer) => {
        const bytes = new Uint8Array(random);
        bytes.set([2, layer, 1, 0, 1, 0, 0, 0].slice(0, bytes.length));
        try {
          const again =
            layer === 0
              ? encodeMetadata([decodeMetadata(bytes).row(0)])
              : encodeContent([decodeContent(bytes).row(0)]);
          expect(again).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SealedPageError);
        }
      }),
      RUNS,
    );
  });

  it('of the other layer or a newer version are told', () => {
    expect(() => decodeMetadata(encodeContent([CONTENT]))).toThrow(refused('malformed'));
    const newer = encodeMetadata([META]);
    newer[0] = 4;
    expect(() => decodeMetadata(newer)).toThrow(refused('unsupported-version'));
  });

  it('tell nothing of their content', () => {
    expect(() => encodeContent([{ ...CONTENT, text: '验证码 1234\uD800' }])).toThrow(
      /^sealed page: invalid-row: lone surrogate$/,
    );
  });
});
