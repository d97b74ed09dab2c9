import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import type { Layer, LayerKey, PageBinding } from '../../../shared/canonical/sealed-page.ts';
import {
  decodeContent,
  decodeMetadata,
  deriveLayerSecret,
  encodeContent,
  encodeMetadata,
  HEADER_BYTES,
  importLayerKey,
  openPage,
  PAGE_ROWS,
  pageSalts,
  readPageHeader,
  SealedPageError,
  sealPage,
} from '../../../shared/canonical/sealed-page.ts';
import { BINDING, contentRow, flipBit, metadataRow } from './arbitraries.ts';

const RUNS = { numRuns: 1000 };
/** Justified: 1,000 derivations and encryptions on a shared machine. */
const TIMEOUT = 60_000;
const SECRET = new Uint8Array(32).fill(7);
const PLAIN = encodeContent([{ peer: '13800138000', text: '您的验证码' }]);

/** A layer's key, for both uses: pages that it sealed are then opened with it. */
interface Keys {
  readonly seal: LayerKey;
  readonly open: LayerKey;
}

async function keysOf(binding: PageBinding, layer: Layer): Promise<Keys> {
  const secret = await deriveLayerSecret(SECRET, binding, layer);
  return {
    seal: await importLayerKey(secret, binding, layer, 'seal'),
    open: await importLayerKey(secret, binding, layer, 'open'),
  };
}

async function refusal(key: LayerKey, page: number, sealed: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await openPage(key, page, sealed);
  } catch (error) {
    if (error instanceof SealedPageError) return error.kind;
    throw error;
  }
  return 'opened';
}

