/** What is measured of every contestant, and how a result is compared: by a hash over one spelling of it. */

import type { Overview } from '../../../renderer/cache/records.ts';
import { toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import type { Counts } from '../peers/peer.ts';

/** One request to a contestant. */
export type Operation =
  | { readonly is: 'load'; readonly lookup: string; readonly rows: number }
  | { readonly is: 'append'; readonly lookup: string; readonly rows: number }
  | { readonly is: 'range'; readonly from: number; readonly until: number }
  | { readonly is: 'search'; readonly keyword: string }
  | { readonly is: 'counts' }
  /** Every row against the signed root, behind everything else; peers have nothing of the kind. */
  | { readonly is: 'check' }
  | { readonly is: 'reopen'; readonly lookup: string; readonly count: number }
  /** All rows of a subject, whose one lookup is named too. */
  | { readonly is: 'remove'; readonly lookup: string; readonly subject: string };

export interface Outcome {
  readonly ms: number;
  /** Hash of the result's one spelling; undefined where there is no result. */
  readonly result?: string;
  /** Parts of the time, by name. */
  readonly parts?: Readonly<Record<string, number>>;
}

/** A row as it is compared: [number, time, direction, category, counterpart, text]. */
export type ComparedRow = readonly [number, number, string, string, string, string];
export type Result = readonly ComparedRow[] | readonly number[] | Counts;

export async function hashOfResult(result: Result): Promise<string> {
  const bytes = utf8(JSON.stringify(result));
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Counts as they are compared, from what the sealed store answers. */
export const countsOf = ({ byDay, byCategory, byPeer }: Overview): Counts => ({
  byDay: byDay.map(({ day, rows, sent }) => [day, rows, sent]),
  byCategory: byCategory
    .map(({ category, rows, sent }): [string, number, number] => [category, rows, sent])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
  byPeer: byPeer.map(({ maskedPeer, rows, sent }) => [maskedPeer, rows, sent]),
});
