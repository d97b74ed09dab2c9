/** The run, part by part. */
import { join } from 'node:path';
import { openDatabase } from '../central/database/open.ts';
import { type Checked, checkDatabase } from './check.ts';
import { connectionsTo } from './machine/meter.ts';
import { announcePolicy } from './news.ts';
import type { LoadOptions } from './options.ts';
import { bearable, type Part, Parts } from './parts.ts';
import { type Stage, setStage } from './stage.ts';
import { Tally } from './tally.ts';

export interface Result {
  readonly parts: readonly Part[];
  /** How long a new policy took to be fetched by the counters, ms after it was in force. */
  readonly news: { readonly heard: number; readonly p50: number; readonly p99: number };
  /** Connections held to each process and to the balancer, with all counters idle. */
  readonly connections: Readonly<Record<string, number>>;
  readonly checked: Checked;
  /** What was planned for, from the first visits. */
  readonly bearable: number;
}

/** Visits from which it is learned what the machine bears: it may be a small one, or busy. */
const FIRST_VISITS = 20;
/** Seconds for these, and seconds of quiet after them, for each minute of the ordinary day; 20 at the most. */
const FIRST_SECONDS = 20;
/** Shares of what the machine bears at most: an ordinary day, and a morning rush. */
const ORDINARY = 0.4;
const RUSH = 0.75;
/** The rush: how much faster than on the ordinary day visits begin. */
const RUSH_FACTOR = 4;
/** The ramp: how much each step adds, and when it is over. */
const RAMP_GROWTH = 1.4;
const RAMP_STEPS = 12;
const RAMP_LIMIT_MS = 1_000;
/** After this long, what has not arrived counts as lost. */
const SETTLE_LIMIT_MS = 180_000;

/** @param say told of each step. */
export async function run(options: LoadOptions, say: (line: string) => void): Promise<Result> {
  const stage = await setStage(options, say);
  try {
    const parts = new Parts(stage, new Tally(stage.fleet));
    const { pauseSeconds } = options;
    const firstSeconds = FIRST_SECONDS * Math.min(1, options.minutes);
    say('the first visits');
    const first = await parts.visits('first visits', {
      visits: Math.min(FIRST_VISITS, options.counters),
      windowSeconds: firstSeconds,
      pauseSeconds: Math.min(pauseSeconds, 5),
    });
    const most = bearable(first);
    say('idle');
    await parts.measure('idle', () => pause(firstSeconds));
    const connections = Object.fromEntries([
      ...stage.services.map(({ port }, i) => [`service ${i + 1}`, connectionsTo(port)]),
      ['balancer', connectionsTo(Number(new URL(stage.balancer.url).port))],
    ]);

    const { counters } = options;
    const seconds = Math.max(options.minutes * 60, counters / (ORDINARY * most));
    if (seconds > options.minutes * 60)
      say(`this machine bears ${most.toFixed(1)} visits a second: the day is longer`);
    say(`an ordinary day: ${counters} visits in ${Math.round(seconds)} s`);
    const ordinary = await parts.visits('ordinary day', {
      visits: counters,
      windowSeconds: seconds,
      pauseSeconds,
    });
    say('a new policy');
    const news = await announcePolicy(stage, parts);
    const rushSeconds = Math.max(seconds / RUSH_FACTOR, counters / (RUSH * bearable(ordinary)));
    say(`morning rush: every clerk signs in and serves, within ${Math.round(rushSeconds)} s`);
    await parts.visits('morning rush', {
      visits: counters,
      windowSeconds: rushSeconds,
      pauseSeconds,
      newShift: true,
    });
    if (stage.services.length > 1) {
      say('all but one process leave');
      await parts.measure('processes leave', () => stage.leaveOne());
    }
    await ramp(parts, options, bearable(ordinary), say);
    say('what is on its way arrives');
    await stage.fleet.settle(SETTLE_LIMIT_MS);
    const ledger = await stage.fleet.ledger();
    await stage.endCounters();
    say('what is in the database');
    return { parts: parts.done, news, connections, bearable: most, checked: await check(stage, ledger) };
  } finally {
    await stage.close();
  }
}

/** More and more visits at one process, until requests take too long or fail. */
async function ramp(
  parts: Parts,
  { stepSeconds }: LoadOptions,
  most: number,
  say: (line: string) => void,
): Promise<void> {
  let rate = Math.max(0.5, most / 4);
  for (let step = 0; step < RAMP_STEPS; step++) {
    say(`one process: ${rate.toFixed(1)} visits a second`);
    const visits = Math.max(4, Math.round(rate * stepSeconds));
    const part = await parts.visits(`one process, ${rate.toFixed(1)}/s`, {
      visits,
      windowSeconds: stepSeconds,
      pauseSeconds: 2,
    });
    const borne = part.errors.size === 0 && part.requests.quantile(0.99) <= RAMP_LIMIT_MS;
    parts.done[parts.done.length - 1] = { ...part, borne };
    if (!borne) return;
    rate *= RAMP_GROWTH;
  }
}

async function check(stage: Stage, ledger: Parameters<typeof checkDatabase>[1]): Promise<Checked> {
  const db = await openDatabase({ url: stage.database });
  try {
    return await checkDatabase(db, ledger, join(stage.dataDir, 'ca'));
  } finally {
    await db.destroy();
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
