import { beforeEach, describe, expect, test } from 'vitest';
import { ContentPages } from '../../../renderer/cache/content-pages.ts';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import type { PageStorage } from '../../../renderer/cache/page-storage.ts';
import { PutQueue } from '../../../renderer/cache/put-queue.ts';
import { SealedLayer } from '../../../renderer/cache/sealed-layer.ts';
import { importLayerKey } from '../../../shared/canonical/sealed-page.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { MemoryStorages } from './memory-storages.ts';
import { expectFailure, longRows, SealedLookup } from './sealed-lookup.ts';

const PAGE = 4;
const rows = longRows(20 * PAGE);
const numbers = Array.from({ length: 20 }, (_, page) => page);
let lookup: SealedLookup;
/** First pages of the blocks that were asked of the storage. */
const reads: (readonly number[])[] = [];
/** Plain bytes of one page, about. */
let size: number;

beforeEach(async () => {
  lookup = await SealedLookup.seal(rows, PAGE);
  size = lookup.shelf.get('content/0')?.length ?? 0;
});

async function pagesOf(keptBytes: number, keepBytes = 0): Promise<ContentPages> {
  const access = lookup.records();
  const layout = layoutOf(access).content;
  if (layout === undefined) throw new Error('no content');
  const opened = await new MemoryStorages().open('pages');
  const storage: PageStorage = {
    ...opened,
    get: (id, layer, firsts) => {
      reads.push(firsts);
      return opened.get(id, layer, firsts);
    },
  };
  const { signal } = new AbortController();
  const { binding, fetchPages } = lookup;
  const { lookupId } = binding;
  const writes = new PutQueue(storage);
  writes.begin();
  const found = storage.found(lookupId);
  const sealed = new SealedLayer({ lookupId, storage, writes, found, fetchPages, signal, keepBytes }, layout);
  const layerKey = await importLayerKey(new Uint8Array(access.contentSecret), binding, 'content', 'open');
  return new ContentPages(sealed, layerKey, keptBytes);
}

const textsOf = (page: number) => rows.slice(page * PAGE, (page + 1) * PAGE).map(({ text }) => text);

async function readTexts(pages: ContentPages, asked: readonly number[]): Promise<string[][]> {
  return pages.read(asked, (opened) =>
    asked.map((page) => Array.from({ length: PAGE }, (_, i) => opened.get(page)?.text(i) ?? 'missing')),
  );
}

async function sweepTexts(pages: ContentPages): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  await pages.sweep(numbers, (page, { text }) => {
    found.set(
      page,
      Array.from({ length: PAGE }, (_, i) => text(i)),
    );
  });
  return found;
}

describe.each([0, 1, 3, 1_000])('room for %i pages', (room) => {
  test('reads and searches give the rows, again and again', async () => {
    const pages = await pagesOf(room * size);
    for (let round = 0; round < 3; round++) {
      expect(await readTexts(pages, [4, 7, 1])).toEqual([4, 7, 1].map(textsOf));
      const found = await sweepTexts(pages);
      expect(numbers.map((page) => found.get(page))).toEqual(numbers.map(textsOf));
    }
  });

  test('at the same time, too: nothing is overwritten that somebody reads', async () => {
    const pages = await pagesOf(room * size);
    const work = Array.from({ length: 40 }, async (_, i) => {
      const asked = [i % 20, (i * 7) % 20, (i * 3 + 5) % 20].filter(
        (page, at, all) => all.indexOf(page) === at,
      );
      if (i % 5 === 0) {
        const found = await sweepTexts(pages);
        expect(numbers.map((page) => found.get(page))).toEqual(numbers.map(textsOf));
      } else expect(await readTexts(pages, asked)).toEqual(asked.map(textsOf));
    });
    await Promise.all(work);
  });
});

test('what is kept is not opened again, and no more is kept than there is room for', async () => {
  const pages = await pagesOf(1_000 * size);
  await sweepTexts(pages);
  lookup.shelf.clear();
  const { fetched } = lookup;
  const before = fetched.length;
  await sweepTexts(pages);
  await readTexts(pages, numbers);
  expect(fetched).toHaveLength(before);
});

test('a wipe overwrites what is open, also while somebody waits for it (S11)', async () => {
  const pages = await pagesOf(1_000 * size);
  const units = await pages.read([3], (opened) => opened.get(3)?.texts);
  expect(units?.some((unit) => unit !== 0)).toBe(true);
  const waiting = expectFailure(readTexts(pages, [3, 4]), 'wrong-state');
  const searching = expectFailure(sweepTexts(pages), 'wrong-state');
  pages.drop();
  await Promise.all([waiting, searching]);
  expect(units?.every((unit) => unit === 0)).toBe(true);
  await expectFailure(readTexts(pages, [3]), 'wrong-state');
});

test('a failure is told, and leaves the others readable', async () => {
  const pages = await pagesOf(3 * size);
  lookup.shelf.delete('content/5');
  await expectFailure(readTexts(pages, [4, 5]), 'records-incomplete');
  await expect(sweepTexts(pages)).rejects.toBeInstanceOf(Failure);
  expect(await readTexts(pages, [1, 3])).toEqual([1, 3].map(textsOf));
});

test('sealed pages are kept in memory as far as there is room for them, the others read from the storage', async () => {
  /** Pages that are asked of the storage by whoever reads all of them a second time. */
  const readAgain = async (keepBytes: number): Promise<number> => {
    const pages = await pagesOf(0, keepBytes);
    await sweepTexts(pages);
    reads.length = 0;
    expect(await readTexts(pages, numbers)).toEqual(numbers.map(textsOf));
    return reads.flat().length;
  };
  const all = await readAgain(0);
  expect(all).toBeGreaterThan(10);
  expect(await readAgain(2 * size)).toBe(all - 2);
  expect(await readAgain(100 * size)).toBe(0);
});
