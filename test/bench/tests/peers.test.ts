/** The peers' own counting and searching understand records as the sealed store does; else results could not match. */
import { expect, test } from 'vitest';
import { maskNumber } from '../../../shared/domain/mask.ts';
import { naiveOverview, naiveSelect } from '../../renderer/cache/naive.ts';
import { benchRecords } from '../data/records.ts';
import { countsOf } from '../page/operations.ts';
import { countRows, holds, newestFirst, type Row } from '../peers/peer.ts';
import { keywords } from '../run/contest.ts';

const rows: Row[] = benchRecords(2_000).map((record, id) => ({ id, subject: 'x', ...record }));
const plain = rows.map((row) => ({ ...row, maskedPeer: maskNumber(row.peer) }));

test('counts by day, category and counterpart', () => {
  expect(countRows(rows)).toEqual(countsOf(naiveOverview(plain, {})));
});

test.each(keywords)('rows that hold %s', (keyword) => {
  const found = newestFirst(rows.filter((row) => holds(row, keyword)));
  expect(found).toEqual(naiveSelect(plain, { text: keyword }));
});

test('records are the same every time, in order, spread over all days and kinds', () => {
  expect(benchRecords(2_000)).toEqual(benchRecords(2_000));
  expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted((a, b) => a - b));
  const { byDay, byCategory } = countRows(rows);
  expect(byDay).toHaveLength(365);
  expect(byCategory.map(([kind]) => kind)).toEqual(['call', 'sms', 'transaction']);
});
