import type { Transaction } from 'dexie';

/** One step of the page database's schema: a file a step, never edited once released. */
export interface Migration {
  /** Dexie's version number, ascending by one. */
  readonly version: number;
  /** Primary keys of the tables that change; null drops one. */
  readonly stores: Readonly<Record<string, string | null>>;
  /** Rewrites what is stored, where the shape of a value changes. */
  readonly upgrade?: (transaction: Transaction) => PromiseLike<void>;
}
