import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  EncodingError,
  equal,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  randomBytes,
  toBase64,
  toBase64url,
  toHex,
  utf8,
} from '../../../shared/canonical/bytes.ts';

const RUNS = { numRuns: 1000 };
const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes));

describe('encodings', () => {
  it('agree with Node in both directions', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const node = Buffer.from(bytes);
        expect(toBase64(bytes)).toBe(node.toString('base64'));
        expect(toBase64url(bytes)).toBe(node.toString('base64url'));
        expect(toHex(bytes)).toBe(node.toString('hex'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
      RUNS,
    );
  });

  it('decode only what they would have encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 12 }), (text) => {
        for (const [decode, encode] of [
          [fromBase64, toBase64],
          [fromBase64url, toBase64url],
          [fromHex, toHex],
        ] as const) {
          let bytes: Uint8Array;
          try {
            bytes = decode(text);
          } catch (error) {
            expect(error).toBeInstanceOf(EncodingError);
            continue;
          }
          expect(encode(bytes)).toBe(text);
        }
      }),
      RUNS,
    );
  });

  it.each([
    ['base64', fromBase64, ['A', 'AA', 'AAA', 'AB==', 'AA=A', '====', 'AA==\n', ' AAA', 'AA-_', '知情=']],
    ['base64url', fromBase64url, ['A', 'AB', 'AA==', 'AA+/', 'AA AA', 'AAA ']],
    ['hex', fromHex, ['0', 'AA', '0x', 'gg', '0 0 ', '００']],
  ] as const)('refuse bad %s', (_, decode, texts) => {
    for (const text of texts) expect(() => decode(text)).toThrow(EncodingError);
  });
});

describe('UTF-8', () => {
  it('keeps every well-formed text, a byte-order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
      RUNS,
    );
    expect(fromUtf8(utf8('\uFEFF知情'))).toBe('\uFEFF知情');
  });

  it('refuses a lone surrogate and malformed bytes instead of U+FFFD', () => {
    expect(() => utf8('a\uD800')).toThrow(EncodingError);
    for (const hex of ['ff', 'c080', 'eda080', 'e4bd', 'f4908080']) {
      expect(() => fromUtf8(fromHex(hex))).toThrow(EncodingError);
    }
  });
});

describe('equal and concat', () => {
  it('compare as a plain comparison does', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(equal(a, b)).toBe(toHex(a) === toHex(b));
        expect(equal(a, a.slice())).toBe(true);
        expect(toHex(concat(a, b))).toBe(toHex(a) + toHex(b));
      }),
      RUNS,
    );
  });

  it('makes random bytes of the length asked for', () => {
    expect(randomBytes(32)).toHaveLength(32);
    expect(equal(randomBytes(32), randomBytes(32))).toBe(false);
  });
});
