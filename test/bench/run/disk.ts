/** What contestants leave on the disk. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/**
 * Bytes of a contestant's IndexedDB, told apart by its origin. Read while no browser has the profile: then everything
 * is in the files. (Private files are not told apart by their folders; their own page counts those.)
 */
export function databaseBytes(profile: string, contestant: string): number {
  const folder = join(profile, 'Default', 'IndexedDB');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.startsWith(`http_${contestant}.localhost_`))
    .reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
}
