/** What a counter and a visit cost of a processor, from the parts of a run: what sizes a service. */
import type { Part } from './parts.ts';

export interface Cost {
  /** Cores that a thousand counters keep busy while nobody is served. */
  readonly coresPerThousandCounters: number;
  /** CPU seconds of one visit beside that. */
  readonly secondsPerVisit: number;
}

/** Those whose cost is told: the processes of the service together, and what stands before and behind them. */
const groups = { service: /^service /, PostgreSQL: /^PostgreSQL$/, balancer: /^balancer$/ };

/** Parts in which all processes serve. */
const serving: ReadonlySet<string> = new Set(['first visits', 'ordinary day', 'morning rush']);

/** By group; `undefined` without an idle part or a visit. A group that was not on this machine is left out. */
export function costs(parts: readonly Part[], counters: number): Record<string, Cost> | undefined {
  const idle = parts.find(({ name }) => name === 'idle');
  // Where something failed, what was repeated would be counted along.
  const busy = parts.filter(({ name, errors }) => serving.has(name) && errors.size === 0);
  const visits = sum(busy.map((part) => part.visits.count));
  if (!idle || visits === 0) return undefined;
  const told = Object.entries(groups).filter(([, pattern]) =>
    Object.keys(idle.cpu).some((group) => pattern.test(group)),
  );
  return Object.fromEntries(
    told.map(([name, pattern]) => {
      const idleCores = used(idle, pattern) / idle.seconds;
      const seconds = sum(busy.map((part) => used(part, pattern) - idleCores * part.seconds));
      return [
        name,
        {
          coresPerThousandCounters: (idleCores / counters) * 1_000,
          secondsPerVisit: Math.max(0, seconds) / visits,
        },
      ];
    }),
  );
}

/** CPU seconds of a part that a group used. */
function used({ cpu }: Part, pattern: RegExp): number {
  return sum(Object.entries(cpu).map(([group, seconds]) => (pattern.test(group) ? seconds : 0)));
}

function sum(list: readonly number[]): number {
  return list.reduce((total, one) => total + one, 0);
}
