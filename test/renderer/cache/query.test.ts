import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ColumnsBuilder } from '../../../renderer/cache/columns.ts';
import { LayerLayout } from '../../../renderer/cache/layout.ts';
import { overviewOf } from '../../../renderer/cache/overview.ts';
import { matchMetadata } from '../../../renderer/cache/query.ts';
import type { RecordStore, RowFilter } from '../../../renderer/cache/records.ts';
import { markerOf } from '../../../renderer/cache/text-search.ts';
import {
  decodeContent,
  decodeMetadata,
  encodeContent,
  encodeMetadata,
} from '../../../shared/canonical/sealed-page.ts';
import { naiveOverview, naiveSelect } from './naive.ts';
import { expectFailure, type PlainRow, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'A', '中', '国', '1', '😀', ' '), maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const time = fc.integer({ min: START, max: START + 3 * DAY });

const rowsArbitrary: fc.Arbitrary<PlainRow[]> = fc
  .array(
    fc.record({
      at: time,
      direction: fc.constantFrom('in' as const, 'out' as const),
      category: fc.constantFrom('sms' as const, 'call' as const, 'transaction' as const),
      maskedPeer: fc.oneof(
        fc.constantFrom('139****5678', '95***'),
        fc.string({ unit: fc.constantFrom('x', 'y', 'z'), maxLength: 3 }),
      ),
      peer: fc.constantFrom('13912345678', '95588', 'AbC', ''),
      text,
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.sort((a, b) => a.at - b.at));

const filterArbitrary = fc.record(
  {
    direction: fc.constantFrom('in' as const, 'out' as const),
    category: fc.constantFrom('sms' as const, 'call' as const, 'transaction' as const),
    from: time,
    until: time,
    maskedPeer: fc.constantFrom('139****5678', '95***', 'x', 'none'),
    text: fc.oneof(text, fc.constantFrom('aB', '中', '95', 'bc', 'A')),
  },
  { requiredKeys: [] },
);

/** Pages of ten, so that rows and offsets cross pages. */
function columnsOf(rows: readonly PlainRow[]) {
  const starts = Array.from({ length: Math.ceil(rows.length / 10) }, (_, page) => page * 10);
  const refs = starts.map((start, page) => ({
    page,
    rows: Math.min(10, rows.length - start),
    bytes: 1,
    sha256: '',
  }));
  const pieces = starts.map((start) => rows.slice(start, start + 10));
  const builder = new ColumnsBuilder(new LayerLayout('metadata', refs, rows.length));
  // In any order, as they come.
  for (const [page, piece] of [...pieces.entries()].reverse()) {
    builder.add(page, decodeMetadata(encodeMetadata(piece)));
  }
  return {
    columns: builder.finish(),
    contents: pieces.map((piece) => decodeContent(encodeContent(piece))),
  };
}

describe('against a naive model', () => {
  test('filters and overviews of any rows', () => {
    fc.assert(
      fc.property(rowsArbitrary, filterArbitrary, (rows, filter) => {
        const { columns, contents } = columnsOf(rows);
        const hits = new Uint8Array(rows.length).fill(filter.text ? 0 : 1);
        if (filter.text) {
          const mark = markerOf(filter.text);
          for (const [page, content] of contents.entries()) mark(content, hits, page * 10);
        }
        const found = matchMetadata(columns, filter).filter((index) => hits[index] === 1);
        expect([...found]).toEqual(naiveSelect(rows, filter));
        expect(overviewOf(columns, found)).toEqual(naiveOverview(rows, filter));
      }),
      { numRuns: 1_000 },
    );
  });

  describe('through a store', () => {
    const rows = someRows(300);
    let store: RecordStore;
    beforeAll(async () => {
      const lookup = await SealedLookup.seal(rows, 16);
      store = storeOver(lookup).store;
      await store.open(lookup.records(), silent);
    });

    test('any filter', async () => {
      const instant = fc.integer({ min: START - DAY, max: START + 101 * DAY });
      const filters = fc.record(
        {
          direction: fc.constantFrom('in' as const, 'out' as const),
          category: fc.constantFrom('sms' as const, 'call' as const, 'transaction' as const),
          from: instant,
          until: instant,
          maskedPeer: fc.constantFrom('139****', '955****', 'Sho****', 'none'),
          text: fc.constantFrom('', 'sale', 'HELLO', '快递', '#1', 'shop-abc', '95588', '到了#29', '没有'),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(filters, async (filter) => {
          expect([...(await store.select(filter))]).toEqual(naiveSelect(rows, filter));
          expect(await store.overview(filter)).toEqual(naiveOverview(rows, filter));
        }),
        { numRuns: 1_000 },
      );
    });

    test.each([
      [{ from: Number.NaN }],
      [{ direction: 'sideways' }],
      [{ category: 'service' }],
      [{ text: 7 }],
      [{ unknown: 1 }],
    ])('a condition that is not understood is refused, not ignored: %o', async (filter) => {
      await expectFailure(store.select(filter as RowFilter), 'bad-input');
    });
  });
});

test('a keyword does not reach from one message into the next', () => {
  const rows = ['ab', 'cd', 'abcd'].map((message, i) => ({
    at: START + i,
    direction: 'in' as const,
    category: 'sms' as const,
    maskedPeer: 'x',
    peer: '1',
    text: message,
  }));
  const { contents } = columnsOf(rows);
  for (const keyword of ['bc', 'BC']) {
    const hits = new Uint8Array(3);
    for (const content of contents) markerOf(keyword)(content, hits, 0);
    expect([...hits]).toEqual([0, 0, 1]);
  }
});
