import { describe, expect, test } from 'vitest';
import type { OpenProgress } from '../../../renderer/cache/records.ts';
import { fromBase64url, fromHex } from '../../../shared/canonical/bytes.ts';
import { verifyInclusion } from '../../../shared/canonical/merkle.ts';
import { rowCommitment } from '../../../shared/canonical/row.ts';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

describe('both layers', () => {
  test('rows come back as they were sealed, in the order asked', async () => {
    const rows = someRows(100);
    const lookup = await SealedLookup.seal(rows, 16);
    const { store } = storeOver(lookup);
    const progress: OpenProgress[] = [];
    await store.open(lookup.records(), (step) => progress.push(step));
    // The newest 64 rows lie on five pages of each layer.
    expect(progress[0]).toEqual({ pagesDone: 0, pagesTotal: 10 });
    expect(progress.at(-1)).toEqual({ pagesDone: 10, pagesTotal: 10 });
    expect(progress).toEqual(progress.toSorted((a, b) => a.pagesDone - b.pagesDone));
    const asked = [99, 0, 17, 16, 15, 17];
    const full = await store.readFull(asked);
    expect(full).toEqual(asked.map((index) => ({ index, ...rows[index] })));
    const meta = await store.readMeta(asked);
    expect(meta).toEqual(full.map(({ peer: _peer, text: _text, ...rest }) => rest));
    await expectFailure(store.readMeta([100]), 'bad-input');
    await expectFailure(store.readFull([1.5]), 'bad-input');
    await expectFailure(store.prove(-1), 'bad-input');
  });

  test('a proof leads from a row to the signed root', async () => {
    const rows = someRows(100);
    const lookup = await SealedLookup.seal(rows, 16);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    for (const index of [0, 31, 32, 99]) {
      const { salt, proof } = await store.prove(index);
      const [row] = await store.readFull([index]);
      if (row === undefined) throw new Error('no row');
      const leaf = rowCommitment(row, { ...row, salt: fromBase64url(salt) });
      const claim = {
        leaf,
        index,
        size: 100,
        proof: proof.map(fromHex),
        root: fromHex(lookup.manifest.merkleRoot),
      };
      expect(verifyInclusion(claim)).toBe(true);
    }
  });

  test('a lookup without rows opens', async () => {
    const lookup = await SealedLookup.seal([]);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    expect(await store.overview({})).toEqual({
      rows: 0,
      received: 0,
      sent: 0,
      byDay: [],
      byCategory: [],
      byPeer: [],
    });
    expect(await store.select({ text: 'a' })).toHaveLength(0);
  });
});

describe('the metadata layer alone (S4)', () => {
  test('counts without ever asking for content', async () => {
    const rows = someRows(100);
    const lookup = await SealedLookup.seal(rows, 16);
    for (const key of [...lookup.shelf.keys()]) if (key.startsWith('content')) lookup.shelf.delete(key);
    const { store } = storeOver(lookup);
    await store.open(lookup.metadata(), silent);
    expect((await store.overview({ direction: 'out' })).rows).toBe(34);
    expect(await store.readMeta([5])).toHaveLength(1);
    expect(lookup.fetched.filter((page) => page.startsWith('content'))).toEqual([]);
  });

  test('refuses what needs content', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { store } = storeOver(lookup);
    await store.open(lookup.metadata(), silent);
    await expectFailure(store.select({ text: '验证码' }), 'forbidden');
    await expectFailure(store.overview({ text: '验证码' }), 'forbidden');
    await expectFailure(store.readFull([0]), 'forbidden');
    await expectFailure(store.prove(0), 'forbidden');
    expect(await store.select({ text: '' })).toHaveLength(20);
  });
});

