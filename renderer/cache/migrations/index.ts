import type { Migration } from './migration.ts';
import { version1 } from './version-1.ts';
import { version2 } from './version-2.ts';

/** Every step, oldest first. */
export const migrations: readonly Migration[] = [version1, version2];

/** The newest version that this code knows. */
export const LATEST_VERSION = Math.max(...migrations.map(({ version }) => version));
