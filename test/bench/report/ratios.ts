/** What the figures come to: ratios against peers in the same run, goals, floors, and how near the limits are. */
import type { Limits } from '../page/limits.ts';
import type { Metric } from '../run/contest.ts';
import type { Spread } from './figures.ts';
import type { Figures, Judged, RatioName, Step } from './result.ts';

const metricOf: Record<RatioName, Metric> = {
  load: 'load',
  range: 'range',
  search: 'searchFirst',
  aggregate: 'counts',
  delete: 'remove',
  reopen: 'reopen',
  append: 'append',
  disk: 'disk',
  memory: 'memory',
};
/** Smaller is better for these, and ours stands above the line. */
const shares: ReadonlySet<RatioName> = new Set(['disk', 'memory']);

type LimitSpreads = Readonly<Record<keyof Limits, Spread>>;

function median(figures: Figures, contestant: keyof Figures, metric: Metric): number {
  return figures[contestant]?.[metric]?.median ?? Number.NaN;
}

/** Against plain Dexie: their time by ours, our bytes by theirs. */
export function ratiosOf(figures: Figures): Record<RatioName, number> {
  const ratio = (name: RatioName): number => {
    const metric = metricOf[name];
    const [ours, theirs] = [median(figures, 'sealed', metric), median(figures, 'dexie', metric)];
    return shares.has(name) ? ours / theirs : theirs / ours;
  };
  const names = Object.keys(metricOf) as RatioName[];
  return Object.fromEntries(names.map((name) => [name, ratio(name)])) as Record<RatioName, number>;
}

/** The other ratios of the goals. */
export function furtherRatiosOf(figures: Figures, limits: LimitSpreads): Record<string, number> {
  return {
    loadVsSqlite3mc: median(figures, 'sqlite3mc', 'load') / median(figures, 'sealed', 'load'),
    searchFirstVsScan: median(figures, 'sealed', 'searchFirst') / limits.scanStrings.median,
    searchAgainVsScan: median(figures, 'sealed', 'searchAgain') / limits.scanStrings.median,
  };
}

interface Bound {
  readonly name: string;
  readonly is: Judged['is'];
  readonly bound: number;
}
const atLeast = (name: string, bound: number): Bound => ({ name, is: 'at least', bound });
const atMost = (name: string, bound: number): Bound => ({ name, is: 'at most', bound });

/** At 100,000 records. */
const goals: readonly Bound[] = [
  atLeast('load', 40),
  atLeast('loadVsSqlite3mc', 8),
  atLeast('range', 3),
  atLeast('search', 8),
  atMost('searchFirstVsScan', 20),
  atMost('searchAgainVsScan', 3),
  atLeast('aggregate', 35),
  atLeast('delete', 60),
  atLeast('reopen', 8),
  atLeast('append', 1),
  atMost('disk', 0.45),
  atMost('memory', 0.8),
  atMost('typingLatency', 100),
  // Sixty, and what the browser's own clock may be off by.
  atLeast('typingFrames', 59),
];

/** For every change: a store that has become slower by a factor fails, a busy machine does not. */
const floors: readonly Bound[] = [
  atLeast('load', 6),
  atLeast('loadVsSqlite3mc', 1.2),
  atLeast('search', 2),
  atLeast('aggregate', 8),
  atLeast('delete', 10),
  atLeast('reopen', 1.5),
  atLeast('append', 0.03),
  atMost('disk', 0.6),
  atMost('memory', 1.5),
];

export function judge(form: 'full' | 'quick', values: Readonly<Record<string, number>>): Judged[] {
  return (form === 'full' ? goals : floors).map(({ name, is, bound }) => {
    const value = values[name] ?? Number.NaN;
    // A figure that is missing does not hold.
    return { name, is, bound, value, holds: is === 'at least' ? value >= bound : value <= bound };
  });
}

/** Each step of the store beside the least that its parts need one after the other. */
export function stepsOf(figures: Figures, limits: LimitSpreads, size: number): Step[] {
  const of = (name: keyof Limits): number => limits[name].median;
  const megabytes = of('bytes') / 1_000_000;
  const content = of('contentBytes') / 1_000_000;
  const plain = of('plainBytes') / 1_000_000;
  const ms = (amount: number, rate: keyof Limits): number => (1_000 * amount) / of(rate);
  return [
    {
      step: 'load',
      ms: median(figures, 'sealed', 'load'),
      limitMs: ms(megabytes, 'fetch') + ms(megabytes, 'sha256') + ms(megabytes, 'idbPutBlocks'),
      limit: 'fetch + SHA-256 + IndexedDB put, strict',
    },
    {
      step: 'search, first time',
      ms: median(figures, 'sealed', 'searchFirst'),
      limitMs:
        ms(content, 'idbGetBlocks') +
        ms(content, 'aesGcmPages') +
        ms(plain, 'unpack') +
        ms(plain, 'decode') +
        of('scanColumns'),
      limit: 'IndexedDB get + AES-GCM + unpack + decode + scan of columns',
    },
    {
      step: 'search, repeated',
      ms: median(figures, 'sealed', 'searchAgain'),
      limitMs: of('scanColumns'),
      limit: 'scan of columns',
    },
    {
      step: 'check of all rows, behind',
      ms: median(figures, 'sealed', 'checked'),
      limitMs: size / of('commitments') + size / of('merkle'),
      limit: 'commitments + Merkle trees',
    },
  ];
}
