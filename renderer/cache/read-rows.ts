import { type Columns, metaOf } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import type { RowFull } from './records.ts';
import type { RowCheck } from './row-check.ts';

/** Pages opened together. */
const PAGES = 16;

/**
 * Rows with content in the order asked; each page is opened once. None is given out that is not what its commitment
 * says.
 * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
 */
export async function readRows(
  columns: Columns,
  content: ContentPages,
  check: RowCheck,
  indexes: readonly number[],
): Promise<RowFull[]> {
  const byPage = new Map<number, number[]>();
  for (const [place, index] of indexes.entries()) {
    const page = content.layout.pageOf(index);
    const places = byPage.get(page);
    if (places === undefined) byPage.set(page, [place]);
    else places.push(place);
  }
  const rows: RowFull[] = new Array(indexes.length);
  const pages = [...byPage.keys()];
  for (let at = 0; at < pages.length; at += PAGES) {
    const some = pages.slice(at, at + PAGES);
    // What checks them is made while they are opened.
    const [checks] = await Promise.all([
      Promise.all(some.map(async (page) => [page, await check.rowsOf(page)] as const)).then(
        (each) => new Map(each),
      ),
      content.read(some, () => undefined),
    ]);
    await content.read(some, (opened) => {
      for (const [page, { peer, text }] of opened) {
        const start = content.layout.start(page);
        for (const place of byPage.get(page) ?? []) {
          const index = indexes[place] ?? 0;
          const { at, direction, category, maskedPeer } = metaOf(columns, index);
          const row = {
            index,
            at,
            direction,
            category,
            maskedPeer,
            peer: peer(index - start),
            text: text(index - start),
          };
          checks.get(page)?.(index - start, row);
          rows[place] = row;
        }
      }
    });
  }
  return rows;
}
