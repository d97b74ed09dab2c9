import { describe, expect, test, vi } from 'vitest';
import { sealNobodysLookup } from '../../../renderer/cache/warm-up/nobodys-lookup.ts';
import { ownScript, warmUp } from '../../../renderer/cache/warm-up/warm-up.ts';
import { expectFailure, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

const noRequest = () => Promise.reject(new Error('no origin here'));

describe('warming up', () => {
  test('makes two requests at once, as a visit begins, and goes on where they fail', async () => {
    const asked = vi.fn(noRequest);
    const isIdle = vi.fn(() => false);
    await warmUp(isIdle, asked);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(isIdle).toHaveBeenCalled();
  });

  test('goes through the visit while they are not answered', async () => {
    const answer = Promise.withResolvers<void>();
    let rounds = 0;
    const warming = warmUp(
      () => {
        if (++rounds === 3) answer.resolve();
        return rounds < 4;
      },
      () => answer.promise,
    );
    await warming;
    expect(rounds).toBeGreaterThanOrEqual(3);
  });

  test("asks for the worker's own script, past the browser's cache", async () => {
    const href = 'https://counter.example/assets/worker.js';
    const get = vi.fn(async (_address: string, _init?: RequestInit) => new Response('…'));
    vi.stubGlobal('location', new URL(href));
    vi.stubGlobal('fetch', get);
    await ownScript();
    vi.unstubAllGlobals();
    expect(get).toHaveBeenCalledExactlyOnceWith(href, expect.objectContaining({ cache: 'no-store' }));
  });

  test('goes through a whole visit, and touches no storage of a customer', async () => {
    const databases = vi.fn();
    vi.stubGlobal('indexedDB', new Proxy({}, { get: databases }));
    await warmUp(() => true, noRequest);
    vi.unstubAllGlobals();
    expect(databases).not.toHaveBeenCalled();
  });

  test('ends when it is no longer wanted', async () => {
    let asked = 0;
    await warmUp(() => ++asked < 3, noRequest);
    expect(asked).toBeLessThan(8);
  });

  test('is of rows that hold, and that nobody sent', async () => {
    const { access, fetchPages } = await sealNobodysLookup(1);
    const { store } = storeOver(Object.assign(await SealedLookup.seal([]), { fetchPages }));
    await store.open(access(), silent);
    await store.whenChecked();
    const rows = await store.readFull([...(await store.select({}))]);
    expect(rows).toHaveLength(512);
    expect(rows.every(({ peer }) => peer.startsWith('1000000'))).toBe(true);
    // Another time, other keys.
    const [one, two] = [access(), (await sealNobodysLookup(1)).access()];
    expect(one.contentSecret).not.toEqual(two.contentSecret);
  });

  test('a store that is opened meanwhile answers all the same', async () => {
    const rows = someRows(40);
    const lookup = await SealedLookup.seal(rows, 8);
    const warming = warmUp(() => true, noRequest);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenChecked();
    expect((await store.readFull([7]))[0]?.text).toBe(rows[7]?.text);
    await warming;
    await expectFailure(store.open(lookup.records(), silent), 'wrong-state');
  });
});
