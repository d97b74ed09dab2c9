/** The contest: every contestant does the same work on the same records, in turns, in one Chromium. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Limits } from '../page/limits.ts';
import type { Operation, Outcome } from '../page/operations.ts';
import type { Contestant } from '../peers/names.ts';
import { medianOf } from '../report/figures.ts';
import { type Browser, startBrowser } from './chromium.ts';
import { databaseBytes } from './disk.ts';
import { FEW, mainLookup, smallLookups } from './lookups.ts';

/** Keywords without letters, so that all contestants understand them alike: frequent, rare, a number, not there. */
export const keywords = ['取件码', '验证码', '3599', '余额不足', '快递员'] as const;

/** What is measured of each contestant: milliseconds, bytes. */
export const metrics = [
  'load',
  'wire',
  'first50',
  'checked',
  'range',
  'rangeChecked',
  'searchFirst',
  'searchAgain',
  'counts',
  'append',
  'remove',
  'reopen',
  'searchReopened',
  'disk',
  'memory',
] as const;
export type Metric = (typeof metrics)[number];

/** Measurements by contestant and metric, one a round. */
export type Measured = Map<Contestant, Map<Metric, number[]>>;

export interface ContestOptions {
  /** Records of the lookup. */
  readonly size: number;
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  /** A week in the midst of the period, epoch ms. */
  readonly week: { readonly from: number; readonly until: number };
  /** Folder for profiles; each round has one of its own. */
  readonly folder: string;
  readonly port: number;
  /** What is left out for size's sake. */
  readonly without?: readonly Metric[];
  /** Those that take many minutes: in the first round only. */
  readonly once?: readonly Contestant[];
  readonly say: (line: string) => void;
}

export interface Contested {
  readonly measured: Measured;
  /** Limits of the machine, one a round. */
  readonly limits: Limits[];
  /** Operations on which contestants' results differed. */
  readonly disagreements: string[];
}

/** Who is asked in a page's stead. */
class Turn {
  readonly #page: Page;
  readonly #contestant: Contestant;
  readonly #results: Map<string, { result: string; by: Contestant }>;
  readonly #disagreements: string[];
  readonly note: (metric: Metric, value: number | undefined) => void;

  constructor(
    page: Page,
    contestant: Contestant,
    shared: { results: Map<string, { result: string; by: Contestant }>; disagreements: string[] },
    note: (metric: Metric, value: number | undefined) => void,
  ) {
    this.#page = page;
    this.#contestant = contestant;
    this.#results = shared.results;
    this.#disagreements = shared.disagreements;
    this.note = note;
  }

  /** Runs an operation and compares its result with that of whoever did it first. */
  async run(operation: Operation, name: string = operation.is): Promise<Outcome> {
    const outcome = await this.#page.evaluate((what) => window.bench.run(what), operation);
    if (outcome.result !== undefined) {
      const known = this.#results.get(name);
      if (known === undefined) this.#results.set(name, { result: outcome.result, by: this.#contestant });
      else if (known.result !== outcome.result) {
        this.#disagreements.push(`${name}: ${this.#contestant} and ${known.by} differ`);
      }
    }
    return outcome;
  }

  /** Lets the contestant make itself ready for a lookup, and waits until nothing else is going on. */
  async prepare(browser: Browser, lookup: string): Promise<void> {
    await this.#page.evaluate((name) => window.bench.prepare(name), lookup);
    await browser.settle();
  }

