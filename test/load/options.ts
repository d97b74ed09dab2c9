/** Options of `npm run load`. */
import { parseArgs } from 'node:util';

export interface LoadOptions {
  /** Counters that are simulated. */
  readonly counters: number;
  /** Length of the ordinary part, in which each counter serves one customer. */
  readonly minutes: number;
  /** How many times longer it may become on a machine that bears less; then fewer are served. */
  readonly stretch: number;
  /** Processes of the service behind one address. */
  readonly processes: number;
  /** `postgres://` address of a server on which a database may be made; one is started when left out. */
  readonly database: string | undefined;
  /** Seconds of a customer's visit in which nobody waits for the counter. */
  readonly pauseSeconds: number;
  /** Seconds of a step of the ramp, and how many steps there are at most. */
  readonly stepSeconds: number;
  readonly steps: number;
}

/** An option that is not there, or has a value that it cannot have. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OptionError';
  }
}

const FULL = {
  ...{ counters: 1_000, minutes: 10, stretch: 2, processes: 2 },
  ...{ pauseSeconds: 60, stepSeconds: 30, steps: 12 },
};
/** At most two minutes in all, on a busy machine as well. */
const QUICK = {
  ...{ counters: 24, minutes: 0.3, stretch: 1, processes: 2 },
  ...{ pauseSeconds: 3, stepSeconds: 5, steps: 2 },
};

export const USAGE = `npm run load -- [--counters N] [--minutes M] [--processes N] [--database URL] [--quick]
  --counters N    counters that are simulated, 1 to 5000 (${FULL.counters})
  --minutes M     length of the ordinary part, in which each serves one customer, 0.1 to 600 (${FULL.minutes});
                  on a machine that bears less it lasts up to ${FULL.stretch} times as long, and then fewer are served
  --processes N   processes of the service behind one address, 1 to 16 (${FULL.processes})
  --database URL  postgres:// address of a server on which a database may be made; one is started when left out
  --quick         a short form for every day: ${QUICK.counters} counters, at most two minutes`;

/** @throws OptionError naming the option. */
export function readOptions(args: readonly string[]): LoadOptions {
  const values = parse(args);
  const usual = values.quick ? QUICK : FULL;
  const options = {
    ...usual,
    counters: whole('counters', values.counters, usual.counters, 1, 5_000),
    minutes: number('minutes', values.minutes, usual.minutes, 0.1, 600),
    processes: whole('processes', values.processes, usual.processes, 1, 16),
    database: values.database,
  };
  if (options.database !== undefined && !/^postgres(ql)?:\/\/./.test(options.database)) {
    throw new OptionError('--database: not a postgres:// address');
  }
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        counters: { type: 'string' },
        minutes: { type: 'string' },
        processes: { type: 'string' },
        database: { type: 'string' },
        quick: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    // It names what is wrong: unknown, without its value, or no option at all.
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function number(name: string, given: string | undefined, usual: number, least: number, most: number): number {
  if (given === undefined) return usual;
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (value >= least && value <= most) return value;
  throw new OptionError(`--${name}: ${given} is no number from ${least} to ${most}`);
}

function whole(name: string, given: string | undefined, usual: number, least: number, most: number): number {
  const value = number(name, given, usual, least, most);
  if (Number.isInteger(value)) return value;
  throw new OptionError(`--${name}: ${given} is no whole number`);
}
