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

/** Of a heap snapshot, as V8 writes it: rows of numbers, what each means, and the strings that they point to. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [types: readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/**
 * Strings of a heap snapshot that contain one of the words. Not those by which the snapshot itself writes down a
 * number: the places in the source where functions end are such, and one of them was a password of the demo's.
 */
export function stringsWith(text: string, words: readonly string[]): string[] {
  const snapshot = JSON.parse(text) as Snapshot;
  const spelled = numbersIn(snapshot);
  return snapshot.strings.filter((value, i) => !spelled.has(i) && words.some((word) => value.includes(word)));
}

/** Strings that nothing but numbers point to. */
function numbersIn({ snapshot: { meta }, nodes, edges }: Snapshot): ReadonlySet<number> {
  const [type, name, edgeCount] = ['type', 'name', 'edge_count'].map((field) =>
    meta.node_fields.indexOf(field),
  );
  const to = meta.edge_fields.indexOf('to_node');
  const number = meta.node_types[0].indexOf('number');
  const at = (list: readonly number[], row: number, field = 0): number => list[row + field] ?? 0;
  const spelled = new Set<number>();
  const others = new Set<number>();
  let edge = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const pointed = at(nodes, node, type) === number ? spelled : others;
    for (let i = 0; i < at(nodes, node, edgeCount); i++) {
      pointed.add(at(nodes, at(edges, edge, to), name));
      edge += meta.edge_fields.length;
    }
  }
  return new Set([...spelled].filter((one) => !others.has(one)));
}
