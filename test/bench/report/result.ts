/** The whole outcome of a run, as it is written to `out/bench.json`. */
import type { AppFigures } from '../app/app.ts';
import type { Limits } from '../page/limits.ts';
import type { Contestant } from '../peers/names.ts';
import type { Measured, Metric } from '../run/contest.ts';
import type { Typing } from '../typing/typing.ts';
import { exponentOf, type Spread, spreadOf } from './figures.ts';
import type { Machine } from './machine.ts';

/** By contestant and metric. */
export type Figures = Partial<Record<Contestant, Partial<Record<Metric, Spread>>>>;

/** Time that a step of the store needs, beside the time that the machine needs for it at the least. */
export interface Step {
  readonly step: string;
  readonly ms: number;
  readonly limitMs: number;
  /** What the limit is made of. */
  readonly limit: string;
}

/** How a metric grows with the number of records. */
export interface Growth {
  readonly contestant: Contestant;
  readonly metric: Metric;
  readonly points: readonly (readonly [size: number, median: number])[];
  readonly exponent: number;
}

/** Something that is promised, and how it came out. */
export interface Judged {
  readonly name: string;
  readonly is: 'at least' | 'at most';
  readonly bound: number;
  readonly value: number;
  readonly holds: boolean;
}

export interface BenchResult {
  readonly schema: 'zhiqing-bench/1';
  readonly form: 'full' | 'quick';
  readonly at: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  /** Records of the contest that ratios are of. */
  readonly size: number;
  /** Milliseconds and bytes, by number of records. */
  readonly figures: Readonly<Record<string, Figures>>;
  readonly limits: Readonly<Record<keyof Limits, Spread>>;
  readonly steps: readonly Step[];
  /** Against plain Dexie: how many times faster, but for `disk` and `memory`, which are shares. */
  readonly ratios: Readonly<Record<RatioName, number>>;
  readonly furtherRatios: Readonly<Record<string, number>>;
  /** Goals of the full form, floors of the short one. */
  readonly judged: readonly Judged[];
  readonly growth: readonly Growth[];
  readonly typing?: Typing;
  readonly app?: AppFigures;
  readonly disagreements: readonly string[];
}

/** Ratios against plain Dexie by the names of the goals. */
export type RatioName =
  | 'load'
  | 'range'
  | 'search'
  | 'aggregate'
  | 'delete'
  | 'reopen'
  | 'append'
  | 'disk'
  | 'memory';

export function figuresOf(measured: Measured): Figures {
  return Object.fromEntries(
    [...measured].map(([name, metrics]) => [
      name,
      Object.fromEntries([...metrics].map(([metric, values]) => [metric, spreadOf(values)])),
    ]),
  );
}

export function limitsOf(measured: readonly Limits[]): Record<keyof Limits, Spread> {
  const names = Object.keys(measured[0] ?? {}) as (keyof Limits)[];
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(measured.map((one) => one[name]))]),
  ) as Record<keyof Limits, Spread>;
}

/** Growth of some metrics over all sizes that were measured. */
export function growthOf(bySize: Readonly<Record<string, Figures>>): Growth[] {
  const wanted: [Contestant, Metric][] = (['sealed', 'dexie'] as const).flatMap((contestant) =>
    (
      [
        'load',
        'first50',
        'range',
        'searchFirst',
        'searchAgain',
        'counts',
        'reopen',
        'memory',
        'disk',
      ] as const
    ).map((metric): [Contestant, Metric] => [contestant, metric]),
  );
  return wanted.flatMap(([contestant, metric]) => {
    const points = Object.entries(bySize).flatMap(([size, figures]): [number, number][] => {
      const median = figures[contestant]?.[metric]?.median;
      return median === undefined || median <= 0 ? [] : [[Number(size), median]];
    });
    return points.length < 2 ? [] : [{ contestant, metric, points, exponent: exponentOf(points) }];
  });
}
