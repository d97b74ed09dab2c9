import type { Overview, RowFilter, Totals } from '../../../renderer/cache/records.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import { categories } from '../../../shared/domain/scope.ts';
import type { PlainRow } from './sealed-lookup.ts';

/** What the store must answer, written as plainly as can be. */
export function naiveSelect(rows: readonly PlainRow[], filter: RowFilter): number[] {
  const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const needle = fold(filter.text ?? '');
  return rows
    .map((row, index) => ({ row, index }))
    .filter(
      ({ row }) =>
        (filter.direction === undefined || row.direction === filter.direction) &&
        (filter.category === undefined || row.category === filter.category) &&
        (filter.from === undefined || row.at >= filter.from) &&
        (filter.until === undefined || row.at < filter.until) &&
        (filter.maskedPeer === undefined || row.maskedPeer === filter.maskedPeer) &&
        (fold(row.text).includes(needle) || fold(row.peer).includes(needle)),
    )
    .map(({ index }) => index)
    .reverse();
}

export function naiveOverview(rows: readonly PlainRow[], filter: RowFilter): Overview {
  const chosen = naiveSelect(rows, filter).flatMap((index) => rows[index] ?? []);
  const totals = (some: readonly PlainRow[]): Totals => ({
    rows: some.length,
    received: some.filter(({ direction }) => direction === 'in').length,
    sent: some.filter(({ direction }) => direction === 'out').length,
  });
  const days = [...new Set(chosen.map(({ at }) => dayOf(at)))].sort();
  const peers = [...new Set(chosen.map(({ maskedPeer }) => maskedPeer))];
  return {
    ...totals(chosen),
    byDay: days.map((day) => ({ day, ...totals(chosen.filter(({ at }) => dayOf(at) === day)) })),
    byCategory: categories
      .map((category) => ({ category, ...totals(chosen.filter((row) => row.category === category)) }))
      .filter((entry) => entry.rows > 0),
    byPeer: peers
      .map((maskedPeer) => ({ maskedPeer, ...totals(chosen.filter((row) => row.maskedPeer === maskedPeer)) }))
      .sort((a, b) => b.rows - a.rows || (a.maskedPeer < b.maskedPeer ? -1 : 1))
      .slice(0, 20),
  };
}
