import { describe, expect, test } from 'vitest';
import { MemoryStorages } from './memory-storages.ts';
import {
  expectFailure,
  heldIn,
  longRows,
  SealedLookup,
  silent,
  someRows,
  storeOver,
} from './sealed-lookup.ts';

/** 200 rows on 50 pages a layer; content but the newest 64 rows is held back until `let` is called. */
async function heldBack() {
  const rows = longRows(200);
  const lookup = await SealedLookup.seal(rows, 4);
  const gate = Promise.withResolvers<void>();
  lookup.gate = async (page) => {
    if (page.startsWith('content') && !/(3[4-9]|4\d)$/.test(page)) await gate.promise;
  };
  return { rows, lookup, let: () => gate.resolve(), ...storeOver(lookup) };
}

const contentOf = (fetched: readonly string[]) => fetched.filter((page) => page.startsWith('content'));

describe('the rest comes behind the first rows', () => {
  test('the newest rows are read, and all are counted and selected, before other content is there', async () => {
    const { rows, lookup, store, storages, let: letGo } = await heldBack();
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
    expect(heldIn(storages, store.storageName, lookup)?.directory).toBe(false);
    letGo();
    await store.whenHeld();
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 100, directory: true });
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
    // Two runs at the same time.
    expect(new Set(content.slice(0, 16))).toEqual(
      new Set(Array.from({ length: 16 }, (_, i) => `content/${34 + i}`)),
    );
    expect(new Set(content).size).toBe(50);
    expect(content).toHaveLength(50);
  });

  test('nothing comes behind before the first rows are drawn', async () => {
    const lookup = await SealedLookup.seal(longRows(400), 4);
    const { store, storages } = storeOver(lookup, new MemoryStorages(), undefined, 3_600_000);
    await store.open(lookup.records(), silent);
    await store.readFull([399]);
    const held = store.whenHeld();
    const first = lookup.fetched.length;
    expect(contentOf(lookup.fetched)).toHaveLength(16);
    await store.drawn();
    await held;
    expect(lookup.fetched.length).toBeGreaterThan(first);
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 200, directory: true });
  });

  test('what comes behind goes newest first when nobody asks for anything', async () => {
    const lookup = await SealedLookup.seal(longRows(400), 4);
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenHeld();
    // Sixteen pages for the first rows, then runs of eight, two at a time.
    const rest = contentOf(lookup.fetched)
      .slice(16)
      .map((page) => Number(page.split('/')[1]));
    expect(rest.slice(0, 32).every((page) => page >= 52)).toBe(true);
    expect(rest.slice(-4).every((page) => page < 16)).toBe(true);
  });
});

describe('a rest that fails', () => {
  test('is said, leaves what is there readable, and is fetched when asked again', async () => {
    const rows = longRows(200);
    const lookup = await SealedLookup.seal(rows, 4);
    const lost = lookup.shelf.get('content/7') ?? new Uint8Array();
    lookup.shelf.delete('content/7');
    const { store, storages } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'records-incomplete');
    // Never shown as if they were all.
    await expectFailure(store.readFull([28]), 'records-incomplete');
    await expectFailure(store.select({ text: '#' }), 'records-incomplete');
    expect((await store.readFull([199, 0])).map(({ text }) => text)).toEqual([
      rows[199]?.text,
      rows[0]?.text,
    ]);
    expect(heldIn(storages, store.storageName, lookup)?.directory).toBe(false);
    await expectFailure(store.whenHeld(), 'records-incomplete');

    lookup.shelf.set('content/7', lost);
    const before = contentOf(lookup.fetched).length;
    await store.whenHeld();
    // Only what was missing is fetched.
    expect(contentOf(lookup.fetched).length - before).toBeLessThan(50);
    expect(await store.select({ text: '#' })).toHaveLength(200);
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 100, directory: true });
  });

  test('one page of a run that is not the one named spoils no other', async () => {
    const lookup = await SealedLookup.seal(longRows(200), 4);
    const good = lookup.shelf.get('content/30') ?? new Uint8Array();
    lookup.shelf.set('content/30', good.slice().fill(0));
    const { store } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'page-unreadable');
    expect(await store.readFull([124])).toHaveLength(1);
    await expectFailure(store.readFull([120]), 'page-unreadable');
    lookup.shelf.set('content/30', good);
    await store.whenHeld();
    expect(await store.readFull([120])).toHaveLength(1);
  });
});

describe('a wipe while the rest comes (S11)', () => {
  test('stops it, waits for it, and nothing is written behind the deletion', async () => {
    const { lookup, store, storages, let: letGo } = await heldBack();
    await store.open(lookup.records(), silent);
    await store.readFull([199]);
    const rest = expectFailure(store.whenHeld(), 'wrong-state');
    const view = expectFailure(store.readFull([0]), 'wrong-state');
    const wiped = store.wipe();
    letGo();
    await Promise.all([rest, view, wiped]);
    expect(storages.names()).toEqual([]);
    const fetched = lookup.fetched.length;
    // Two lanes at the most were under way.
    expect(fetched).toBeLessThan(50 + 50);
    await expectFailure(store.whenHeld(), 'wrong-state');
    expect(lookup.fetched).toHaveLength(fetched);
    expect(storages.names()).toEqual([]);
  });

  test('at any moment of it', async () => {
    const lookup = await SealedLookup.seal(someRows(80), 4);
    for (let moment = 0; moment <= 40; moment++) {
      const { store, storages } = storeOver(lookup);
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
      expect(storages.names()).toEqual([]);
    }
  });
});
