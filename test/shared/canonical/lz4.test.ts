import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, concat, fromHex } from '../../../shared/canonical/bytes.ts';
import { compressBlock, decompressBlock } from '../../../shared/canonical/lz4.ts';
import { SealedPageError } from '../../../shared/canonical/sealed-page.ts';
import vectors from '../../../shared/canonical/vectors/lz4-block.json' with { type: 'json' };

const RUNS = { numRuns: 1_000 };

/** Bytes that repeat themselves, near and far, with lengths around every border of the format. */
const repetitive: fc.Arbitrary<Bytes> = fc
  .array(
    fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(80)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => concat(...parts.flatMap(([part, times]) => Array.from({ length: times }, () => part))));

/** What the command `lz4` makes of a block: it is given one in a frame (doc/lz4_Frame_format.md). */
function byTheCommand(block: Bytes): Buffer {
  const size = new DataView(new ArrayBuffer(4));
  size.setUint32(0, block.length, true);
  // Magic; version 1, independent blocks, no checksums; blocks of 4 MB at the most; the header's checksum.
  const frame = concat(
    fromHex('04224d1860707300'.slice(0, 14)),
    new Uint8Array(size.buffer),
    block,
    new Uint8Array(4),
  );
  const done = spawnSync('lz4', ['-d', '-c'], { input: frame, maxBuffer: 1 << 24 });
  if (done.status !== 0) throw new Error(`lz4: ${done.stderr}`);
  return done.stdout;
}

function refused(block: Bytes, length: number): void {
  expect(() => decompressBlock(block, length)).toThrow(
    expect.objectContaining({ name: 'SealedPageError', kind: 'malformed' }),
  );
}

describe('LZ4 blocks', () => {
  it('are read back, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 3_000 })), (bytes) => {
        const plain = new Uint8Array(bytes);
        expect(decompressBlock(compressBlock(plain), plain.length)).toEqual(plain);
      }),
      RUNS,
    );
  });

  it('are those of the command lz4, which reads ours', () => {
    const texts = ['', 'a', '知情台', '您的验证码是 428913。'.repeat(40), `${'好'.repeat(400)}。`];
    for (const text of texts) {
      const plain = new Uint8Array(Buffer.from(text, 'utf16le'));
      expect(byTheCommand(compressBlock(plain)).equals(plain)).toBe(true);
    }
    fc.assert(
      fc.property(repetitive, (plain) => {
        expect(byTheCommand(compressBlock(plain)).equals(plain)).toBe(true);
      }),
      // Each starts a process.
      { numRuns: 50 },
    );
  });

  it.each(vectors.vectors)('of the command lz4 are read: $name', ({ plain, block }) => {
    expect(decompressBlock(fromHex(block), plain.length / 2)).toEqual(fromHex(plain));
  });

  it('make texts that repeat themselves smaller, and others hardly larger', () => {
    const text = new Uint8Array(Buffer.from('您的快件已到达网点，请凭取件码取件。'.repeat(100), 'utf16le'));
    expect(compressBlock(text).length).toBeLessThan(text.length / 10);
    const noise = crypto.getRandomValues(new Uint8Array(10_000));
    expect(compressBlock(noise).length).toBeLessThan(noise.length * 1.01);
  });

  it('are refused where they are cut, lengthened, or of another length', () => {
    const plain = new Uint8Array(Buffer.from('验证码 123456，请勿告诉他人。'.repeat(20), 'utf16le'));
    const block = compressBlock(plain);
    for (let length = 0; length < block.length; length++) refused(block.slice(0, length), plain.length);
    for (const more of [[0], [1], [0xff], [0x1f, 0, 0]]) {
      refused(concat(block, new Uint8Array(more)), plain.length);
    }
    for (const length of [0, 1, plain.length - 1, plain.length + 1]) refused(block, length);
  });

  it.each([
    ['nothing', []],
    ['a copy from before the beginning', [0x10, 65, 2, 0, 0x10, 65]],
    ['a copy from nowhere', [0x10, 65, 0, 0, 0x10, 65]],
    ['a copy that runs over the end', [0x1f, 65, 1, 0, 255, 255, 0, 0x00]],
    ['more letters than there are', [0xf0, 255]],
    ['a length without an end', [0xf0, 255, 255, 255]],
    ['half an offset', [0x10, 65, 1]],
  ])('are refused when they are %s', (_, bytes) => refused(new Uint8Array(bytes), 12));

  it('never write outside or hang, whatever the block is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(300), (bytes, length) => {
        try {
          expect(decompressBlock(new Uint8Array(bytes), length)).toHaveLength(length);
        } catch (error) {
          if (!(error instanceof SealedPageError)) throw error;
          expect(error.kind).toBe('malformed');
        }
      }),
      RUNS,
    );
  });
});
