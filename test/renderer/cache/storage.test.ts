import { afterEach, describe, expect, test, vi } from 'vitest';
import type { DirectStore } from '../../../renderer/cache/direct-store.ts';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import { FILE_PREFIX } from '../../../renderer/cache/page-file.ts';
import { guarded, storageFailure } from '../../../renderer/cache/storage-failure.ts';
import { sweepLeftovers } from '../../../renderer/cache/sweep.ts';
import { MemoryFolder } from './memory-folder.ts';
import { expectFailure, heldIn, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A store that holds everything, and has checked it. */
async function held() {
  const rows = someRows(256);
  const lookup = await SealedLookup.seal(rows, 16);
  const { store, folder } = storeOver(lookup);
  await store.open(lookup.records(), silent);
  await store.whenHeld();
  await store.whenChecked();
  lookup.fetched.length = 0;
  return { rows, lookup, store, folder };
}

/** What quiet loss does to one content page of a file. */
function damage(folder: MemoryFolder, lookup: SealedLookup, name: string, how: 'gone' | 'altered'): void {
  const { content } = layoutOf(lookup.records());
  const bytes = folder.contents(name) ?? new Uint8Array();
  const [start = 0, end = 0] = content?.offsets.slice(1, 3) ?? [];
  if (how === 'gone') bytes.fill(0, start, end);
  else bytes[end - 1] = (bytes[end - 1] ?? 0) ^ 1;
  folder.put(name, bytes);
}

describe('disks lose data quietly', () => {
  test.each(['gone', 'altered'] as const)(
    'a content page that is %s is fetched again and stored again',
    async (how) => {
      const { rows, lookup, store, folder } = await held();
      damage(folder, lookup, store.fileName, how);
      // What is open is not read from the file: another store opens what this one held.
      const { store: again } = storeOver(lookup, folder.copy(), nameOf(store));
      await again.open(lookup.records(), silent);
      expect((await again.readFull([20])).map(({ text }) => text)).toEqual([rows[20]?.text]);
      expect(await again.select({ text: '#' })).toHaveLength(256);
      await again.whenChecked();
      expect(lookup.fetched).toEqual(['content/1']);
    },
  );

  test('gone here and at the source: said, never shown as fewer rows', async () => {
    const { lookup, store, folder } = await held();
    damage(folder, lookup, store.fileName, 'gone');
    lookup.shelf.clear();
    const { store: again } = storeOver(lookup, folder.copy(), nameOf(store));
    await again.open(lookup.records(), silent);
    await expectFailure(again.select({ text: '#' }), 'records-incomplete');
    await expectFailure(again.readFull([20]), 'records-incomplete');
    await expectFailure(again.whenHeld(), 'records-incomplete');
    await expectFailure(again.whenChecked(), 'records-incomplete');
  });
});

function nameOf(store: DirectStore): string {
  return store.fileName.slice(FILE_PREFIX.length);
}

describe('storage that fails', () => {
  test.each(['QuotaExceededError', 'InvalidStateError'])(
    '%s while writing is a failure as data',
    async (name) => {
      const rows = someRows(256);
      const lookup = await SealedLookup.seal(rows, 16);
      const { store, folder } = storeOver(lookup);
      folder.failing = { write: name, reserve: name };
      await store.open(lookup.records(), silent);
      const failure = await expectFailure(store.whenHeld(), 'storage-failed');
      expect(failure.error.detail).toBe(name);
      // The disk is full, not the visit over: everything can still be read.
      expect(await store.select({ text: '#' })).toHaveLength(256);
      expect((await store.readFull([0])).map(({ text }) => text)).toEqual([rows[0]?.text]);
      await store.whenChecked();
      // Staff's store has nothing that comes behind: it fails to open.
      const staff = storeOver(lookup, folder).store;
      await expectFailure(staff.open(lookup.metadata(), silent), 'storage-failed');
      folder.failing = {};
      await store.whenHeld();
      await store.whenChecked();
      expect(heldIn(folder, store.fileName, lookup)).toEqual({ pages: 32, directory: true });
      await staff.open(lookup.metadata(), silent);
      expect((await staff.overview({})).rows).toBe(256);
    },
  );

  test('a full disk is noticed before everything has been fetched', async () => {
    const lookup = await SealedLookup.seal(someRows(800), 2);
    const { store, folder } = storeOver(lookup);
    folder.failing = { write: 'QuotaExceededError' };
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'storage-failed');
    expect(lookup.fetched.filter((page) => page.startsWith('content')).length).toBeLessThan(200);
  });

  test('what cannot be brought to the disk is not said to be held', async () => {
    const lookup = await SealedLookup.seal(someRows(64), 16);
    const { store, folder } = storeOver(lookup);
    folder.failing = { flush: 'UnknownError' };
    await store.open(lookup.records(), silent);
    await expectFailure(store.whenHeld(), 'storage-failed');
    expect(heldIn(folder, store.fileName, lookup)).toEqual({ pages: 8, directory: false });
    folder.failing = {};
    await store.whenHeld();
    expect(heldIn(folder, store.fileName, lookup)).toEqual({ pages: 8, directory: true });
  });

  test('a file that cannot be deleted is said, and can be tried again', async () => {
    const { store, folder } = await held();
    folder.failing = { remove: 'UnknownError' };
    await expectFailure(store.wipe(), 'erase-failed');
    expect(await folder.names()).toHaveLength(1);
    folder.failing = {};
    await store.wipe();
    expect(await folder.names()).toEqual([]);
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

describe('sweeping', () => {
  test('what a crash left behind goes, whatever its name', async () => {
    const lookup = await SealedLookup.seal(someRows(10));
    const { store, folder } = storeOver(lookup);
    await store.open(lookup.records(), silent);
    await store.whenHeld();
    const left = folder.copy();
    left.put('something else', new Uint8Array(3));
    expect(await sweepLeftovers(left)).toBe(2);
    expect(await left.names()).toEqual([]);
    expect(await sweepLeftovers(left)).toBe(0);
  });

  test('a deletion that fails is a failure, not a success', async () => {
    const folder = new MemoryFolder();
    folder.put('held', new Uint8Array(1));
    folder.failing = { remove: 'NoModificationAllowedError' };
    await expectFailure(sweepLeftovers(folder), 'erase-failed');
  });
});
