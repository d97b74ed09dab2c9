/** Both stores of sealed pages keep the same promises. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomBytes } from '../../../shared/canonical/bytes.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { databasePageStore, filePageStore, type PageStore, type StoredPage } from '../page-store.ts';

let folder = '';
let db: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-pages-'));
  db = await openDatabase({ folder: join(folder, 'database') });
});
afterAll(async () => {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['files', () => filePageStore(join(folder, 'pages'))],
  ['large values of the database', () => databasePageStore(db)],
])('%s', (_name, open: () => PageStore) => {
  // More than one statement holds.
  const pages: StoredPage[] = (['metadata', 'content'] as const).flatMap((layer) =>
    Array.from({ length: 20 }, (_, page) => ({ layer, page, sealed: randomBytes(3_000) })),
  );
  const of = (layer: string, first: number, last: number) =>
    pages
      .filter((one) => one.layer === layer && one.page >= first && one.page <= last)
      .map((one) => one.sealed);

  test('give back what was put, run by run and layer by layer', async () => {
    const store = open();
    const pageSet = randomUUID();
    await store.put(pageSet, pages);
    expect(await store.get(pageSet, 'content', { first: 0, last: 0 })).toEqual(of('content', 0, 0));
    expect(await store.get(pageSet, 'metadata', { first: 12, last: 19 })).toEqual(of('metadata', 12, 19));
  });

  test('have no run with a page too many, none of another set, and none that was removed', async () => {
    const store = open();
    const [pageSet, other] = [randomUUID(), randomUUID()];
    await store.put(pageSet, pages);
    expect(await store.get(pageSet, 'content', { first: 18, last: 20 })).toBeUndefined();
    expect(await store.get(other, 'content', { first: 0, last: 0 })).toBeUndefined();
    await store.remove(pageSet);
    expect(await store.get(pageSet, 'content', { first: 0, last: 0 })).toBeUndefined();
    await store.remove(pageSet);
  });

  test('list sets by the time they were stored', async () => {
    const store = open();
    const pageSet = randomUUID();
    await store.put(pageSet, pages);
    expect(await store.storedBefore(new Date(Date.now() + 60_000))).toContain(pageSet);
    expect(await store.storedBefore(new Date(Date.now() - 60_000))).toEqual([]);
  });

  test('of no pages there is nothing', async () => {
    const store = open();
    const pageSet = randomUUID();
    await store.put(pageSet, []);
    expect(await store.get(pageSet, 'content', { first: 0, last: 0 })).toBeUndefined();
    await store.remove(pageSet);
  });
});
