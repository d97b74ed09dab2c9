import type { RowFull } from '../cache/records.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** China Standard Time, UTC+8, no daylight saving. */
const CST_OFFSET_MS = 8 * HOUR_MS;
/** Rows named as evidence of one statement. */
const EVIDENCE_ROWS = 20;

/** How many rows a statement rests on, and the newest of them. */
export class Evidence {
  count = 0;
  readonly #newest: number[] = [];

  add(index: number): void {
    this.count++;
    const place = this.#newest.findIndex((known) => known < index);
    if (place >= 0) this.#newest.splice(place, 0, index);
    else this.#newest.push(index);
    if (this.#newest.length > EVIDENCE_ROWS) this.#newest.pop();
  }

  /** Up to 20 row numbers, newest first. */
  rows(): number[] {
    return [...this.#newest];
  }
}

/** Evidence by key, made when a key is first named. */
export class EvidenceBy<K> {
  readonly #byKey = new Map<K, Evidence>();

  add(key: K, index: number): void {
    const evidence = this.#byKey.get(key) ?? new Evidence();
    evidence.add(index);
    this.#byKey.set(key, evidence);
  }

  get(key: K): Evidence | undefined {
    return this.#byKey.get(key);
  }

  /** Most rows first; equal counts in the order of `before`, so that the answer does not depend on row order. */
  ranked(before: (a: K, b: K) => number): [K, Evidence][] {
    return [...this.#byKey].sort(([a, x], [b, y]) => y.count - x.count || before(a, b));
  }
}

/** Plain counts over rows: when, with whom, which way. Full numbers stay inside; `maskedPeer` goes out. */
export class Statistics {
  readonly all = new Evidence();
  readonly received = new Evidence();
  readonly sent = new Evidence();
  /** By days since 1970-01-01 in China. */
  readonly days = new EvidenceBy<number>();
  /** By hour of the day in China, 0 to 23. */
  readonly hours = new EvidenceBy<number>();
  /** By full counterpart. */
  readonly peers = new EvidenceBy<string>();
  readonly callers = new EvidenceBy<string>();
  readonly sellers = new EvidenceBy<string>();
  readonly #masked = new Map<string, string>();

  add({ index, at, direction, category, peer, maskedPeer }: RowFull): void {
    this.all.add(index);
    (direction === 'in' ? this.received : this.sent).add(index);
    this.days.add(Math.floor((at + CST_OFFSET_MS) / DAY_MS), index);
    this.hours.add(Math.floor((at + CST_OFFSET_MS) / HOUR_MS) % 24, index);
    this.peers.add(peer, index);
    if (category === 'call' && direction === 'in') this.callers.add(peer, index);
    if (category === 'transaction') this.sellers.add(peer, index);
    this.#masked.set(peer, maskedPeer);
  }

  /** What of a counterpart may be said outside this plane. // SECURITY: S4 */
  masked(peer: string): string {
    return this.#masked.get(peer) ?? '';
  }
}

/** A day of `Statistics.days` as `YYYY-MM-DD`. */
export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Whole percent of a part. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((100 * part) / whole);
}
