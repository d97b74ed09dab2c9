/** Searches for planted markers where nothing of a customer may be. */
import { relative } from 'node:path';
import type { Page } from '@playwright/test';
import { filesUnder } from '../../support/profile-files.ts';

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
  const found: string[] = [];
  let searched = 0;
  for await (const { path, bytes } of filesUnder(folder)) {
    searched++;
    // The word itself is not printed: test output keeps the rule too.
    for (const hit of wordsIn(bytes, words)) found.push(`${relative(folder, path)}: word ${hit}`);
  }
  return { searched, found };
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
