/** The figures, on the screen and as JSON. */
import { availableParallelism, cpus } from 'node:os';
import { costs } from './costs.ts';
import type { LoadOptions } from './options.ts';
import { cpuPerVisit, type Part } from './parts.ts';
import type { Result } from './run.ts';
import { shortcomings } from './verdict.ts';

/** Everything, for `out/load.json`. Times in ms, memory in bytes. */
export function figures(options: LoadOptions, result: Result) {
  const { parts, ...rest } = result;
  return {
    options: { ...options, database: options.database === undefined ? undefined : 'given' },
    machine: { processors: availableParallelism(), model: cpus()[0]?.model },
    ...rest,
    bears: oneProcess(parts),
    costs: costs(parts, options.counters),
    shortcomings: shortcomings(result, options),
    parts: parts.map((part) => ({
      name: part.name,
      planned: part.planned,
      windowSeconds: part.windowSeconds,
      seconds: part.seconds,
      ...(part.borne === undefined ? {} : { borne: part.borne }),
      visits: part.visits.count,
      visitsPerSecond: part.visits.count / part.seconds,
      requestsPerSecond: part.requests.count / part.seconds,
      visitMs: quantiles(part.visits),
      requestMs: quantiles(part.requests),
      routes: Object.fromEntries(
        [...part.routes].map(([route, times]) => [route, { count: times.count, ...quantiles(times) }]),
      ),
      errors: Object.fromEntries(part.errors),
      cpuSeconds: part.cpu,
      cpuMsPerVisit: part.visits.count === 0 ? undefined : cpuPerVisit(part) * 1000,
      memory: part.memory,
      counterLagMs: part.lagMs,
    })),
  };
}

type Quantiles = { p50: number; p99: number };

function quantiles(times: { quantile(share: number): number }): Quantiles {
  return { p50: times.quantile(0.5), p99: times.quantile(0.99) };
}

/** What one process bore: its last step before the limit, and what that took of a processor. */
export function oneProcess(parts: readonly Part[]) {
  const part = parts.findLast(({ borne }) => borne === true);
  const cpu = part?.cpu['service 1'];
  if (!part || cpu === undefined) return undefined;
  const perSecond = part.visits.count / part.windowSeconds;
  return {
    visitsPerSecond: perSecond,
    cores: cpu / part.seconds,
    visitsPerSecondAndCore: part.visits.count / cpu,
  };
}

export function screen(options: LoadOptions, result: Result): string {
  const { parts, checked, news, connections, tables, logEventsPerSecond } = result;
  const bears = oneProcess(parts);
  const faults = shortcomings(result, options);
  return [
    ...table(
      [
        'part',
        'visits',
        'a second',
        'p50 ms',
        'p99 ms',
        'requests/s',
        'p50 ms',
        'p99 ms',
        'CPU ms a visit',
        'lag ms',
      ],
      parts.map((part) => [
        part.name + (part.borne === false ? ' (too much)' : ''),
        String(part.visits.count),
        (part.visits.count / (part.windowSeconds || part.seconds)).toFixed(2),
        ...both(part.visits),
        (part.requests.count / part.seconds).toFixed(1),
        ...both(part.requests),
        part.visits.count === 0 ? '' : (cpuPerVisit(part) * 1000).toFixed(0),
        String(part.lagMs),
      ]),
    ),
    '  Of a visit: what customer and clerk waited for in all. CPU: of all that runs, what idles along included.',
    '  Lag: how long a process of counters was busy in one piece; the times contain it.',
    '',
    ...table(
      ['CPU, cores used', ...groupsOf(parts)],
      parts.map((part) => [part.name, ...groupsOf(parts).map((group) => cores(part, group))]),
    ),
    `  This machine has ${availableParallelism()} processors, which the counters and the others share with the service.`,
    '',
    ...table(
      ['memory, MB at the end', ...groupsOf(parts)],
      parts
        .filter((part) => part.visits.count > 0 && part.borne === undefined)
        .map((part) => [part.name, ...groupsOf(parts).map((group) => megabytes(part.memory[group]))]),
    ),
    '',
    ...routesTable(parts.filter((part) => part.visits.count > 0 && part.borne === undefined)),
    '',
    ...costLines(parts, options.counters),
    `bytes in the database: ${Object.entries(tables)
      .slice(0, TABLES)
      .map(([name, bytes]) => `${name} ${megabytes(bytes)} MB`)
      .join(', ')}`,
    `central’s own log takes ${logEventsPerSecond.toFixed(0)} events a second from one process`,
    `connections held, all counters idle: ${Object.entries(connections)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `a new policy was adopted by ${news.heard} of ${options.counters} counters: half of them asked for it after ${news.p50} ms, 99 % after ${news.p99} ms`,
    bears === undefined
      ? 'one process: no step of the ramp was borne'
      : `one process bore ${bears.visitsPerSecond.toFixed(1)} visits a second with ${bears.cores.toFixed(2)} cores: ${bears.visitsPerSecondAndCore.toFixed(1)} visits a second a core`,
    '',
    `in the database: ${Object.entries(checked.counts)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
    ...(faults.length === 0
      ? ['nothing failed, nothing is lost, nothing is there twice; every chain and central’s log are whole']
      : faults.map((fault) => `FAULT ${fault}`)),
  ].join('\n');
}

/** The largest ones are named on the screen. */
const TABLES = 8;

function costLines(parts: readonly Part[], counters: number): string[] {
  return Object.entries(costs(parts, counters) ?? {}).map(
    ([group, { coresPerThousandCounters, secondsPerVisit }]) =>
      `${group}: ${coresPerThousandCounters.toFixed(3)} cores for a thousand idle counters, ${(secondsPerVisit * 1000).toFixed(0)} ms of CPU a visit beside that`,
  );
}

function routesTable(parts: readonly Part[]): string[] {
  const routes = [...new Set(parts.flatMap((part) => [...part.routes.keys()]))].toSorted();
  return table(
    ['requests', ...parts.flatMap((part) => [part.name, 'p50 ms', 'p99 ms'])],
    routes.map((route) => [
      route,
      ...parts.flatMap((part) => {
        const times = part.routes.get(route);
        return times ? [String(times.count), ...both(times)] : ['', '', ''];
      }),
    ]),
  );
}

function groupsOf(parts: readonly Part[]): string[] {
  return [...new Set(parts.flatMap((part) => Object.keys(part.cpu)))];
}

function cores(part: Part, group: string): string {
  const seconds = part.cpu[group];
  return seconds === undefined ? '' : (seconds / part.seconds).toFixed(2);
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function both(times: { count: number; quantile(share: number): number }): [string, string] {
  return times.count === 0 ? ['', ''] : [times.quantile(0.5).toFixed(0), times.quantile(0.99).toFixed(0)];
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)];
}