describe('sealed page', () => {
  it(
    'gives back any rows of both layers',
    async () => {
      const keys = {
        metadata: await keysOf(BINDING, 'metadata'),
        content: await keysOf(BINDING, 'content'),
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(metadataRow, { maxLength: 8 }),
          fc.array(contentRow, { maxLength: 8 }),
          fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          async (metadata, content, page) => {
            const sealedMeta = await sealPage(keys.metadata.seal, page, encodeMetadata(metadata));
            const sealedText = await sealPage(keys.content.seal, page, encodeContent(content));
            const openedMeta = decodeMetadata(await openPage(keys.metadata.open, page, sealedMeta));
            const openedText = decodeContent(await openPage(keys.content.open, page, sealedText));
            expect(metadata.map((_, i) => openedMeta.row(i))).toEqual(metadata);
            expect(content.map((_, i) => openedText.row(i))).toEqual(content);
            expect(readPageHeader(sealedText)).toMatchObject({
              layer: 'content',
              page,
              rows: content.length,
            });
          },
        ),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it(
    'does not open with one bit changed, wherever it is',
    async () => {
      const { seal, open } = await keysOf(BINDING, 'content');
      const sealed = await sealPage(seal, 3, PLAIN);
      // Every bit of a page, not a sample of them.
      for (let bit = 0; bit < 8 * sealed.length; bit++) {
        expect(await refusal(open, 3, flipBit(sealed, bit))).not.toBe('opened');
      }
      for (let length = 0; length < sealed.length; length++) {
        expect(await refusal(open, 3, sealed.slice(0, length))).not.toBe('opened');
      }
    },
    TIMEOUT,
  );

  it(
    'says cannot-open for a changed bit behind the magic, version and layer',
    async () => {
      const { seal, open } = await keysOf(BINDING, 'content');
      const sealed = await sealPage(seal, 3, PLAIN);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 8 * 8, max: 8 * sealed.length - 1 }), async (bit) => {
          expect(await refusal(open, 3, flipBit(sealed, bit))).toBe('cannot-open');
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it('is bound to consent, scope, lookup, layer and page', async () => {
    const { seal, open } = await keysOf(BINDING, 'content');
    const metadata = await keysOf(BINDING, 'metadata');
    const sealed = await sealPage(seal, 3, PLAIN);
    expect(await refusal(open, 3, sealed)).toBe('opened');
    const others: PageBinding[] = [
      { ...BINDING, consentHash: '00'.repeat(32) },
      { ...BINDING, scopeHash: '00'.repeat(32) },
      { ...BINDING, lookupId: '01J8Z3J9Z7Q3' },
    ];
    for (const binding of others) {
      // Neither with the right key and a wrong binding, nor with the key of the other binding.
      const other = await keysOf(binding, 'content');
      expect(await refusal({ ...open, bound: other.open.bound }, 3, sealed)).toBe('cannot-open');
      expect(await refusal({ ...other.open, bound: open.bound }, 3, sealed)).toBe('cannot-open');
      expect(await refusal(other.open, 3, sealed)).toBe('cannot-open');
    }
    expect(await refusal(open, 4, sealed)).toBe('cannot-open');
    expect(await refusal({ ...open, layer: 'metadata' }, 3, sealed)).toBe('cannot-open');
    expect(await refusal(metadata.open, 3, sealed)).toBe('cannot-open');
    expect(await refusal({ ...metadata.open, layer: 'content' }, 3, sealed)).toBe('cannot-open');
    // A page put in another's place under a forged header.
    const moved = sealed.slice();
    moved[8] = 4;
    expect(await refusal(open, 4, moved)).toBe('cannot-open');
    const relabelled = sealed.slice();
    relabelled[5] = 0;
    expect(await refusal(metadata.open, 3, relabelled)).toBe('cannot-open');
    expect(await refusal({ ...open, layer: 'metadata' }, 3, relabelled)).toBe('cannot-open');
  });

  it('is of the size that its rows have, not of what they say', async () => {
    const { seal } = await keysOf(BINDING, 'content');
    const text = '您的验证码是 428913。'.repeat(60);
    const sizes = [text, '您的验证码是 582077。'.repeat(60)].map(async (one) => {
      const sealed = await sealPage(seal, 0, encodeContent([{ peer: '10086', text: one }]));
      return sealed.length;
    });
    expect(await Promise.all(sizes)).toEqual([HEADER_BYTES + 512 + 16, HEADER_BYTES + 512 + 16]);
  });

  it('never repeats a nonce and never shows its text', async () => {
    const { seal } = await keysOf(BINDING, 'content');
    const nonces = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const sealed = await sealPage(seal, 0, PLAIN);
      nonces.add(toHex(readPageHeader(sealed).nonce));
      expect(toHex(sealed)).not.toContain(toHex(PLAIN.slice(-20)));
      expect(sealed).toHaveLength(HEADER_BYTES + 512 + 16);
    }
    expect(nonces.size).toBe(200);
  });

  it('refuses what is no page, layer, number, nonce, version or binding', async () => {
    const { seal, open } = await keysOf(BINDING, 'content');
    const kind = (expected: SealedPageError['kind']): unknown => expect.objectContaining({ kind: expected });
    const metadata = await keysOf(BINDING, 'metadata');
    await expect(sealPage(metadata.seal, 0, PLAIN)).rejects.toThrow(kind('malformed'));
    await expect(sealPage(seal, 0, new Uint8Array(3))).rejects.toThrow(kind('malformed'));
    await expect(sealPage(seal, 0, PLAIN, new Uint8Array(11))).rejects.toThrow(kind('invalid-input'));
    for (const page of [-1, 2 ** 32, 0.5]) {
      await expect(sealPage(seal, page, PLAIN)).rejects.toThrow(kind('invalid-input'));
    }
    for (const version of [1, 3]) {
      const other = await sealPage(seal, 0, PLAIN);
      other[4] = version;
      expect(await refusal(open, 0, other)).toBe('unsupported-version');
    }
    expect(await refusal(open, 0, randomBytes(100))).toBe('malformed');
  });
});

describe('layer keys', () => {
  it('differ by layer, consent, scope and lookup', async () => {
    const secrets = [
      await deriveLayerSecret(SECRET, BINDING, 'metadata'),
      await deriveLayerSecret(SECRET, BINDING, 'content'),
      await deriveLayerSecret(SECRET, { ...BINDING, consentHash: '00'.repeat(32) }, 'content'),
      await deriveLayerSecret(SECRET, { ...BINDING, scopeHash: '00'.repeat(32) }, 'content'),
      await deriveLayerSecret(SECRET, { ...BINDING, lookupId: 'x' }, 'content'),
      await deriveLayerSecret(new Uint8Array(32), BINDING, 'content'),
    ];
    expect(new Set(secrets.map(toHex)).size).toBe(secrets.length);
    expect(equal(secrets[1] ?? SECRET, await deriveLayerSecret(SECRET, BINDING, 'content'))).toBe(true);
  });

  it('cannot be read out, and do one thing each', async () => {
    const { seal, open } = await keysOf(BINDING, 'content');
    for (const key of [seal.secret, seal.pages, seal.salts, open.secret, open.pages, open.salts]) {
      expect(key?.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('raw', key as CryptoKey)).rejects.toThrow();
    }
    expect([seal.pages.usages, open.pages.usages]).toEqual([['encrypt'], ['decrypt']]);
    await expect(sealPage(open, 0, PLAIN)).rejects.toThrow();
    expect((await keysOf(BINDING, 'metadata')).open.salts).toBeUndefined();
  });

  it('give every row of every page a salt of its own, the same each time', async () => {
    const { open: key } = await keysOf(BINDING, 'content');
    const salts = await Promise.all([0, 1, 2 ** 32 - 1].map((page) => pageSalts(key, page, PAGE_ROWS)));
    const all = salts.flatMap((column) =>
      Array.from({ length: PAGE_ROWS }, (_, i) => toHex(column.subarray(16 * i, 16 * i + 16))),
    );
    expect(new Set(all).size).toBe(3 * PAGE_ROWS);
    expect(await pageSalts(key, 0, 3)).toEqual(salts[0]?.slice(0, 48));
    expect(await pageSalts(key, 0, 0)).toHaveLength(0);
    for (const other of [
      { ...BINDING, lookupId: 'x' },
      { ...BINDING, scopeHash: '00'.repeat(32) },
    ]) {
      const { open } = await keysOf(other, 'content');
      expect(await pageSalts(open, 0, PAGE_ROWS)).not.toEqual(salts[0]);
    }
    // More would be those of the next page.
    await expect(pageSalts(key, 0, PAGE_ROWS + 1)).rejects.toThrow(SealedPageError);
    await expect(pageSalts((await keysOf(BINDING, 'metadata')).open, 0, 1)).rejects.toThrow(SealedPageError);
  });

  it('take secrets of 32 bytes and whole bindings only', async () => {
    await expect(deriveLayerSecret(new Uint8Array(16), BINDING, 'content')).rejects.toThrow(SealedPageError);
    await expect(importLayerKey(new Uint8Array(31), BINDING, 'content', 'open')).rejects.toThrow(
      SealedPageError,
    );
    for (const change of [{ consentHash: '' }, { scopeHash: 'C0'.repeat(32) }, { lookupId: '' }]) {
      await expect(importLayerKey(SECRET, { ...BINDING, ...change }, 'content', 'seal')).rejects.toThrow(
        expect.objectContaining({ kind: 'invalid-input' }),
      );
    }
  });
});