  /** Collects garbage in the page and its workers. */
  async collect(): Promise<void> {
    const collect = () => (globalThis as { gc?: () => void }).gc?.();
    await this.#page.evaluate(collect);
    for (const worker of this.#page.workers()) await worker.evaluate(collect);
  }
}

/** Lets contestants do everything, `rounds` times; who begins changes from round to round. */
export async function contest(options: ContestOptions): Promise<Contested> {
  const measured: Measured = new Map(options.contestants.map((name) => [name, new Map()]));
  const limits: Limits[] = [];
  const disagreements: string[] = [];
  const results = new Map<string, { result: string; by: Contestant }>();
  for (let round = 0; round < options.rounds; round++) {
    const order = rotated(options.contestants, round).filter(
      (one) => round === 0 || !options.once?.includes(one),
    );
    const profile = join(options.folder, `profile-${options.size}-${round}`);
    mkdirSync(profile, { recursive: true });
    const turnOf = (page: Page, contestant: Contestant): Turn =>
      new Turn(page, contestant, { results, disagreements }, (metric, value) => {
        const of = measured.get(contestant);
        if (value === undefined || options.without?.includes(metric)) return;
        of?.set(metric, [...(of.get(metric) ?? []), value]);
      });
    const eachIn = async (
      work: (turn: Turn, browser: Browser, page: Page, name: Contestant) => Promise<void>,
    ) => {
      const browser = await startBrowser(profile, options.port);
      try {
        for (const name of order) {
          const page = await browser.open(name);
          await work(turnOf(page, name), browser, page, name);
          await page.close();
        }
        return browser;
      } finally {
        await browser.close();
      }
    };
    await eachIn((turn, browser) => firstVisit(turn, browser, options));
    const disk = new Map(order.map((name) => [name, databaseBytes(profile, name)]));
    await eachIn((turn, browser, page, name) =>
      secondVisit(turn, browser, page, disk.get(name) ?? 0, options),
    );
    limits.push(await measureLimits(profile, options));
    rmSync(profile, { recursive: true, force: true });
    options.say(`  round ${round + 1} of ${options.rounds} at ${options.size.toLocaleString('en')} records`);
  }
  return { measured, limits, disagreements };
}

/** Loads, reads and searches, as a visit does. */
async function firstVisit(turn: Turn, browser: Browser, options: ContestOptions): Promise<void> {
  const { size, week, without } = options;
  await turn.prepare(browser, `main-${size}`);
  await turn.collect();
  const before = browser.rendererMemory();
  const { ms, parts } = await turn.run({ is: 'load', lookup: `main-${size}`, rows: size });
  turn.note('load', ms);
  turn.note('wire', parts?.wire);
  turn.note('first50', parts?.first50);
  await turn.collect();
  const after = browser.rendererMemory();
  if (before !== undefined && after !== undefined) turn.note('memory', after - before);
  turn.note('range', (await turn.run({ is: 'range', ...week })).ms);
  const [first, ...more] = keywords;
  turn.note('searchFirst', (await turn.run({ is: 'search', keyword: first }, `search ${first}`)).ms);
  const again: number[] = [];
  for (const keyword of more) again.push((await turn.run({ is: 'search', keyword }, `search ${keyword}`)).ms);
  turn.note('searchAgain', medianOf(again));
  turn.note('counts', (await turn.run({ is: 'counts' })).ms);
  if (without?.includes('checked')) return;
  turn.note('checked', (await turn.run({ is: 'check' })).parts?.checked);
  // Another week: what a customer waits for who looks at more than the first rows.
  const next = { from: week.until, until: week.until + (week.until - week.from) };
  turn.note('rangeChecked', (await turn.run({ is: 'range', ...next }, 'the week after')).ms);
}

/** After a restart of the browser: the newest rows, a search, others' few rows one after the other, and the end. */
async function secondVisit(
  turn: Turn,
  browser: Browser,
  page: Page,
  databases: number,
  options: ContestOptions,
): Promise<void> {
  const { size, without } = options;
  turn.note('disk', databases + (await page.evaluate(() => window.bench.fileBytes())));
  turn.note('reopen', (await turn.run({ is: 'reopen', lookup: `main-${size}`, count: 50 })).ms);
  const [first] = keywords;
  turn.note('searchReopened', (await turn.run({ is: 'search', keyword: first }, `search ${first}`)).ms);
  if (without?.includes('remove')) return;
  const few = smallLookups(size);
  const appended: number[] = [];
  // Each is one wait for the disk, which a single try says little of.
  for (const [i, { lookup, subject }] of few.entries()) {
    await turn.prepare(browser, lookup);
    appended.push((await turn.run({ is: 'append', lookup, rows: FEW })).ms);
    if (i < few.length - 1) await turn.run({ is: 'remove', lookup, subject });
  }
  turn.note('append', medianOf(appended));
  turn.note('remove', (await turn.run({ is: 'remove', ...mainLookup(size) })).ms);
  // The last of the others' rows are still there, and nothing else.
  await turn.run({ is: 'counts' }, 'counts of what is left');
}

async function measureLimits(profile: string, { size, port }: ContestOptions): Promise<Limits> {
  const browser = await startBrowser(profile, port);
  try {
    const page = await browser.open('limits');
    return await page.evaluate(([lookup, words]) => window.bench.limits(lookup, words), [
      `main-${size}`,
      [...keywords],
    ] as [string, string[]]);
  } finally {
    await browser.close();
  }
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
