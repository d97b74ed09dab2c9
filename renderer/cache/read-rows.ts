import { type Columns, metaOf } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import type { RowFull } from './records.ts';

/** Pages opened together. */
const PAGES = 16;

/** Rows with content in the order asked; each page is opened once. @throws as `ContentPages.read` does */
export async function readRows(
  columns: Columns,
  content: ContentPages,
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
    await content.read(pages.slice(at, at + PAGES), (opened) => {
      for (const [page, { peer, text }] of opened) {
        const start = content.layout.start(page);
        for (const place of byPage.get(page) ?? []) {
          const index = indexes[place] ?? 0;
          rows[place] = { ...metaOf(columns, index), peer: peer(index - start), text: text(index - start) };
        }
      }
    });
  }
  return rows;
}
