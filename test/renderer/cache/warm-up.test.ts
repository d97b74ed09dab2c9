import { describe, expect, test, vi } from 'vitest';
import { sealNobodysLookup } from '../../../renderer/cache/warm-up/nobodys-lookup.ts';
import { warmUp } from '../../../renderer/cache/warm-up/warm-up.ts';
import { expectFailure, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

describe('warming up', () => {
  test('goes through a whole visit, and touches no storage of a customer', async () => {
    const databases = vi.fn();
    vi.stubGlobal('indexedDB', new Proxy({}, { get: databases }));
    await warmUp(() => true);
    vi.unstubAllGlobals();
    expect(databases).not.toHaveBeenCalled();
  });

  test('ends when it is no longer wanted', async () => {
    let asked = 0;
    await warmUp(() => ++asked < 3);
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
    const warming = warmUp(() => true);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenChecked();
    expect((await store.readFull([7]))[0]?.text).toBe(rows[7]?.text);
    await warming;
    await expectFailure(store.open(lookup.records(), silent), 'wrong-state');
  });
});
