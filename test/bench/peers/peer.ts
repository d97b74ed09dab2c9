/** What every peer is asked to do: the same work on the same records, each in the way that suits it best. */
import { maskNumber } from '../../../shared/domain/mask.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import type { Category } from '../../../shared/domain/scope.ts';

/** A record as a peer stores it: one row. */
export interface Row {
  /** Its number within its lookup; rows are in order of time. Unique over all subjects of a database. */
  id: number;
  subject: string;
  /** Epoch ms. */
  at: number;
  direction: 'in' | 'out';
  category: Category;
  peer: string;
  text: string;
}

/** [rows, of them sent] by calendar day in China, category and the twenty most frequent masked counterparts. */
export interface Counts {
  byDay: [day: string, rows: number, sent: number][];
  byCategory: [category: string, rows: number, sent: number][];
  byPeer: [maskedPeer: string, rows: number, sent: number][];
}

/** One database of one peer, in the worker that owns it. */
export interface Peer {
  /** Opens the database, making it where there is none. */
  open(): Promise<void>;
  /** Resolves when the rows are durable. */
  insert(rows: readonly Row[]): Promise<void>;
  /** Rows of `from` (included) to `until` (excluded), oldest first. */
  range(from: number, until: number): Promise<Row[]>;
  /** Numbers of the rows whose text or counterpart holds the keyword, newest first. */
  search(keyword: string): Promise<number[]>;
  counts(): Promise<Counts>;
  /** The newest rows, newest first. */
  newest(count: number): Promise<Row[]>;
  /** Destroys one subject's rows: the key first, where there is one. */
  remove(subject: string): Promise<void>;
}

/** Durability is asked for explicitly: IndexedDB's default in Chromium is 'relaxed'. */
export const STRICT = { chromeTransactionDurability: 'strict' } as const;

const DAY_MS = 86_400_000;
const CST_OFFSET_MS = 8 * 3_600_000;
const TOP_PEERS = 20;

type Tally = [rows: number, sent: number];

function add(tallies: Map<number | string, Tally>, key: number | string, rows: number, sent: number): void {
  const known = tallies.get(key);
  if (known === undefined) tallies.set(key, [rows, sent]);
  else {
    known[0] += rows;
    known[1] += sent;
  }
}

/** Counts in one pass over rows, for peers that have no query language. */
export function countRows(rows: readonly Pick<Row, 'at' | 'direction' | 'category' | 'peer'>[]): Counts {
  const days = new Map<number, Tally>();
  const kinds = new Map<string, Tally>();
  const peers = new Map<string, Tally>();
  for (const { at, direction, category, peer } of rows) {
    const sent = direction === 'out' ? 1 : 0;
    add(days, Math.floor((at + CST_OFFSET_MS) / DAY_MS), 1, sent);
    add(kinds, category, 1, sent);
    add(peers, peer, 1, sent);
  }
  return finishCounts(days, kinds, peers);
}

/** Names days, and masks counterparts: once for each, not once for each row. */
export function finishCounts(
  days: ReadonlyMap<number, Tally>,
  kinds: ReadonlyMap<string, Tally>,
  peers: ReadonlyMap<string, Tally>,
): Counts {
  const masked = new Map<string, Tally>();
  for (const [peer, [rows, sent]] of peers) add(masked, maskNumber(peer), rows, sent);
  return {
    byDay: [...days]
      .sort(([a], [b]) => a - b)
      .map(([day, [rows, sent]]) => [dayOf(day * DAY_MS - CST_OFFSET_MS), rows, sent]),
    byCategory: [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, tally]) => [kind, ...tally]),
    byPeer: [...masked]
      .sort(([a, [x]], [b, [y]]) => y - x || (a < b ? -1 : 1))
      .slice(0, TOP_PEERS)
      .map(([peer, tally]) => [peer, ...tally]),
  };
}

/** Whether a row holds a keyword, as the sealed store understands it (keywords of the bench have no letters). */
export function holds({ text, peer }: Pick<Row, 'text' | 'peer'>, keyword: string): boolean {
  return text.includes(keyword) || peer.includes(keyword);
}

/** Numbers of rows that were scanned in order of time, newest first. */
export function newestFirst(rows: readonly Pick<Row, 'id'>[]): number[] {
  return rows.map(({ id }) => id).reverse();
}
