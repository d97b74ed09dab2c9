/** Page storages in IndexedDB: what they keep, refuse and delete. */
import { IDBFactory as MemoryIndexedDb } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { DirectStore } from '../../../renderer/cache/direct-store.ts';
import { LATEST_VERSION, migrations } from '../../../renderer/cache/migrations/index.ts';
import { databases } from '../../../renderer/cache/page-database.ts';
import { type Block, type PageStorages, STORAGE_PREFIX } from '../../../renderer/cache/page-storage.ts';
import { deleteDatabase, sweepLeftovers } from '../../../renderer/cache/sweep.ts';
import { naiveOverview } from './naive.ts';
import { expectFailure, SealedLookup, silent, someRows } from './sealed-lookup.ts';

let indexedDB: IDBFactory;
let storages: PageStorages;
beforeEach(() => {
  indexedDB = new MemoryIndexedDb();
  storages = databases(indexedDB);
});

function openRaw(name: string, version?: number, upgrade = silent as (db: IDBDatabase) => void) {
  return new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const block = (first: number, more: Partial<Block> = {}): Block => ({
  lookupId: 'a',
  layer: 'content',
  first,
  sealed: Uint8Array.of(first, 2, 3),
  ...more,
});

describe('what a database keeps', () => {
  test('blocks by lookup, layer and first page, and one directory', async () => {
    const storage = await storages.open('pages');
    expect(await storage.found('a')).toEqual({ metadata: new Set(), content: new Set() });
    await storage.put([block(0), block(8), block(8, { layer: 'metadata' })]);
    await storage.put([block(8, { sealed: Uint8Array.of(9) })]);
    expect(await storage.found('a')).toEqual({ metadata: new Set([8]), content: new Set([0, 8]) });
    expect(await storage.get('a', 'content', [8, 7, 0])).toEqual([
      Uint8Array.of(9),
      undefined,
      Uint8Array.of(0, 2, 3),
    ]);
    expect(await storage.directory('a')).toBeUndefined();
    await storage.put([], { lookupId: 'a', sealed: Uint8Array.of(1) });
    expect(await storage.directory('a')).toEqual(Uint8Array.of(1));
  });

  test('nothing of another lookup, once one is asked for', async () => {
    const storage = await storages.open('pages');
    await storage.put([block(0), block(0, { lookupId: 'b' })]);
    await storage.put([], { lookupId: 'a', sealed: Uint8Array.of(1) });
    await storage.put([block(8)], { lookupId: 'b', sealed: Uint8Array.of(2) });
    expect(await storage.found('b')).toEqual({ metadata: new Set(), content: new Set([0]) });
    expect(await storage.get('a', 'content', [0])).toEqual([undefined]);
    expect(await storage.directory('a')).toBeUndefined();
    expect(await storage.directory('b')).toEqual(Uint8Array.of(2));
  });

  test('what it kept, and more, after the browser has closed it and could not open it for a while: a full disk', async () => {
    const opened: IDBDatabase[] = [];
    let isFull = false;
    const { open } = indexedDB;
    indexedDB.open = (...given: Parameters<typeof open>) => {
      if (isFull) throw new DOMException('full', 'UnknownError');
      const request = open.apply(indexedDB, given);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    };
    const storage = await storages.open('pages');
    await storage.put([block(0)]);
    for (const one of opened) one.close();
    isFull = true;
    await expectFailure(storage.put([block(8)]), 'storage-failed');
    await expectFailure(storage.put([block(8)]), 'storage-failed');
    isFull = false;
    await storage.put([block(8)]);
    expect(await storage.get('a', 'content', [0, 8])).toEqual([
      Uint8Array.of(0, 2, 3),
      Uint8Array.of(8, 2, 3),
    ]);
    expect(opened.length).toBeGreaterThan(1);
  });

  test('a failure after it is closed, as data', async () => {
    const storage = await storages.open('pages');
    storage.close();
    storage.close();
    await expectFailure(storage.put([block(0)]), 'storage-failed');
    await expectFailure(storage.get('a', 'content', [0]), 'storage-failed');
  });
});

describe('a store over it', () => {
  test('holds sealed pages, is opened again, and leaves nothing', async () => {
    const rows = someRows(300);
    const lookup = await SealedLookup.seal(rows, 16);
    const open = () =>
      new DirectStore({
        name: 'visit',
        fetchPages: lookup.fetchPages,
        storages,
        restDelay: 0,
        quiet: 0,
      });
    const first = open();
    await first.open(lookup.records(), silent);
    await first.whenChecked();
    lookup.fetched.length = 0;
    const again = open();
    await again.open(lookup.records(), silent);
    expect(await again.overview({})).toEqual(naiveOverview(rows, {}));
    expect(await again.select({ text: '快递' })).toHaveLength(naiveOverview(rows, { text: '快递' }).rows);
    await again.whenChecked();
    expect(lookup.fetched).toEqual([]);
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([`${STORAGE_PREFIX}visit`]);
    // The first one's connection blocks the deletion.
    await first.wipe();
    await again.wipe();
    expect(await indexedDB.databases()).toEqual([]);
  });
});

describe('schema', () => {
  test('migrations go up one by one', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
    expect(LATEST_VERSION).toBe(migrations.length);
  });

  test('what version 1 held goes: it is fetched again', async () => {
    const old = await openRaw('pages', 1, (database) => {
      const pages = database.createObjectStore('pages', { keyPath: ['lookupId', 'layer', 'page'] });
      pages.put({ lookupId: 'a', layer: 'content', page: 0, sealed: Uint8Array.of(1) });
      const directory = database.createObjectStore('directory', { keyPath: 'lookupId' });
      directory.put({ lookupId: 'a', rows: 1, merkleRoot: '00' });
    });
    old.close();
    const storage = await storages.open('pages');
    expect(await storage.found('a')).toEqual({ metadata: new Set(), content: new Set() });
    expect(await storage.directory('a')).toBeUndefined();
    storage.close();
    const now = await openRaw('pages');
    expect([...now.objectStoreNames]).toEqual(['blocks', 'directory']);
    now.close();
  });

  test('a newer schema is refused, and its connection does not block deletion', async () => {
    (await openRaw('pages', LATEST_VERSION + 1)).close();
    const failure = await expectFailure(storages.open('pages'), 'storage-failed');
    expect(failure.error.detail).toBe('newer schema');
    await storages.remove('pages');
    expect(await indexedDB.databases()).toEqual([]);
  });
});

describe('sweeping', () => {
  test('what a crash left behind goes, whatever its name', async () => {
    (await storages.open(`${STORAGE_PREFIX}left`)).close();
    (await openRaw('something else')).close();
    expect(await sweepLeftovers(indexedDB)).toBe(2);
    expect(await indexedDB.databases()).toEqual([]);
    expect(await sweepLeftovers(indexedDB)).toBe(0);
  });

  test('a deletion that is blocked for good is a failure, not a success', async () => {
    const holder = await openRaw('held');
    await expectFailure(deleteDatabase('held', indexedDB, 20), 'erase-failed');
    holder.close();
  });
});
