import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import type { Layer, OpenPageInput, PageBinding } from '../../../shared/canonical/sealed-page.ts';
import {
  decodeContent,
  decodeMetadata,
  deriveLayerSecret,
  derivePageSalts,
  encodeContent,
  encodeMetadata,
  HEADER_BYTES,
  importLayerKey,
  openPage,
  PAGE_ROWS,
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

async function layerKey(binding: PageBinding, layer: Layer): Promise<CryptoKey> {
  return importLayerKey(await deriveLayerSecret(SECRET, binding, layer));
}

async function refusal(input: OpenPageInput): Promise<string> {
  try {
    await openPage(input);
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
        metadata: await layerKey(BINDING, 'metadata'),
        content: await layerKey(BINDING, 'content'),
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(metadataRow, { maxLength: 8 }),
          fc.array(contentRow, { maxLength: 8 }),
          fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          async (metadata, content, page) => {
            const meta = { layerKey: keys.metadata, binding: BINDING, layer: 'metadata', page } as const;
            const text = { layerKey: keys.content, binding: BINDING, layer: 'content', page } as const;
            const sealedMeta = await sealPage({ ...meta, plain: encodeMetadata(metadata) });
            const sealedText = await sealPage({ ...text, plain: encodeContent(content) });
            const openedMeta = decodeMetadata(await openPage({ ...meta, sealed: sealedMeta }));
            const openedText = decodeContent(await openPage({ ...text, sealed: sealedText }));
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
      const key = await layerKey(BINDING, 'content');
      const common = { layerKey: key, binding: BINDING, layer: 'content', page: 3 } as const;
      const sealed = await sealPage({ ...common, plain: PLAIN });
      // Every bit of a page, not a sample of them.
      for (let bit = 0; bit < 8 * sealed.length; bit++) {
        expect(await refusal({ ...common, sealed: flipBit(sealed, bit) })).not.toBe('opened');
      }
      for (let length = 0; length < sealed.length; length++) {
        expect(await refusal({ ...common, sealed: sealed.slice(0, length) })).not.toBe('opened');
      }
    },
    TIMEOUT,
  );

  it(
    'says cannot-open for a changed bit behind the magic, version and layer',
    async () => {
      const key = await layerKey(BINDING, 'content');
      const common = { layerKey: key, binding: BINDING, layer: 'content', page: 3 } as const;
      const sealed = await sealPage({ ...common, plain: PLAIN });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 8 * 8, max: 8 * sealed.length - 1 }), async (bit) => {
          expect(await refusal({ ...common, sealed: flipBit(sealed, bit) })).toBe('cannot-open');
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  it('is bound to consent, scope, lookup, layer and page', async () => {
    const key = await layerKey(BINDING, 'content');
    const common = { layerKey: key, binding: BINDING, layer: 'content', page: 3 } as const;
    const sealed = await sealPage({ ...common, plain: PLAIN });
    expect(await refusal({ ...common, sealed })).toBe('opened');
    const others: PageBinding[] = [
      { ...BINDING, consentHash: '00'.repeat(32) },
      { ...BINDING, scopeHash: '00'.repeat(32) },
      { ...BINDING, lookupId: '01J8Z3J9Z7Q3' },
    ];
    for (const binding of others) {
      // Neither with the right key and a wrong binding, nor with the key of the other binding.
      expect(await refusal({ ...common, binding, sealed })).toBe('cannot-open');
      expect(await refusal({ ...common, layerKey: await layerKey(binding, 'content'), sealed })).toBe(
        'cannot-open',
      );
    }
    expect(await refusal({ ...common, page: 4, sealed })).toBe('cannot-open');
    expect(await refusal({ ...common, layer: 'metadata', sealed })).toBe('cannot-open');
    expect(await refusal({ ...common, layerKey: await layerKey(BINDING, 'metadata'), sealed })).toBe(
      'cannot-open',
    );
    // A page put in another's place under a forged header.
    const moved = sealed.slice();
    moved[8] = 4;
    expect(await refusal({ ...common, page: 4, sealed: moved })).toBe('cannot-open');
    const relabelled = sealed.slice();
    relabelled[5] = 0;
    const metadataKey = await layerKey(BINDING, 'metadata');
    expect(await refusal({ ...common, layerKey: metadataKey, layer: 'metadata', sealed: relabelled })).toBe(
      'cannot-open',
    );
  });

  it('never repeats a nonce and never shows its text', async () => {
    const key = await layerKey(BINDING, 'content');
    const common = { layerKey: key, binding: BINDING, layer: 'content', page: 0, plain: PLAIN } as const;
    const nonces = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const sealed = await sealPage(common);
      nonces.add(toHex(readPageHeader(sealed).nonce));
      expect(toHex(sealed)).not.toContain(toHex(PLAIN.slice(-20)));
      expect(sealed).toHaveLength(HEADER_BYTES + PLAIN.length + 16);
    }
    expect(nonces.size).toBe(200);
  });

  it('refuses what is no page, layer, number, nonce, version or binding', async () => {
    const key = await layerKey(BINDING, 'content');
    const common = { layerKey: key, binding: BINDING, layer: 'content', page: 0, plain: PLAIN } as const;
    const kind = (expected: SealedPageError['kind']): unknown => expect.objectContaining({ kind: expected });
    await expect(sealPage({ ...common, layer: 'metadata' })).rejects.toThrow(kind('malformed'));
    await expect(sealPage({ ...common, plain: new Uint8Array(3) })).rejects.toThrow(kind('malformed'));
    await expect(sealPage({ ...common, nonce: new Uint8Array(11) })).rejects.toThrow(kind('invalid-input'));
    for (const page of [-1, 2 ** 32, 0.5]) {
      await expect(sealPage({ ...common, page })).rejects.toThrow(kind('invalid-input'));
    }
    for (const change of [{ consentHash: '' }, { scopeHash: 'C0'.repeat(32) }, { lookupId: '' }]) {
      await expect(sealPage({ ...common, binding: { ...BINDING, ...change } })).rejects.toThrow(
        kind('invalid-input'),
      );
    }
    const newer = await sealPage(common);
    newer[4] = 2;
    expect(await refusal({ ...common, sealed: newer })).toBe('unsupported-version');
    expect(await refusal({ ...common, sealed: randomBytes(100) })).toBe('malformed');
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

  it('cannot be read out', async () => {
    const key = await layerKey(BINDING, 'content');
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('give every row of every page a salt of its own, the same each time', async () => {
    const key = await layerKey(BINDING, 'content');
    const salts = await Promise.all([0, 1].map((page) => derivePageSalts(key, BINDING, page, PAGE_ROWS)));
    const all = salts.flatMap((column) =>
      Array.from({ length: PAGE_ROWS }, (_, i) => toHex(column.subarray(16 * i, 16 * i + 16))),
    );
    expect(new Set(all).size).toBe(2 * PAGE_ROWS);
    expect(await derivePageSalts(key, BINDING, 0, 3)).toEqual(salts[0]?.slice(0, 48));
    expect(await derivePageSalts(key, BINDING, 0, 0)).toHaveLength(0);
    for (const other of [
      { ...BINDING, lookupId: 'x' },
      { ...BINDING, scopeHash: '00'.repeat(32) },
    ]) {
      expect(await derivePageSalts(key, other, 0, PAGE_ROWS)).not.toEqual(salts[0]);
    }
    const metadata = await layerKey(BINDING, 'metadata');
    expect(await derivePageSalts(metadata, BINDING, 0, PAGE_ROWS)).not.toEqual(salts[0]);
  });

  it('take secrets of 32 bytes only', async () => {
    await expect(deriveLayerSecret(new Uint8Array(16), BINDING, 'content')).rejects.toThrow(SealedPageError);
    await expect(importLayerKey(new Uint8Array(31))).rejects.toThrow(SealedPageError);
  });
});
