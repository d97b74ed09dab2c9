import { describe, expect, it, vi } from 'vitest';
import { sealedPage } from '../../../electron/gate/sealed-pages.ts';
import { VisitSecrets } from '../../../electron/gate/visit-secrets.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';

type Connection = Parameters<typeof sealedPage>[0];

const bytes = new Uint8Array([1, 2, 3]);
const ask = { plane: 'customer', lookupId: 'l', layer: 'content', page: 0 } as const;
const metadata = { ...ask, layer: 'metadata' } as const;
const connection = { call: async () => bytes } as unknown as Connection;

/** Secrets of a visit whose lookup has one page a layer. */
async function live(): Promise<VisitSecrets> {
  const secrets = await VisitSecrets.create('s');
  secrets.putLayers({ metadata: new Uint8Array(32), content: new Uint8Array(32) });
  const ref = { page: 0, rows: 1, bytes: 3, sha256: await sha256Hex(bytes) };
  const document = { lookupId: 'l', pages: { metadata: [ref], content: [ref] } };
  // Only the manifest's pages are looked at.
  secrets.lookup = { manifest: { document, cms: '' }, binding: {} } as unknown as NonNullable<
    typeof secrets.lookup
  >;
  return secrets;
}

describe('sealed pages for two windows', () => {
  it('of the metadata are fetched once for both windows, the customer’s first', async () => {
    const secrets = await live();
    const asked: string[] = [];
    const counting = {
      call: async (_name: string, { params }: { params: { layer: string } }) => {
        asked.push(params.layer);
        return bytes;
      },
    } as unknown as typeof connection;
    let staffHas = false;
    const staff = sealedPage(counting, secrets, { ...metadata, plane: 'staff' }).then((page) => {
      staffHas = true;
      return page;
    });
    expect(await sealedPage(counting, secrets, metadata)).toEqual(bytes);
    expect(staffHas).toBe(false);
    expect(await sealedPage(counting, secrets, ask)).toEqual(bytes);
    expect(await staff).toEqual(bytes);
    expect(asked).toEqual(['metadata', 'content']);
    // A window that was loaded anew asks again, and waits no more.
    expect(await sealedPage(counting, secrets, { ...metadata, plane: 'staff' })).toEqual(bytes);
    expect(asked).toEqual(['metadata', 'content', 'metadata']);
  });
  it('of the metadata reach staff in time where the customer’s window asks for nothing', async () => {
    vi.useFakeTimers();
    try {
      const page = sealedPage(connection, await live(), { ...metadata, plane: 'staff' });
      await vi.advanceTimersByTimeAsync(1_500);
      expect(await page).toEqual(bytes);
    } finally {
      vi.useRealTimers();
    }
  });
  it('that one window could not get are fetched anew for the other', async () => {
    const secrets = await live();
    secrets.destroyContent();
    let fails = true;
    const flaky = {
      call: async () => {
        if (fails) throw new Failure('central-unreachable');
        return bytes;
      },
    } as unknown as typeof connection;
    await expect(sealedPage(flaky, secrets, { ...metadata, plane: 'staff' })).rejects.toThrow(Failure);
    fails = false;
    expect(await sealedPage(flaky, secrets, metadata)).toEqual(bytes);
  });
});
