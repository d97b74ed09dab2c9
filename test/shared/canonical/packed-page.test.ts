import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBytes } from '../../../shared/canonical/bytes.ts';
import { packPage, unpackPage } from '../../../shared/canonical/packed-page.ts';

const malformed = expect.objectContaining({ name: 'SealedPageError', kind: 'malformed' });
const text = new Uint8Array(Buffer.from('明天下午三点见。'.repeat(200), 'utf16le'));

describe('packed pages', () => {
  it('are unpacked again, and round in size', () => {
    const plain = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.nat(3_000).map((length) => text.slice(0, length)),
    );
    fc.assert(
      fc.property(plain, (bytes) => {
        const packed = packPage(new Uint8Array(bytes));
        expect(packed.length % 512).toBe(0);
        expect(unpackPage(packed)).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are smaller where that is worth its while, and the bytes themselves where it is not', () => {
    expect(packPage(text)).toHaveLength(512);
    const noise = randomBytes(5_000);
    expect(packPage(noise)).toHaveLength(5_120);
    expect(packPage(noise).slice(8, 5_008)).toEqual(noise);
  });

  it('tell little of a row by their size', () => {
    const sizes = new Set(Array.from({ length: 40 }, (_, i) => packPage(randomBytes(4_000 + i)).length));
    expect(sizes.size).toBe(1);
  });

  it('are refused when a byte that means something is another one', () => {
    for (const packed of [packPage(text), packPage(randomBytes(700))]) {
      const end = 8 + new DataView(packed.buffer).getUint32(4, true);
      for (const at of [0, 1, 2, 3, 4, 5, 6, 7, end, packed.length - 1]) {
        const changed = packed.slice();
        changed[at] = (changed[at] ?? 0) ^ 0x81;
        expect(() => unpackPage(changed), `byte ${at}`).toThrow(malformed);
      }
    }
  });

  it('are refused when they are cut, lengthened or empty, and before memory is taken for what they claim', () => {
    const packed = packPage(text);
    for (const length of [0, 7, 8, 511]) {
      expect(() => unpackPage(packed.slice(0, length))).toThrow(malformed);
    }
    const longer = new Uint8Array(packed.length + 512);
    longer.set(packed);
    expect(() => unpackPage(longer)).toThrow(malformed);
    const greedy = packed.slice();
    new DataView(greedy.buffer).setUint32(0, 0xffff_ffff, true);
    expect(() => unpackPage(greedy)).toThrow(malformed);
  });
});
