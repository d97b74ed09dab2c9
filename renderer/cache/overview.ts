import { dayOf, startOfDay } from '../../shared/domain/period.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { Columns } from './columns.ts';
import type { Overview, Totals } from './records.ts';

/** Counterparts listed. */
const TOP_PEERS = 20;
const DAY_MS = 86_400_000;

function totalsOf(rows: number, sent: number): Totals {
  return { rows, received: rows - sent, sent };
}

/**
 * Counts of some rows by calendar day in China, category and masked counterpart, each by direction.
 * @param indexes newest first, as a selection comes.
 */
export function overviewOf(columns: Columns, indexes: Uint32Array<ArrayBuffer>): Overview {
  const { at, flags, peerIndex, peers } = columns;
  // Rows and, of them, those sent: two columns each, because a hundred thousand small objects cost more than the count.
  const byFlags = new Uint32Array(8);
  const peerRows = new Uint32Array(peers.length);
  const peerSent = new Uint32Array(peers.length);
  const byDay: Overview['byDay'] = [];
  let day = { from: Number.POSITIVE_INFINITY, rows: 0, sent: 0 };
  const endDay = (): void => {
    if (day.rows > 0) byDay.push({ day: dayOf(day.from), ...totalsOf(day.rows, day.sent) });
  };
  for (const i of indexes) {
    const flag = flags[i] ?? 0;
    const sent = flag & 1;
    const peer = peerIndex[i] ?? 0;
    const time = at[i] ?? 0;
    byFlags[flag] = (byFlags[flag] ?? 0) + 1;
    peerRows[peer] = (peerRows[peer] ?? 0) + 1;
    peerSent[peer] = (peerSent[peer] ?? 0) + sent;
    // Times go down: a day that has ended does not come back.
    if (time < day.from || time >= day.from + DAY_MS) {
      endDay();
      day = { from: startOfDay(dayOf(time)), rows: 0, sent: 0 };
    }
    day.rows++;
    day.sent += sent;
  }
  endDay();
  const countOf = (flag: number): number => byFlags[flag] ?? 0;
  const byCategory = categories.map((category, i) => ({
    category,
    ...totalsOf(countOf(2 * i) + countOf(2 * i + 1), countOf(2 * i + 1)),
  }));
  return {
    ...totalsOf(
      indexes.length,
      byCategory.reduce((sum, { sent }) => sum + sent, 0),
    ),
    byDay: byDay.reverse(),
    byCategory: byCategory.filter(({ rows }) => rows > 0),
    byPeer: mostFrequent(peers, peerRows).map((peer) => ({
      maskedPeer: peers[peer] ?? '',
      ...totalsOf(peerRows[peer] ?? 0, peerSent[peer] ?? 0),
    })),
  };
}

/** Places of the most frequent counterparts that occur at all, most first. */
function mostFrequent(peers: readonly string[], rows: Uint32Array): number[] {
  const name = (peer: number): string => peers[peer] ?? '';
  const least = rows.toSorted().at(-TOP_PEERS) ?? 0;
  return (
    peers
      .map((_, peer) => peer)
      .filter((peer) => (rows[peer] ?? 0) > 0 && (rows[peer] ?? 0) >= least)
      // Equal counts by name, so that the list does not depend on which page came first.
      .sort((a, b) => (rows[b] ?? 0) - (rows[a] ?? 0) || (name(a) < name(b) ? -1 : 1))
      .slice(0, TOP_PEERS)
  );
}
