/** What `npm run fault` is told on its command line. */
import { parseArgs } from 'node:util';

export interface FaultOptions {
  /** The short form, for every test run. */
  quick: boolean;
  /** Everything that is drawn follows from it: the same seed plays the same faults. */
  seed: number;
  /** Families whose name holds this word; all when left out. */
  only: string | undefined;
}

/** A mistake on the command line, in words for whoever typed it. */
export class UsageError extends Error {}

export const usage = `npm run fault -- [--quick] [--seed N] [--only WORD]
  --quick      the short form: minutes instead of hours
  --seed N     a whole number from 0 to 4294967295, as an earlier run has printed it
  --only WORD  families whose name holds the word, e.g. --only kill`;

/** @throws UsageError naming the option that is wrong */
export function readOptions(args: string[], families: readonly string[]): FaultOptions {
  let values: { quick?: boolean; seed?: string; only?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: { quick: { type: 'boolean' }, seed: { type: 'string' }, only: { type: 'string' } },
    }));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
  const { quick = false, only } = values;
  if (only !== undefined && !families.some((name) => name.includes(only)))
    throw new UsageError(
      `--only: no family's name holds '${only}'. There are: ${families.join('; ')}\n${usage}`,
    );
  return { quick, only, seed: readSeed(values.seed) };
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return Math.floor(Math.random() * 2 ** 32);
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32)
    throw new UsageError(`--seed: not a whole number from 0 to 4294967295\n${usage}`);
  return Number(text);
}
