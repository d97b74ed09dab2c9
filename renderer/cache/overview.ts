import { dayOf } from '../../shared/domain/period.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { Columns } from './columns.ts';
import type { Overview, Totals } from './records.ts';

/** Counterparts listed. */
const TOP_PEERS = 20;
const DAY_MS = 86_400_000;
/** China Standard Time, UTC+8, no daylight saving. */
const CST_OFFSET_MS = 8 * 3_600_000;

/** Rows and, of them, those sent. */
class Tally {
  rows = 0;
  sent = 0;

  add(sent: number): void {
    this.rows++;
    this.sent += sent;
  }

  totals(): Totals {
    return { rows: this.rows, received: this.rows - this.sent, sent: this.sent };
  }
}

/** Counts of some rows by calendar day in China, category and masked counterpart, each by direction. */
export function overviewOf(columns: Columns, indexes: Uint32Array<ArrayBuffer>): Overview {
  const all = new Tally();
  const days = new Map<number, Tally>();
  const byCategory = categories.map(() => new Tally());
  const peers = new Map<number, Tally>();
  for (const i of indexes) {
    const flags = columns.flags[i] ?? 0;
    const sent = flags & 1;
    all.add(sent);
    tallyOf(days, Math.floor(((columns.at[i] ?? 0) + CST_OFFSET_MS) / DAY_MS)).add(sent);
    byCategory[flags >> 1]?.add(sent);
    tallyOf(peers, columns.peerIndex[i] ?? 0).add(sent);
  }
  const name = (peer: number): string => columns.peers[peer] ?? '';
  return {
    ...all.totals(),
    byDay: [...days]
      .sort(([a], [b]) => a - b)
      .map(([day, tally]) => ({ day: dayOf(day * DAY_MS - CST_OFFSET_MS), ...tally.totals() })),
    byCategory: categories
      .map((category, i) => ({ category, ...(byCategory[i] ?? new Tally()).totals() }))
      .filter(({ rows }) => rows > 0),
    byPeer: [...peers]
      // Equal counts by name, so that the list does not depend on which page came first.
      .sort(([a, x], [b, y]) => y.rows - x.rows || (name(a) < name(b) ? -1 : 1))
      .slice(0, TOP_PEERS)
      .map(([peer, tally]) => ({ maskedPeer: name(peer), ...tally.totals() })),
  };
}

function tallyOf(tallies: Map<number, Tally>, key: number): Tally {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const tally = new Tally();
  tallies.set(key, tally);
  return tally;
}
