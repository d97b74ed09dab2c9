import { describe, expect, it, vi } from 'vitest';
import { sealedPages } from '../../../electron/gate/sealed-pages.ts';
import { VisitSecrets } from '../../../electron/gate/visit-secrets.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { parsePageRun } from '../../../shared/domain/page-run.ts';

type Connection = Parameters<typeof sealedPages>[0];

const bytes = new Uint8Array([1, 2, 3]);
const ask = { plane: 'customer', lookupId: 'l', runs: [{ layer: 'content', first: 0, last: 0 }] } as const;
const metadata = { ...ask, runs: [{ layer: 'metadata', first: 0, last: 0 }] } as const;
const connection = { call: async () => bytes } as unknown as Connection;

/** Secrets of a visit whose lookup has pages of these lengths in both layers, each of its own number's bytes. */
async function live(lengths?: readonly number[]): Promise<VisitSecrets> {
  const secrets = await VisitSecrets.create('s');
  secrets.putLayers({ metadata: new Uint8Array(32), content: new Uint8Array(32) });
  const pages = lengths?.map((length, page) => new Uint8Array(length).fill(page)) ?? [bytes];
  const refs = await Promise.all(
    pages.map(async (one, page) => ({ page, rows: 1, bytes: one.length, sha256: await sha256Hex(one) })),
  );
  const document = { lookupId: 'l', pages: { metadata: refs, content: refs } };
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
    const staff = sealedPages(counting, secrets, { ...metadata, plane: 'staff' }).then((page) => {
      staffHas = true;
      return page;
    });
    expect(await sealedPages(counting, secrets, metadata)).toEqual(bytes);
    expect(staffHas).toBe(false);
    expect(await sealedPages(counting, secrets, ask)).toEqual(bytes);
    expect(await staff).toEqual(bytes);
    expect(asked).toEqual(['metadata', 'content']);
    // A window that was loaded anew asks again, and waits no more.
    expect(await sealedPages(counting, secrets, { ...metadata, plane: 'staff' })).toEqual(bytes);
    expect(asked).toEqual(['metadata', 'content', 'metadata']);
  });
  it('come as they are asked for: what the other window brought is not fetched again, each page is cut out', async () => {
    const secrets = await live([3, 1, 2, 4]);
    const asked: string[] = [];
    const whole = new Uint8Array([0, 0, 0, 1, 2, 2, 3, 3, 3, 3]);
    const starts = [0, 3, 4, 6, 10];
    const central = {
      call: async (_name: string, { params }: { params: { pages: string } }) => {
        asked.push(params.pages);
        const { first, last } = parsePageRun(params.pages) ?? { first: 0, last: 0 };
        return whole.slice(starts[first], starts[last + 1]);
      },
    } as unknown as typeof connection;
    const run = (first: number, last: number, plane: 'staff' | 'customer') =>
      sealedPages(central, secrets, { ...metadata, plane, runs: [{ layer: 'metadata', first, last }] });
    secrets.destroyContent();
    expect(await run(1, 2, 'customer')).toEqual(whole.slice(3, 6));
    expect(await run(0, 3, 'staff')).toEqual(whole);
    expect(asked).toEqual(['1-2', '0', '3']);
    expect(await run(0, 3, 'customer')).toEqual(whole);
    expect(asked).toEqual(['1-2', '0', '3', '1-2']);
  });
  it.each([
    ['a byte too few', (bytes: Uint8Array) => bytes.slice(1)],
    ['a byte too many', (bytes: Uint8Array) => new Uint8Array([...bytes, 0])],
    ['exchanged', (bytes: Uint8Array) => bytes.slice().reverse()],
  ])('are refused all together when they are not the manifest’s: %s', async (_, spoil) => {
    const secrets = await live([2, 2]);
    const central = { call: async () => spoil(new Uint8Array([0, 0, 1, 1])) } as unknown as typeof connection;
    const both = { ...ask, runs: [{ layer: 'content', first: 0, last: 1 }] } as const;
    await expect(sealedPages(central, secrets, both)).rejects.toMatchObject({
      error: { kind: 'manifest-rejected' },
    });
  });
  describe('of both layers', () => {
    const both = { ...ask, runs: [metadata.runs[0], ask.runs[0]] } as const;
    const counting = (call: (layer: string) => Promise<Uint8Array>) => {
      const asked: string[] = [];
      const counted = async (_name: string, { params }: { params: { layer: string } }) => {
        asked.push(params.layer);
        return call(params.layer);
      };
      return { asked, central: { call: counted } as unknown as Connection };
    };
    it('come one behind the other, and let staff’s go on', async () => {
      const secrets = await live();
      const { central, asked } = counting(async () => bytes);
      const staff = sealedPages(central, secrets, { ...metadata, plane: 'staff' });
      expect(await sealedPages(central, secrets, both)).toEqual(new Uint8Array([...bytes, ...bytes]));
      expect(await staff).toEqual(bytes);
      expect(asked).toEqual(['metadata', 'content']);
    });
    it('are not fetched where one of them is refused', async () => {
      const { central, asked } = counting(async () => bytes);
      const refused = { error: { kind: 'forbidden' } };
      const secrets = await live();
      await expect(sealedPages(central, secrets, { ...both, plane: 'staff' })).rejects.toMatchObject(refused);
      const past = [metadata.runs[0], { layer: 'content', first: 0, last: 1 }] as const;
      await expect(sealedPages(central, secrets, { ...both, runs: past })).rejects.toMatchObject(refused);
      secrets.destroyContent();
      await expect(sealedPages(central, secrets, both)).rejects.toMatchObject(refused);
      expect(asked).toEqual([]);
    });
    it.each(['metadata', 'content'])(
      'are not handed on when the visit ended while the %s came',
      async (late) => {
        const secrets = await live();
        const { central } = counting(async (layer) => {
          if (layer !== late) return bytes;
          // When the other layer has come.
          await new Promise((go) => setTimeout(go));
          secrets.destroyContent();
          return bytes;
        });
        await expect(sealedPages(central, secrets, both)).rejects.toMatchObject({
          error: { kind: 'forbidden' },
        });
      },
    );
  });
  it('are not asked for where the visit ends while staff’s window waits', async () => {
    const secrets = await live();
    const call = vi.fn(async () => bytes);
    const central = { call } as unknown as Connection;
    const staff = sealedPages(central, secrets, { ...metadata, plane: 'staff' });
    secrets.destroy();
    await expect(staff).rejects.toMatchObject({ error: { kind: 'forbidden' } });
    expect(call).not.toHaveBeenCalled();
  });
  it('of the metadata reach staff in time where the customer’s window asks for nothing', async () => {
    vi.useFakeTimers();
    try {
      const page = sealedPages(connection, await live(), { ...metadata, plane: 'staff' });
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
    await expect(sealedPages(flaky, secrets, { ...metadata, plane: 'staff' })).rejects.toThrow(Failure);
    fails = false;
    expect(await sealedPages(flaky, secrets, metadata)).toEqual(bytes);
  });
});
