/** Every file of a profile that may be in use: Chromium replaces its files and folders while it runs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What went since it was listed holds nothing. */
async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Paths and bytes of all files under a folder; links are not followed. */
export async function* filesUnder(folder: string): AsyncGenerator<{ path: string; bytes: Buffer }> {
  for (const entry of (await ifThere(readdir(folder, { withFileTypes: true }))) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    const bytes = entry.isFile() ? await ifThere(readFile(path)) : undefined;
    if (bytes) yield { path, bytes };
  }
}