describe('nothing remains (S11)', () => {
  test('secrets are overwritten, whether opening succeeds or fails', async () => {
    const lookup = await SealedLookup.seal(someRows(20));
    const good = lookup.records();
    await storeOver(lookup).store.open(good, silent);
    const bad = lookup.records();
    lookup.shelf.clear();
    await expectFailure(storeOver(lookup).store.open(bad, silent), 'records-incomplete');
    for (const { metadataSecret, contentSecret } of [good, bad]) {
      expect(metadataSecret).toEqual(new Uint8Array(32));
      expect(contentSecret).toEqual(new Uint8Array(32));
    }
  });

  test('the storage holds sealed bytes only, and wiping deletes it', async () => {
    const lookup = await SealedLookup.seal(someRows(50), 16);
    const { store, storages } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.readFull([1, 2, 3]);
    await store.whenHeld();
    expect(storages.names()).toEqual([store.storageName]);
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 8, directory: true });
    const stored = textsIn([...(storages.contents(store.storageName)?.values() ?? [])]);
    expect(stored).toContain('ZQSP');
    expect(stored).not.toMatch(/快递|Hello|13912345678|139\*{4}/);
    await store.wipe();
    expect(storages.names()).toEqual([]);
    for (const call of [
      store.select({}),
      store.overview({}),
      store.readMeta([0]),
      store.readFull([0]),
      store.prove(0),
      store.whenHeld(),
      store.whenChecked(),
      store.open(lookup.records(), silent),
    ]) {
      await expectFailure(call, 'wrong-state');
    }
    await store.wipe();
  });

  test('a store that was only made ready leaves nothing either', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { store, storages } = storeOver(lookup);
    store.prepare();
    await store.wipe();
    expect(storages.names()).toEqual([]);
    const other = storeOver(lookup);
    other.store.prepare();
    await other.store.open(lookup.records(), silent);
    expect(await other.store.select({})).toHaveLength(20);
    await other.store.wipe();
    expect(other.storages.names()).toEqual([]);
  });

  test('a storage that could not be opened ahead is tried again', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { store, storages } = storeOver(lookup);
    storages.failing = { open: 'UnknownError' };
    store.prepare();
    await expectFailure(store.open(lookup.records(), silent), 'storage-failed');
    storages.failing = {};
    await store.open(lookup.records(), silent);
    expect(await store.select({})).toHaveLength(20);
  });

  test('wiping in the middle of an opening or a search stops it and leaves nothing', async () => {
    const lookup = await SealedLookup.seal(someRows(200), 4);
    const opening = storeOver(lookup);
    const begun = opening.store.open(lookup.records(), silent);
    await Promise.all([expectFailure(begun, 'wrong-state'), opening.store.wipe()]);
    expect(opening.storages.names()).toEqual([]);

    const searching = storeOver(lookup);
    await searching.store.open(lookup.records(), silent);
    const search = expectFailure(searching.store.select({ text: '快递' }), 'wrong-state');
    await Promise.all([search, searching.store.wipe()]);
    expect(searching.storages.names()).toEqual([]);
  });

  test('an opening that failed can be tried again and finds what already came', async () => {
    const lookup = await SealedLookup.seal(someRows(128), 2);
    const { store, storages } = storeOver(lookup);
    const lost = lookup.shelf.get('content/63') ?? new Uint8Array(0);
    lookup.shelf.delete('content/63');
    await expectFailure(store.open(lookup.records(), silent), 'records-incomplete');
    await expectFailure(store.select({}), 'wrong-state');
    await expectFailure(store.whenHeld(), 'wrong-state');
    await expectFailure(store.whenChecked(), 'wrong-state');
    // Nothing is written once the failure is out.
    const held = heldIn(storages, store.storageName, lookup);
    const written = storages.steps.length;
    expect(held?.directory).toBe(false);
    lookup.shelf.set('content/63', lost);
    lookup.fetched.length = 0;
    expect(storages.steps).toHaveLength(written);
    await store.open(lookup.records(), silent);
    expect(await store.select({})).toHaveLength(128);
    await store.whenHeld();
    expect(lookup.fetched).toHaveLength(128 - (held?.pages ?? 0));
    expect(new Set(lookup.fetched).size).toBe(lookup.fetched.length);
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 128, directory: true });
    await expectFailure(store.open(lookup.records(), silent), 'wrong-state');
  });
});

/** Bytes read as text in every way that somebody might. */
function textsIn(values: readonly Uint8Array[]): string {
  const readings = values.flatMap((bytes) =>
    ['utf-8', 'utf-16le', 'latin1'].flatMap((encoding) =>
      [0, 1].map((offset) => new TextDecoder(encoding).decode(bytes.subarray(offset))),
    ),
  );
  return readings.join('\n');
}
