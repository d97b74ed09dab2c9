import type { Transaction } from 'dexie';
import { version1 } from './version-1.ts';

/** One step of the page database's schema: a file a step, never edited once released. */
export interface Migration {
  /** Dexie's version number, ascending by one. */
  readonly version: number;
  /** Primary keys of the tables that change; null drops one. */
  readonly stores: Readonly<Record<string, string | null>>;
  /** Rewrites what is stored, where the shape of a value changes. */
  readonly upgrade?: (transaction: Transaction) => PromiseLike<void>;
}

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [version1];

/** The newest version that this code knows. */
export const LATEST_VERSION = Math.max(...migrations.map(({ version }) => version));
