import { describe, expect, test } from 'vitest';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

/** 200 rows on 50 pages a layer; content but the two newest pages is held back until `open` is called. */
async function heldBack() {
  const rows = someRows(200);
  const lookup = await SealedLookup.seal(rows, 4);
  const gate = Promise.withResolvers<void>();
  lookup.gate = async (page) => {
    if (page.startsWith('content') && !/4[89]$/.test(page)) await gate.promise;
  };
  return { rows, lookup, let: () => gate.resolve(), ...storeOver(lookup) };
}

const contentOf = (fetched: readonly string[]) => fetched.filter((page) => page.startsWith('content'));

describe('the rest comes behind the first rows', () => {
  test('the newest rows are read, and all are counted and selected, before other content is there', async () => {
    const { rows, lookup, store, indexedDB, let: letGo } = await heldBack();
    await store.open(lookup.records(), silent);
    expect((await store.overview({})).rows).toBe(200);
    const newest = await store.select({});
    expect(newest[0]).toBe(199);
    expect((await store.readFull([199, 198])).map(({ text }) => text)).toEqual([
      rows[199]?.text,
      rows[198]?.text,
    ]);
    expect((await store.prove(199)).proof.length).toBeGreaterThan(0);
    // No commit point while pages are missing.
    expect((await heldIn(indexedDB, store.databaseName))?.directory).toBe(0);
    letGo();
    await store.whenHeld();
    expect(await heldIn(indexedDB, store.databaseName)).toEqual({ pages: 100, directory: 1 });
  });

  test('newest first, and each page is fetched once, whoever asks for it meanwhile', async () => {
    const { lookup, store, let: letGo } = await heldBack();
    await store.open(lookup.records(), silent);
    const held = store.whenHeld();
    const old = store.readFull([0, 1]);
    const search = store.select({ text: '#' });
    letGo();
    expect(await old).toHaveLength(2);
    expect(await search).toHaveLength(200);
    await held;
    const content = contentOf(lookup.fetched);
    expect(content.slice(0, 2)).toEqual(['content/48', 'content/49']);
    expect(new Set(content).size).toBe(50);
    expect(content).toHaveLength(50);
  });

  test('what comes behind goes newest first when nobody asks for anything', async () => {
    const lookup = await SealedLookup.seal(someRows(200), 4);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenHeld();
    const runs = contentOf(lookup.fetched)
      .slice(2)
      .map((page) => Number(page.split('/')[1]));
    expect(runs.slice(0, 16).every((page) => page >= 32)).toBe(true);
    expect(runs.slice(-1)[0]).toBeLessThan(9);
  });
});

describe('a rest that fails', () => {
  test('is said, leaves what is there readable, and is fetched when asked again', async () => {
    const rows = someRows(200);
    const lookup = await SealedLookup.seal(rows, 4);
    const lost = lookup.shelf.get('content/7') ?? new Uint8Array();
    lookup.shelf.delete('content/7');
    const { store, indexedDB } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'records-incomplete');
    // Never shown as if they were all.
    await expectFailure(store.readFull([28]), 'records-incomplete');
    await expectFailure(store.select({ text: '#' }), 'records-incomplete');
    expect((await store.readFull([199, 0])).map(({ text }) => text)).toEqual([
      rows[199]?.text,
      rows[0]?.text,
    ]);
    expect((await heldIn(indexedDB, store.databaseName))?.directory).toBe(0);
    await expectFailure(store.whenHeld(), 'records-incomplete');

    lookup.shelf.set('content/7', lost);
    const before = contentOf(lookup.fetched).length;
    await store.whenHeld();
    // Only what was missing is fetched.
    expect(contentOf(lookup.fetched).length - before).toBeLessThan(50);
    expect(await store.select({ text: '#' })).toHaveLength(200);
    expect(await heldIn(indexedDB, store.databaseName)).toEqual({ pages: 100, directory: 1 });
  });

  test('one page of a run that is not the one named spoils no other', async () => {
    const lookup = await SealedLookup.seal(someRows(200), 4);
    const good = lookup.shelf.get('content/40') ?? new Uint8Array();
    lookup.shelf.set('content/40', good.slice().fill(0));
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'page-unreadable');
    expect(await store.readFull([164])).toHaveLength(1);
    await expectFailure(store.readFull([160]), 'page-unreadable');
    lookup.shelf.set('content/40', good);
    await store.whenHeld();
    expect(await store.readFull([160])).toHaveLength(1);
  });
});

describe('a wipe while the rest comes (S11)', () => {
  test('stops it, waits for it, and nothing is written behind the deletion', async () => {
    const { lookup, store, indexedDB, let: letGo } = await heldBack();
    await store.open(lookup.records(), silent);
    await store.readFull([199]);
    const rest = expectFailure(store.whenHeld(), 'wrong-state');
    const view = expectFailure(store.readFull([0]), 'wrong-state');
    const wiped = store.wipe();
    letGo();
    await Promise.all([rest, view, wiped]);
    expect(await indexedDB.databases()).toEqual([]);
    const fetched = lookup.fetched.length;
    // Two lanes at the most were under way.
    expect(fetched).toBeLessThan(50 + 50);
    await expectFailure(store.whenHeld(), 'wrong-state');
    expect(lookup.fetched).toHaveLength(fetched);
    expect(await indexedDB.databases()).toEqual([]);
  });

  test('at any moment of it', async () => {
    const lookup = await SealedLookup.seal(someRows(80), 4);
    for (let moment = 0; moment <= 40; moment++) {
      const { store, indexedDB } = storeOver(lookup);
      let given = 0;
      const reached = Promise.withResolvers<void>();
      lookup.gate = async () => {
        if (++given === moment) reached.resolve();
      };
      if (moment === 0) reached.resolve();
      const opened = Promise.allSettled([store.open(lookup.records(), silent).then(() => store.whenHeld())]);
      await reached.promise;
      await store.wipe();
      await opened;
      expect(await indexedDB.databases()).toEqual([]);
    }
  });
});
