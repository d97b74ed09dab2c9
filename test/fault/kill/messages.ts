/** What a core in a process of its own is told, and what it says: one line of JSON each, written at once. */
import type { Language } from '../../../shared/domain/policy.ts';
import type { Acknowledged } from '../counter/ledger.ts';
import type { Death } from './failpoints.ts';

/** The child's first argument, as JSON. */
export interface ChildPlan {
  base: string;
  deviceId: string;
  seed: number;
  numbers: readonly { number: string; servicePassword: string }[];
  answer: Record<Language, string>;
  /** Left out where the parent kills, or nobody does. */
  death?: Death;
  /** Added to the machine's clock, ms. */
  clock?: number;
  /** Visits to play; without end when left out. */
  visits?: number;
}

export type ChildSays =
  | Acknowledged
  /** Everything that was left is ended: the counter stands. */
  | { what: 'standing' }
  | { what: 'dying'; point: string }
  | { what: 'visit'; outcome: string }
  /** Nothing waits any more. */
  | { what: 'drained' }
  | { what: 'failed'; words: string };

/** Over the IPC channel: codes are in the parent, where central is. */
export type ParentSays = { code: string } | { clock: number } | { stop: true };
