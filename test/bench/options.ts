/** What the bench is told on its command line. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type PeerName, peerNames } from './peers/names.ts';

/** Parts of the bench, in the order in which they run. */
export const parts = ['store', 'sizes', 'typing', 'app'] as const;
export type Part = (typeof parts)[number];

export interface BenchOptions {
  /** The short form for every change: fewer records, fewer peers, floors instead of goals. */
  readonly quick: boolean;
  readonly parts: readonly Part[];
  readonly peers: readonly PeerName[];
  readonly rounds: number;
  /** Where every figure goes. */
  readonly out: string;
}

/** A mistake on the command line, in words for whoever typed it. */
export class UsageError extends Error {}

const usage = `npm run bench -- [--quick] [--rounds N] [--parts ${parts.join(',')}] [--peers ${peerNames.join(',')}] [--out FILE]`;

/** Parses the command line. @throws UsageError that names what is wrong */
export function readOptions(args: string[]): BenchOptions {
  const text = { type: 'string' } as const;
  let values: { quick?: boolean; rounds?: string; parts?: string; peers?: string; out?: string };
  try {
    const options = {
      quick: { type: 'boolean' },
      rounds: text,
      parts: text,
      peers: text,
      out: text,
    } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
  const quick = values.quick ?? false;
  const rounds = Number(values.rounds ?? 3);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError(`--rounds: a number from 1\n${usage}`);
  const chosen = listed('--parts', values.parts, parts) ?? (quick ? (['store', 'typing'] as const) : parts);
  if (!chosen.includes('store')) throw new UsageError(`--parts: store has to be among them\n${usage}`);
  const peers =
    listed('--peers', values.peers, peerNames) ?? (quick ? (['dexie', 'sqlite3mc'] as const) : peerNames);
  // Ratios are against it.
  if (!peers.includes('dexie')) throw new UsageError(`--peers: dexie has to be among them\n${usage}`);
  return {
    quick,
    rounds,
    parts: chosen,
    peers,
    out: resolve(values.out ?? 'out/bench.json'),
  };
}

function listed<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): readonly T[] | undefined {
  if (value === undefined) return undefined;
  return value.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined)
      throw new UsageError(`${option}: '${name}' is none of ${known.join(', ')}\n${usage}`);
    return found;
  });
}
