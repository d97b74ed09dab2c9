import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import { type Columns, maskedPeerOf } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import type { RowBatch } from './row-batch.ts';

/** Pages opened together. */
const PAGES = 16;

/**
 * Rows with content in the order asked; each page is opened once.
 * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
 */
export async function readRows(
  columns: Columns,
  content: ContentPages,
  indexes: readonly number[],
): Promise<RowBatch> {
  const batch = {
    index: Uint32Array.from(indexes),
    at: new Float64Array(indexes.length),
    flags: new Uint8Array(indexes.length),
    maskedPeers: indexes.map((index) => maskedPeerOf(columns, index)),
    peers: indexes.map(() => ''),
    textStarts: new Uint32Array(indexes.length),
    textLengths: new Uint32Array(indexes.length),
  };
  for (let place = 0; place < indexes.length; place++) {
    const index = indexes[place] ?? 0;
    batch.at[place] = columns.at[index] ?? 0;
    batch.flags[place] = columns.flags[index] ?? 0;
  }
  const placesOf = byPage(content, indexes);
  const pages = [...placesOf.keys()];
  const units: Uint16Array[] = [];
  let written = 0;
  for (let at = 0; at < pages.length; at += PAGES) {
    await content.read(pages.slice(at, at + PAGES), (opened) => {
      for (const [number, page] of opened) {
        const rows = (placesOf.get(number) ?? []).map((place) => ({
          place,
          row: (indexes[place] ?? 0) - content.layout.start(number),
        }));
        for (const { place, row } of rows) batch.peers[place] = page.peer(row);
        const texts = textsOf(page, rows, written, batch);
        units.push(texts);
        written += texts.length;
      }
    });
  }
  return { ...batch, units: joined(units, written) };
}

/** Places in `indexes` of the rows that lie on each page. */
function byPage({ layout }: ContentPages, indexes: readonly number[]): Map<number, number[]> {
  const placesOf = new Map<number, number[]>();
  for (const [place, index] of indexes.entries()) {
    const page = layout.pageOf(index);
    const places = placesOf.get(page);
    if (places === undefined) placesOf.set(page, [place]);
    else places.push(place);
  }
  return placesOf;
}

/** Units of some rows' texts behind one another, and where each of them is. */
function textsOf(
  { texts, textOffsets }: ContentPage,
  rows: readonly { readonly place: number; readonly row: number }[],
  first: number,
  { textStarts, textLengths }: Pick<RowBatch, 'textStarts' | 'textLengths'>,
): Uint16Array {
  const lengthOf = (row: number): number => (textOffsets[row + 1] ?? 0) - (textOffsets[row] ?? 0);
  const units = new Uint16Array(rows.reduce((sum, { row }) => sum + lengthOf(row), 0));
  let end = 0;
  for (const { place, row } of rows) {
    const start = textOffsets[row] ?? 0;
    const length = lengthOf(row);
    units.set(texts.subarray(start, start + length), end);
    textStarts[place] = first + end;
    textLengths[place] = length;
    end += length;
  }
  return units;
}

function joined(parts: readonly Uint16Array[], length: number): Uint16Array<ArrayBuffer> {
  const all = new Uint16Array(length);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
    // SECURITY: S11 a copy that nobody overwrites later.
    part.fill(0);
  }
  return all;
}
