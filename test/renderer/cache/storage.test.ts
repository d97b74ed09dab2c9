import { IDBKeyRange, IDBFactory as MemoryIndexedDb } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LATEST_VERSION, migrations } from '../../../renderer/cache/migrations/index.ts';
import { PageDatabase } from '../../../renderer/cache/page-database.ts';
import { guarded } from '../../../renderer/cache/storage-failure.ts';
import { deleteDatabase, sweepLeftovers } from '../../../renderer/cache/sweep.ts';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function openRaw(factory: IDBFactory, name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What quiet loss does to the stored pages. */
async function damage(
  factory: IDBFactory,
  name: string,
  change: (pages: IDBObjectStore) => void,
): Promise<void> {
  const database = await openRaw(factory, name);
  const transaction = database.transaction('pages', 'readwrite');
  change(transaction.objectStore('pages'));
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  database.close();
}

describe('IndexedDB loses data quietly', () => {
  test.each(['gone', 'altered'])(
    'a content page that is %s is fetched again and stored again',
    async (how) => {
      const rows = someRows(64);
      const lookup = await SealedLookup.seal(rows, 16);
      const { store, indexedDB } = storeOver(lookup);
      await store.open(lookup.records(), silent);
      await store.whenHeld();
      const { lookupId } = lookup.binding;
      await damage(indexedDB, store.databaseName, (pages) => {
        if (how === 'gone') pages.clear();
        else pages.put({ lookupId, layer: 'content', page: 1, sealed: new Uint8Array(100) });
      });
      lookup.fetched.length = 0;
      expect((await store.readFull([20])).map(({ text }) => text)).toEqual([rows[20]?.text]);
      expect(lookup.fetched).toEqual(['content/1']);
      expect(await store.select({ text: '#' })).toHaveLength(64);
      lookup.fetched.length = 0;
      expect(await store.select({ text: '#' })).toHaveLength(64);
      expect(lookup.fetched).toEqual([]);
    },
  );

  test('gone here and at the source: said, never shown as fewer rows', async () => {
    const lookup = await SealedLookup.seal(someRows(64), 16);
    const { store, indexedDB } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenHeld();
    await damage(indexedDB, store.databaseName, (pages) => void pages.clear());
    lookup.shelf.clear();
    await expectFailure(store.select({ text: '#' }), 'records-incomplete');
    await expectFailure(store.readFull([0]), 'records-incomplete');
  });
});

describe('storage that fails', () => {
  test.each(['QuotaExceededError', 'AbortError', 'UnknownError'])('%s is a failure as data', async (name) => {
    const lookup = await SealedLookup.seal(someRows(64), 16);
    const { store, indexedDB } = storeOver(lookup);
    const spy = vi
      .spyOn(PageDatabase.prototype, 'put')
      .mockImplementation(() => guarded(() => Promise.reject(new DOMException('secret words', name))));
    await store.open(lookup.records(), silent);
    const failure = await expectFailure(store.whenHeld(), 'storage-failed');
    expect(failure.error.detail).toBe(name);
    expect(failure.message).not.toContain('secret');
    expect(await store.select({})).toHaveLength(64);
    // Staff's store has nothing that comes behind: it fails to open.
    const staff = storeOver(lookup).store;
    await expectFailure(staff.open(lookup.metadata(), silent), 'storage-failed');
    spy.mockRestore();
    await store.whenHeld();
    expect(await heldIn(indexedDB, store.databaseName)).toEqual({ pages: 8, directory: 1 });
    await staff.open(lookup.metadata(), silent);
    expect(await staff.select({})).toHaveLength(64);
  });

  test('the cause inside an AbortError is the one named', async () => {
    const abort = Object.assign(new Error('x'), {
      name: 'AbortError',
      inner: new DOMException('', 'QuotaExceededError'),
    });
    const failure = await expectFailure(
      guarded(() => Promise.reject(abort)),
      'storage-failed',
    );
    expect(failure.error.detail).toBe('QuotaExceededError');
  });

  test('an operation that never settles fails at its deadline', async () => {
    vi.useFakeTimers();
    const waiting = expectFailure(
      guarded(() => new Promise(() => undefined)),
      'storage-failed',
    );
    await vi.runAllTimersAsync();
    expect((await waiting).error.detail).toBe('no answer in time');
  });
});

describe('schema', () => {
  test('migrations go up one by one', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
    expect(LATEST_VERSION).toBe(migrations.length);
  });

  test('a newer schema is refused, and its connection does not block deletion', async () => {
    const indexedDB: IDBFactory = new MemoryIndexedDb();
    (await openRaw(indexedDB, 'pages-of-tomorrow', 10 * (LATEST_VERSION + 1))).close();
    const failure = await expectFailure(
      PageDatabase.open('pages-of-tomorrow', { indexedDB, IDBKeyRange }),
      'storage-failed',
    );
    expect(failure.error.detail).toBe('newer schema');
    await deleteDatabase('pages-of-tomorrow', indexedDB);
    expect(await indexedDB.databases()).toEqual([]);
  });

  test('one lookup has one manifest', async () => {
    const lookup = await SealedLookup.seal(someRows(10));
    const indexedDB: IDBFactory = new MemoryIndexedDb();
    const { store } = storeOver(lookup, indexedDB);
    const database = await PageDatabase.open(store.databaseName, { indexedDB, IDBKeyRange });
    await database.commit({
      lookupId: lookup.binding.lookupId,
      rows: 9,
      merkleRoot: 'x',
      metadataPages: 1,
      contentPages: 1,
    });
    database.close();
    await expectFailure(store.open(lookup.records(), silent), 'records-incomplete');
  });
});

describe('sweeping', () => {
  test('what a crash left behind goes, whatever its name', async () => {
    const indexedDB: IDBFactory = new MemoryIndexedDb();
    const lookup = await SealedLookup.seal(someRows(10));
    await storeOver(lookup, indexedDB).store.open(lookup.records(), silent);
    (await openRaw(indexedDB, 'something else')).close();
    expect(await sweepLeftovers(indexedDB)).toBe(2);
    expect(await indexedDB.databases()).toEqual([]);
    expect(await sweepLeftovers(indexedDB)).toBe(0);
  });

  test('a deletion that is blocked for good is a failure, not a success', async () => {
    const indexedDB: IDBFactory = new MemoryIndexedDb();
    const holder = await openRaw(indexedDB, 'held');
    await expectFailure(deleteDatabase('held', indexedDB, 20), 'erase-failed');
    holder.close();
  });
});
