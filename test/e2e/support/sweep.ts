/** Searches for planted markers where nothing of a customer may be. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Page } from '@playwright/test';

/** Every file under a folder, links not followed. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Where one of the words occurs in a buffer, as UTF-8 or UTF-16LE: indexes into `words`. */
export function wordsIn(bytes: Buffer, words: readonly string[]): number[] {
  return words.flatMap((word, i) =>
    bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le')) ? [i] : [],
  );
}

/** Files under `folder` in which a word occurs, by path relative to it, and how many files were searched. */
export async function sweepFolder(
  folder: string,
  words: readonly string[],
): Promise<{ searched: number; found: string[] }> {
  const files = await filesUnder(folder);
  const found: string[] = [];
  for (const file of files) {
    const hits = wordsIn(await readFile(file), words);
    // The word itself is not printed: test output keeps the rule too.
    for (const hit of hits) found.push(`${relative(folder, file)}: word ${hit}`);
  }
  return { searched: files.length, found };
}

/** A heap snapshot of a page's main thread, as text. */
export async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

/** Strings of a heap snapshot that contain one of the words. */
export function stringsWith(snapshot: string, words: readonly string[]): string[] {
  const { strings } = JSON.parse(snapshot) as { strings: string[] };
  return strings.filter((value) => words.some((word) => value.includes(word)));
}
