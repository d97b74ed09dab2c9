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
        const start = content.layout.start(number);
        const places = placesOf.get(number) ?? [];
        const rows = places.map((place) => (indexes[place] ?? 0) - start);
        units.push(unitsOf(page, rows));
        for (const [i, place] of places.entries()) {
          const row = rows[i] ?? 0;
          batch.peers[place] = page.peer(row);
          batch.textStarts[place] = written;
          batch.textLengths[place] = lengthOf(page, row);
          written += lengthOf(page, row);
        }
      }
    });
  }
  return { ...batch, units: joined(units, written) };
}

/** Places in `indexes` of the rows that lie on each page. */
function byPage({ layout }: ContentPages, indexes: readonly number[]): Map<number, number[]> {
  const placesOf = new Map<number, number[]>();
  let places: number[] = [];
  // Of the page that the row before lies on, as most rows do too.
  let first = 0;
  let end = 0;
  for (let place = 0; place < indexes.length; place++) {
    const index = indexes[place] ?? 0;
    if (index < first || index >= end) {
      const page = layout.pageOf(index);
      first = layout.start(page);
      end = layout.start(page + 1);
      places = placesOf.get(page) ?? [];
      placesOf.set(page, places);
    }
    places.push(place);
  }
  return placesOf;
}

const lengthOf = ({ textOffsets }: ContentPage, row: number): number =>
  (textOffsets[row + 1] ?? 0) - (textOffsets[row] ?? 0);

/** Units of some rows' texts behind one another. */
function unitsOf(page: ContentPage, rows: readonly number[]): Uint16Array {
  const units = new Uint16Array(rows.reduce((sum, row) => sum + lengthOf(page, row), 0));
  let end = 0;
  for (const row of rows) {
    const start = page.textOffsets[row] ?? 0;
    units.set(page.texts.subarray(start, start + lengthOf(page, row)), end);
    end += lengthOf(page, row);
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
