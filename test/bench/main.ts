/**
 * `npm run bench`: the sealed store beside its peers, in one Chromium with a persistent profile; then the search of the
 * customer's window, and the whole app. The table goes to the screen, every figure to `out/bench.json`. Exits 1 where
 * contestants disagree on a result, or the short form's floors do not hold; 2 where the command line is wrong.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AppFigures, measureApp } from './app/app.ts';
import { installPeers } from './install-peers.ts';
import { type BenchOptions, readOptions, UsageError } from './options.ts';
import { buildPages } from './page/build.ts';
import type { Contestant } from './peers/names.ts';
import { loadNow, thisMachine, versions } from './report/machine.ts';
import { furtherRatiosOf, judge, ratiosOf, stepsOf } from './report/ratios.ts';
import { type BenchResult, type Figures, figuresOf, growthOf, limitsOf } from './report/result.ts';
import { resultTables } from './report/table.ts';
import { type Contested, type ContestOptions, contest } from './run/contest.ts';
import { makeLookups, someWeek } from './run/lookups.ts';
import { startServer } from './run/server.ts';
import { measureTyping, type Typing } from './typing/typing.ts';

/** Records of the contest that goals are of, and of the short form's. */
const SIZE = 100_000;
const QUICK_SIZE = 20_000;
/** Further sizes: of the whole contest, and of growth alone. */
const SMALLER = 10_000;
const GROWTH = [1_000, 500_000] as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Outcome {
  readonly figures: Record<string, Figures>;
  readonly main: Contested;
  readonly disagreements: string[];
  readonly typing: Typing | undefined;
}

/** The store beside its peers. */
async function runStore(options: BenchOptions, folder: string): Promise<Outcome> {
  const size = options.quick ? QUICK_SIZE : SIZE;
  const sizes = options.quick ? [size] : [SMALLER, size, ...(options.parts.includes('sizes') ? GROWTH : [])];
  say(`sealing lookups of ${sizes.map((one) => one.toLocaleString('en')).join(', ')} records`);
  const site = join(folder, 'site');
  await buildPages(site);
  const server = await startServer(site, await makeLookups(sizes));
  const common = { week: someWeek(), folder, port: server.port, say };
  const all: readonly Contestant[] = [...options.peers, 'sealed', 'sealed-files'];
  const few = all.filter((name) => name === 'sealed' || name === 'dexie');
  const runs: ContestOptions[] = sizes.map((one) => {
    if (one === size)
      return { ...common, size: one, contestants: all, rounds: options.rounds, once: ['rxdb-crypto-js'] };
    if (one === SMALLER)
      return { ...common, size: one, contestants: all, rounds: options.rounds, once: ['rxdb-crypto-js'] };
    // Deleting half a million rows one by one says nothing that 100,000 do not.
    const without: ContestOptions['without'] = one > SIZE ? ['append', 'remove'] : [];
    return { ...common, size: one, contestants: few, rounds: one > SIZE ? 1 : options.rounds, without };
  });
  const contested = new Map<number, Contested>();
  let typing: Typing | undefined;
  try {
    for (const run of runs) contested.set(run.size, await contest(run));
    if (options.parts.includes('typing')) {
      say(`typing into the search of ${size.toLocaleString('en')} records`);
      typing = await measureTyping(join(folder, 'typing'), server.port, size);
    }
  } finally {
    await server.close();
  }
  const main = contested.get(size);
  if (main === undefined) throw new Error('no contest');
  const bySize = [...contested].sort(([a], [b]) => a - b);
  return {
    figures: Object.fromEntries(bySize.map(([one, { measured }]) => [String(one), figuresOf(measured)])),
    main,
    disagreements: bySize.flatMap(([one, { disagreements }]) =>
      disagreements.map((what) => `${one}: ${what}`),
    ),
    typing,
  };
}

/** What is promised of typing, by the names of the goals. */
function typingValues(typing: Typing | undefined): Record<string, number> {
  if (typing === undefined) return {};
  return { typingLatency: typing.latency.median, typingFrames: typing.framesPerSecond };
}

async function run(options: BenchOptions, folder: string): Promise<BenchResult> {
  const before = loadNow();
  installPeers();
  const size = options.quick ? QUICK_SIZE : SIZE;
  const { figures, main, disagreements, typing } = await runStore(options, folder);
  const app: AppFigures | undefined = options.parts.includes('app') ? await measureApp(say) : undefined;
  const of = figures[String(size)] ?? {};
  const limits = limitsOf(main.limits);
  const ratios = ratiosOf(of);
  const furtherRatios = furtherRatiosOf(of, limits);
  const form = options.quick ? 'quick' : 'full';
  return {
    schema: 'zhiqing-bench/1',
    form,
    at: new Date().toISOString(),
    machine: thisMachine(before),
    versions: versions(),
    rounds: options.rounds,
    size,
    figures,
    limits,
    steps: stepsOf(of, limits, size),
    ratios,
    furtherRatios,
    judged: judge(form, { ...ratios, ...furtherRatios, ...typingValues(typing) }),
    growth: growthOf(figures),
    ...(typing === undefined ? {} : { typing }),
    ...(app === undefined ? {} : { app }),
    disagreements,
  };
}

async function main(): Promise<number> {
  let options: BenchOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhiqing-bench-'));
  try {
    const result = await run(options, folder);
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(options.out, `${JSON.stringify(result, null, 2)}\n`);
    for (const line of resultTables(result)) say(line);
    for (const what of result.disagreements) say(`DISAGREE: ${what}`);
    say(`\nevery figure: ${options.out}`);
    const isMissed = result.form === 'quick' && result.judged.some(({ holds }) => !holds);
    return isMissed || result.disagreements.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exit(await main());
