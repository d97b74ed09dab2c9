/** Runs families one after the other, prints a line each, and counts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from './family.ts';
import type { FaultOptions } from './options.ts';
import { Random } from './random.ts';

export interface Count {
  injected: number;
  survived: number;
  lost: number;
}

/**
 * @param say Gets a line for each family, and one for each thing that was lost.
 * @param progress Gets words while a family runs.
 */
export async function runFamilies(
  families: readonly Family[],
  { quick, seed }: FaultOptions,
  say: (line: string) => void,
  progress: (words: string) => void = () => undefined,
): Promise<Count> {
  const count = { injected: 0, survived: 0, lost: 0 };
  for (const family of families) {
    const { name } = family;
    const missing = await family.missing?.();
    if (missing !== undefined) {
      say(`skipped   ${name}: ${missing}`);
      continue;
    }
    const folder = await mkdtemp(join(tmpdir(), 'zhiqing-fault-'));
    const started = performance.now();
    const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
    try {
      const random = new Random(seed).fork(name);
      const context = { quick, random, folder, progress: (words: string) => progress(`${name}: ${words}`) };
      const { injected, survived, lost, detail } = await family.run(context);
      count.injected += injected;
      count.survived += survived;
      count.lost += lost.length;
      for (const words of lost) say(`LOST      ${name}: ${words}`);
      say(`${String(survived).padStart(5)} of ${injected}  ${name} (${seconds()}): ${detail}`);
      if (injected === 0) throw new Error('nothing was injected');
    } catch (error) {
      // A family that breaks down has shown nothing: that is no survival.
      count.lost += 1;
      say(`BROKEN    ${name} (${seconds()}): ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  return count;
}
