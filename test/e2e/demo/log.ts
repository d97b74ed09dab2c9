/** The counter's whole audit log with its head, once central has cosigned that. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '../support/expect.ts';

interface Kept {
  size: number;
  note: string;
  cosignedAt?: number;
}

const linesOf = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

/** Copies `audit.jsonl`, and its newest checkpoint to `audit.checkpoint`. */
export async function copyLog(from: string, to: string): Promise<void> {
  let lines: string[] = [];
  let head: Kept | undefined;
  // A cosignature follows within a second or so of the last entry.
  await expect
    .poll(
      async () => {
        lines = await linesOf(join(from, 'audit.jsonl'));
        const kept: Kept[] = (await linesOf(join(from, 'checkpoints.jsonl'))).map((line) => JSON.parse(line));
        head = kept.findLast(({ cosignedAt }) => cosignedAt !== undefined);
        return head?.size === lines.length;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await writeFile(join(to, 'audit.jsonl'), `${lines.join('\n')}\n`);
  await writeFile(join(to, 'audit.checkpoint'), head?.note ?? '');
}
