/** The run, part by part. */
import { join } from 'node:path';
import { openWitness } from '../central/audit/witness.ts';
import { openDatabase } from '../central/database/open.ts';
import { openAuthority } from '../central/pki/authority.ts';
import { type Checked, checkDatabase } from './check.ts';
import type { CounterLedger } from './fleet/messages.ts';
import { logRate } from './log-rate.ts';
import { connectionsTo } from './machine/meter.ts';
import { announcePolicy } from './news.ts';
import type { LoadOptions } from './options.ts';
import { bearable, type Part, Parts } from './parts.ts';
import { planDay, planRush } from './plan.ts';
import { type Stage, setStage } from './stage.ts';
import { tableSizes } from './storage.ts';
import { Tally } from './tally.ts';

export interface Result {
  readonly parts: readonly Part[];
  /** How long a new policy took to be fetched by the counters, ms after it was in force. */
  readonly news: { readonly heard: number; readonly p50: number; readonly p99: number };
  /** Connections held to each process and to the balancer, with all counters idle. */
  readonly connections: Readonly<Record<string, number>>;
  readonly checked: Checked;
  /** Bytes in the database at the end, by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** What central's own log takes, see log-rate.ts. */
  readonly logEventsPerSecond: number;
  /** What was planned for, from the first visits. */
  readonly bearable: number;
}

/**
 * Visits from which it is learned what the machine bears (it may be a small one, or busy), seconds for them, and
 * seconds of quiet after them: for each minute of the ordinary day, and so many at the most.
 */
const FIRST_VISITS = 20;
const FIRST_SECONDS = 20;
/** The ramp: how much each step adds, and the time of a request (p99) at which it is over. */
const RAMP_GROWTH = 1.4;
const RAMP_LIMIT_MS = 1_000;
/** After this long, what has not arrived counts as lost. */
const SETTLE_LIMIT_MS = 180_000;
/** Ten heads of central's own log. */
const LOG_EVENTS = 10_000;

/** @param say, interruptible as of `setStage`. */
export async function run(
  options: LoadOptions,
  say: (line: string) => void,
  interruptible: (close: () => Promise<void>) => void,
): Promise<Result> {
  const stage = await setStage(options, say, interruptible);
  try {
    const parts = new Parts(stage, new Tally(stage.fleet));
    const { pauseSeconds } = options;
    const share = Math.min(1, options.minutes);
    const firstSeconds = FIRST_SECONDS * share;
    say('the first visits');
    const first = await parts.visits('first visits', {
      visits: Math.min(Math.ceil(FIRST_VISITS * share), options.counters),
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

    const day = planDay(options, most);
    const { counters } = options;
    if (day.visits < counters)
      say(`this machine bears ${most.toFixed(1)} visits a second: not every counter gets one`);
    say(`an ordinary day: ${day.visits} visits in ${Math.round(day.windowSeconds)} s`);
    const ordinary = await parts.visits('ordinary day', { ...day, pauseSeconds });
    say('a new policy');
    const news = await announcePolicy(stage, parts);
    const rush = planRush(day, bearable(ordinary));
    say(`morning rush: ${rush.visits} clerks sign in and serve, within ${Math.round(rush.windowSeconds)} s`);
    await parts.visits('morning rush', { ...rush, pauseSeconds, newShift: true });
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
    return { parts: parts.done, news, connections, bearable: most, ...(await inspect(stage, ledger)) };
  } finally {
    await stage.close();
  }
}

/** More and more visits at one process, until requests take too long or fail. */
async function ramp(
  parts: Parts,
  { stepSeconds, steps }: LoadOptions,
  most: number,
  say: (line: string) => void,
): Promise<void> {
  let rate = Math.max(0.5, most / 4);
  for (let step = 0; step < steps; step++) {
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

async function inspect(
  stage: Stage,
  ledger: readonly CounterLedger[],
): Promise<Pick<Result, 'checked' | 'tables' | 'logEventsPerSecond'>> {
  const db = await openDatabase({ url: stage.database });
  try {
    const keys = join(stage.dataDir, 'ca');
    const { central } = await openAuthority(keys);
    const witness = await openWitness(keys, central, Date.now());
    const checked = await checkDatabase(db, ledger, witness.log);
    const tables = await tableSizes(db);
    return { checked, tables, logEventsPerSecond: await logRate(db, witness, LOG_EVENTS) };
  } finally {
    await db.destroy();
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
