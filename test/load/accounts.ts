/** CPU and memory by who used them: the service, the database, the balancer, the counters, and everybody else. */
import { machineCpu, usageOf } from './machine/meter.ts';

/** Process ids by the name that the report gives them. */
export type Groups = Readonly<Record<string, readonly number[]>>;

export interface Spent {
  readonly seconds: number;
  /** CPU seconds by group. `others`: programs on this machine that are no part of the run. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Bytes at the end, by group. */
  readonly memory: Readonly<Record<string, number>>;
  /** CPU seconds that there were. */
  readonly available: number;
}

/** Begins to count; the answer ends it. */
export function account(groups: () => Groups): () => Spent {
  const before = take(groups());
  return () => {
    const after = take(groups());
    const cpu: Record<string, number> = {};
    for (const [name, used] of Object.entries(after.cpu)) cpu[name] = used - (before.cpu[name] ?? 0);
    const ours = Object.values(cpu).reduce((sum, one) => sum + one, 0);
    const used = after.machine.used - before.machine.used;
    return {
      seconds: (after.at - before.at) / 1000,
      cpu: { ...cpu, others: Math.max(0, used - ours) },
      memory: after.memory,
      available: after.machine.all - before.machine.all,
    };
  };
}

function take(groups: Groups) {
  const cpu: Record<string, number> = {};
  const memory: Record<string, number> = {};
  for (const [name, pids] of Object.entries(groups)) {
    const usages = pids.map(usageOf);
    cpu[name] = usages.reduce((sum, one) => sum + one.cpuSeconds, 0);
    memory[name] = usages.reduce((sum, one) => sum + one.memory, 0);
  }
  return { at: performance.now(), cpu, memory, machine: machineCpu() };
}
