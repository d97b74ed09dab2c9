/** IndexedDB as promises: all or none, and what stopped it. */
import { IDBFactory as MemoryIndexedDb } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerOf, openDatabase, write } from '../../../renderer/cache/indexed-db.ts';

let factory: IDBFactory;
beforeEach(() => {
  factory = new MemoryIndexedDb();
});

const open = async (version = 1) => {
  const upgrade = ({ db }: IDBTransaction) => void db.createObjectStore('things', { keyPath: 'id' });
  return openDatabase(factory, 'some', version, upgrade);
};
const keys = (database: IDBDatabase) =>
  answerOf(database.transaction('things').objectStore('things').getAllKeys());

describe('a write', () => {
  test('is there when it resolves', async () => {
    const { database } = await open();
    await write(database, ['things'], (transaction) => {
      for (const id of [1, 2]) transaction.objectStore('things').put({ id });
    });
    expect(await keys(database)).toEqual([1, 2]);
  });

  test('of which one part fails leaves nothing, and says why', async () => {
    const { database } = await open();
    const writing = write(database, ['things'], (transaction) => {
      for (const id of [1, 2, 1]) transaction.objectStore('things').add({ id });
    });
    await expect(writing).rejects.toMatchObject({ name: 'ConstraintError' });
    expect(await keys(database)).toEqual([]);
  });

  test('of which one part cannot be asked for leaves nothing either', async () => {
    const { database } = await open();
    const writing = async () =>
      write(database, ['things'], (transaction) => {
        transaction.objectStore('things').put({ id: 1 });
        transaction.objectStore('things').put({ id: () => undefined });
      });
    await expect(writing()).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(await keys(database)).toEqual([]);
  });
});

describe('a database', () => {
  test('says whether it was made just now', async () => {
    const first = await open();
    expect(first.isNew).toBe(true);
    first.database.close();
    expect((await open()).isNew).toBe(false);
  });

  test('that is newer is not opened', async () => {
    (await open(2)).database.close();
    await expect(open(1)).rejects.toMatchObject({ name: 'VersionError' });
  });

  test('that the browser cannot open at once is tried again, some times', async () => {
    const { open: opens } = factory;
    let failures = 0;
    factory.open = (...given: Parameters<typeof opens>) => {
      if (failures-- > 0) throw new DOMException('backing store', 'UnknownError');
      return opens.apply(factory, given);
    };
    failures = 3;
    (await open()).database.close();
    failures = 4;
    await expect(open()).rejects.toMatchObject({ name: 'UnknownError' });
  });

  test('gives way to whoever deletes it', async () => {
    const { database } = await open();
    await answerOf(factory.deleteDatabase('some'));
    expect(await factory.databases()).toEqual([]);
    expect(() => database.transaction('things')).toThrow(
      expect.objectContaining({ name: 'InvalidStateError' }),
    );
  });
});
