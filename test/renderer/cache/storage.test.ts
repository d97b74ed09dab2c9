import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DirectStore } from '../../../renderer/cache/direct-store.ts';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import { STORAGE_PREFIX } from '../../../renderer/cache/page-storage.ts';
import { guarded, storageFailure } from '../../../renderer/cache/storage-failure.ts';
import type { MemoryStorages } from './memory-storages.ts';
import {
  blockWith,
  expectFailure,
  heldIn,
  longRows,
  SealedLookup,
  silent,
  someRows,
  storeOver,
} from './sealed-lookup.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A store that holds everything, and has checked it. */
async function held() {
  const rows = someRows(256);
  const lookup = await SealedLookup.seal(rows, 16);
  const { store, storages } = storeOver(lookup);
  await store.open(lookup.records(), silent);
  await store.whenHeld();
  await store.whenChecked();
  lookup.fetched.length = 0;
  return { rows, lookup, store, storages };
}

/** What quiet loss does to the block that content page 1 lies in. */
function damage(storages: MemoryStorages, lookup: SealedLookup, name: string, how: string): void {
  const { content } = layoutOf(lookup.records());
  const key = `content/${content?.block(content.blockOf(1)).first}`;
  const values = storages.contents(name) ?? new Map();
  const value = values.get(key) ?? new Uint8Array();
  if (how === 'gone') values.delete(key);
  else if (how === 'cut short') values.set(key, value.slice(0, -1));
  else value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
  storages.leave(name, lookup.binding.lookupId, values);
}

function nameOf(store: DirectStore): string {
  return store.storageName.slice(STORAGE_PREFIX.length);
}

describe('disks lose data quietly', () => {
  test.each(['gone', 'altered', 'cut short'])(
    'a block that is %s is fetched again and stored again',
    async (how) => {
      const { rows, lookup, store, storages } = await held();
      damage(storages, lookup, store.storageName, how);
      // What is open is not read from the storage: another store opens what this one held.
      const left = storages.copy();
      const { store: again } = storeOver(lookup, left, nameOf(store));
      await again.open(lookup.records(), silent);
      expect((await again.readFull([20])).map(({ text }) => text)).toEqual([rows[20]?.text]);
      expect(await again.select({ text: '#' })).toHaveLength(256);
      await again.whenChecked();
      expect(lookup.fetched).toEqual(blockWith(lookup, 'content', 1));
      expect(heldIn(left, store.storageName, lookup)).toEqual({ pages: 32, directory: true });
    },
  );

  test('what came in this visit is read without the disk', async () => {
    const { lookup, store, storages } = await held();
    storages.failing = { get: 'UnknownError' };
    const fetched = lookup.fetched.length;
    expect(await store.select({ text: '#' })).toHaveLength(256);
    expect(await store.readFull([20])).toHaveLength(1);
    await store.whenChecked();
    expect(lookup.fetched).toHaveLength(fetched);
  });

  test('gone here and at the source: said, never shown as fewer rows', async () => {
    const { lookup, store, storages } = await held();
    damage(storages, lookup, store.storageName, 'gone');
    lookup.shelf.clear();
    const { store: again } = storeOver(lookup, storages.copy(), nameOf(store));
    await again.open(lookup.records(), silent);
    await expectFailure(again.select({ text: '#' }), 'records-incomplete');
    await expectFailure(again.readFull([20]), 'records-incomplete');
    await expectFailure(again.whenHeld(), 'records-incomplete');
    await expectFailure(again.whenChecked(), 'records-incomplete');
  });

  test('what cannot be read is fetched again', async () => {
    const { lookup, store, storages } = await held();
    const left = storages.copy();
    left.failing = { get: 'UnknownError' };
    const { store: again } = storeOver(lookup, left, nameOf(store));
    await again.open(lookup.records(), silent);
    expect(await again.select({ text: '#' })).toHaveLength(256);
    expect(await again.readFull([0, 100])).toHaveLength(2);
  });
});

describe('storage that fails', () => {
  test.each(['QuotaExceededError', 'InvalidStateError'])(
    '%s while writing is a failure as data',
    async (name) => {
      const rows = someRows(256);
      const lookup = await SealedLookup.seal(rows, 16);
      const { store, storages } = storeOver(lookup);
      storages.failing = { put: name };
      await store.open(lookup.records(), silent);
      const failure = await expectFailure(store.whenHeld(), 'storage-failed');
      expect(failure.error.detail).toBe(name);
      // The disk is full, not the visit over: everything can still be read.
      expect(await store.select({ text: '#' })).toHaveLength(256);
      expect((await store.readFull([0])).map(({ text }) => text)).toEqual([rows[0]?.text]);
      await store.whenChecked();
      // Staff's store has nothing that comes behind: it fails to open.
      const staff = storeOver(lookup, storages).store;
      await expectFailure(staff.open(lookup.metadata(), silent), 'storage-failed');
      storages.failing = {};
      await store.whenHeld();
      await store.whenChecked();
      expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 32, directory: true });
      await staff.open(lookup.metadata(), silent);
      expect((await staff.overview({})).rows).toBe(256);
    },
  );

  test('a full disk is noticed before everything has been fetched', async () => {
    const lookup = await SealedLookup.seal(longRows(400), 4);
    const { store, storages } = storeOver(lookup);
    storages.failing = { put: 'QuotaExceededError' };
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'storage-failed');
    // A hundred pages, six megabytes.
    expect(lookup.fetched.filter((page) => page.startsWith('content')).length).toBeLessThan(60);
  });

  test('a directory that is not on the disk is not said to be held', async () => {
    const lookup = await SealedLookup.seal(someRows(64), 16);
    const { store, storages } = storeOver(lookup);
    storages.failing = { directory: 'UnknownError' };
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'storage-failed');
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 0, directory: false });
    storages.failing = {};
    await store.whenHeld();
    expect(heldIn(storages, store.storageName, lookup)).toEqual({ pages: 8, directory: true });
  });

  test('a storage that cannot be deleted is said, and can be tried again', async () => {
    const { store, storages } = await held();
    storages.failing = { remove: 'UnknownError' };
    await expectFailure(store.wipe(), 'erase-failed');
    expect(storages.names()).toHaveLength(1);
    storages.failing = {};
    await store.wipe();
    expect(storages.names()).toEqual([]);
  });

  test('the name of what was thrown is told, never its words', () => {
    const failure = storageFailure(new DOMException('secret words', 'QuotaExceededError'));
    expect(failure.error).toMatchObject({ kind: 'storage-failed', detail: 'QuotaExceededError' });
    expect(failure.message).not.toContain('secret');
    expect(storageFailure('secret').error.detail).toBe('string');
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
