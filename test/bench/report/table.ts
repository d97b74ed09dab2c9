/** The figures for people: a few tables of plain text. */
import { contestantNames } from '../peers/names.ts';
import type { Metric } from '../run/contest.ts';
import type { Spread } from './figures.ts';
import type { BenchResult, Figures } from './result.ts';

const columns: readonly (readonly [Metric, string])[] = [
  ['load', 'load'],
  ['range', '7 days'],
  ['searchFirst', 'search'],
  ['searchAgain', 'again'],
  ['counts', 'counts'],
  ['reopen', 'reopen'],
  ['searchReopened', 'search*'],
  ['append', 'append'],
  ['remove', 'delete'],
  ['disk', 'MB disk'],
  ['memory', 'MB memory'],
];
const inMegabytes: ReadonlySet<Metric> = new Set(['disk', 'memory']);

/** Three figures that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

function cell(spread: Spread | undefined, metric: Metric): string {
  if (spread === undefined) return '–';
  return short(inMegabytes.has(metric) ? spread.median / 1_000_000 : spread.median);
}

function lines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  '),
  );
}

export function contestTable(size: number, figures: Figures): string[] {
  const header = ['', ...columns.map(([, title]) => title)];
  const rows = contestantNames
    .filter((name) => figures[name] !== undefined)
    .map((name) => [name, ...columns.map(([metric]) => cell(figures[name]?.[metric], metric))]);
  return [
    `${size.toLocaleString('en')} records, milliseconds, medians (search*: after a restart)`,
    ...lines([header, ...rows]),
  ];
}

export function resultTables(result: BenchResult): string[] {
  const { figures, steps, judged, growth, limits } = result;
  const out: string[] = [];
  for (const [size, of] of Object.entries(figures)) out.push('', ...contestTable(Number(size), of));
  out.push('', 'limits of this machine in this run');
  const rates = Object.entries(limits).map(([name, { median, min, max }]) => [
    `  ${name}`,
    short(median),
    `${short(min)} to ${short(max)}`,
  ]);
  out.push(...lines(rates));
  out.push('', 'steps beside their limits, milliseconds');
  out.push(
    ...lines(
      steps.map(({ step, ms, limitMs, limit }) => [
        `  ${step}`,
        short(ms),
        short(limitMs),
        `${Math.round((100 * limitMs) / ms)} %`,
        limit,
      ]),
    ),
  );
  if (growth.length > 0) out.push('', 'growth with the number of records: cost ≈ size^e');
  out.push(
    ...lines(
      growth.map(({ contestant, metric, exponent, points }) => [
        `  ${contestant} ${metric}`,
        `e = ${exponent.toFixed(2)}`,
        points
          .map(
            ([size, median]) => `${size / 1_000}k: ${short(inMegabytes.has(metric) ? median / 1e6 : median)}`,
          )
          .join(', '),
      ]),
    ),
  );
  out.push('', result.form === 'full' ? 'goals' : 'floors');
  out.push(
    ...lines(
      judged.map(({ name, is, bound, value, holds }) => [
        `  ${name}`,
        `${short(value)}`,
        `${is} ${bound}`,
        holds ? 'ok' : 'MISSED',
      ]),
    ),
  );
  return out;
}
