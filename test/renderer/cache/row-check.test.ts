import { expect, test } from 'vitest';
import type { Columns } from '../../../renderer/cache/columns.ts';
import { ColumnsBuilder } from '../../../renderer/cache/columns.ts';
import type { ContentPages } from '../../../renderer/cache/content-pages.ts';
import { layoutOf } from '../../../renderer/cache/layout.ts';
import { RowCheck } from '../../../renderer/cache/row-check.ts';
import {
  type ContentPage,
  decodeContent,
  decodeMetadata,
  importLayerKey,
  openPage,
  pageSalts,
} from '../../../shared/canonical/sealed-page.ts';
import { SealedLookup, someRows } from './sealed-lookup.ts';

const PAGES = 8;
const PAGE = 4;

/** A check whose pages are opened already, and the pages that it has come to, each once. */
async function checkOf() {
  const lookup = await SealedLookup.seal(someRows(PAGES * PAGE), PAGE);
  const access = lookup.records();
  const layout = layoutOf(access);
  const metadataKey = await importLayerKey(access.metadataSecret.slice(), lookup.binding, 'metadata', 'open');
  const contentKey = await importLayerKey(access.contentSecret.slice(), lookup.binding, 'content', 'open');
  const builder = new ColumnsBuilder(layout.metadata);
  const opened: ContentPage[] = [];
  for (let page = 0; page < PAGES; page++) {
    const sealed = (layer: string) => lookup.shelf.get(`${layer}/${page}`) ?? new Uint8Array();
    builder.add(page, decodeMetadata(await openPage(metadataKey, page, sealed('metadata'))));
    opened.push(decodeContent(await openPage(contentKey, page, sealed('content'))));
  }
  const columns: Columns = builder.finish();
  const seen: number[] = [];
  const content: Pick<ContentPages, 'read' | 'salts'> = {
    read: async ([page = -1], use) => {
      if (seen.at(-1) !== page) seen.push(page);
      return use(new Map(opened.entries()));
    },
    salts: (page) => pageSalts(contentKey, page, PAGE),
  };
  return { check: new RowCheck(layout, columns, content), seen };
}

const pause = async () => undefined;

test('checks the newest first', async () => {
  const { check, seen } = await checkOf();
  await check.all(pause);
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
});

test('checks what is being looked at before the rest, and nothing twice', async () => {
  const { check, seen } = await checkOf();
  let looks = 0;
  await check.all(async () => {
    // While the second page is being checked, two others are shown.
    if (++looks === 2) check.soon([2, 4]);
  });
  expect(seen).toEqual([7, 6, 4, 2, 5, 3, 1, 0]);
  check.soon([3]);
  await check.all(pause);
  expect(seen).toHaveLength(PAGES);
});

test('a page that was proved is checked', async () => {
  const { check, seen } = await checkOf();
  expect((await check.prove(5 * PAGE + 1)).proof.length).toBeGreaterThan(0);
  await check.all(pause);
  expect(seen).toEqual([5, 7, 6, 4, 3, 2, 1, 0]);
});
