/** The figures for people: a few tables of plain text. */
import type { AppFigures } from '../app/app.ts';
import { contestantNames } from '../peers/names.ts';
import type { Metric } from '../run/contest.ts';
import type { Typing } from '../typing/typing.ts';
import type { Spread } from './figures.ts';
import type { BenchResult, Figures } from './result.ts';

const columns: readonly (readonly [Metric, string])[] = [
  ['load', 'load'],
  ['range', '7 days'],
  ['rangeChecked', '7 more'],
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
    `${size.toLocaleString('en')} records, milliseconds, medians (7 more: days, every row checked behind; search*: after a restart)`,
    ...lines([header, ...rows]),
  ];
}

function typingLines(typing: Typing): string[] {
  const { records, latency, framesPerSecond, lateFrames, longestFrame, overtaken } = typing;
  return [
    `typing into the search of ${records.toLocaleString('en')} records`,
    `  keystroke to results: ${short(latency.median)} ms, ${short(latency.min)} to ${short(latency.max)}; ${overtaken} overtaken`,
    `  ${short(framesPerSecond)} frames a second, ${short(100 * lateFrames)} % late, longest ${short(longestFrame)} ms`,
  ];
}

function appLines(app: AppFigures): string[] {
  const megabytes = (bytes: number | undefined) =>
    bytes === undefined ? '–' : `${short(bytes / 1_000_000)} MB`;
  const bySize = (values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([size, ms]) => `${Number(size).toLocaleString('en')}: ${short(ms)} ms`);
  return [
    `the whole app on ${app.host}`,
    `  cold start to idle screen: ${short(app.coldStart)} ms; sign-in to ready: ${short(app.signIn)} ms`,
    `  memory of all processes: idle ${megabytes(app.memoryIdle)}, with 100,000 records ${megabytes(app.memoryWithRecords)}`,
    `  signed to first messages: ${bySize(app.signedToFirstMessages).join(', ')}`,
    `  and until all are held: ${bySize(app.firstMessagesToHeld).join(', ')}`,
    `  report of ${app.report.rows.toLocaleString('en')} rows to PDF: ${short(app.report.ms)} ms`,
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
  if (result.typing !== undefined) out.push('', ...typingLines(result.typing));
  if (result.app !== undefined) out.push('', ...appLines(result.app));
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
