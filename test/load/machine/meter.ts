/** What processes use, read from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of utime and stime a second, the same on every Linux for programs. */
const TICKS = 100;

export interface Usage {
  /** CPU seconds since the process began, those of children that ended included. */
  readonly cpuSeconds: number;
  /** Bytes of memory, what is shared divided among those who share it. */
  readonly memory: number;
}

/** A process and all that descend from it. @returns zeros once it is gone */
export function usageOf(pid: number): Usage {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  let cpuSeconds = 0;
  let memory = 0;
  for (const member of family) {
    const fields = statOf(member);
    if (!fields) continue;
    // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
    cpuSeconds += fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0) / TICKS;
    memory += memoryOf(member);
  }
  return { cpuSeconds, memory };
}

/** CPU seconds of all processors together since the machine started: those used, and those there were. */
export function machineCpu(): { used: number; all: number } {
  const times = (read('/proc/stat') ?? '').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  const all = times.slice(0, 8).reduce((sum, one) => sum + one, 0);
  // Idle, and waiting for a disk.
  const idle = (times[3] ?? 0) + (times[4] ?? 0);
  return { used: (all - idle) / TICKS, all: all / TICKS };
}

/** Fields of /proc/pid/stat from the state on; a process may end while it is looked at. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  // The name is in brackets and may hold anything.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function memoryOf(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`) ?? '';
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** TCP connections that are held to a port of this machine. */
export function connectionsTo(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return (read('/proc/net/tcp') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) => address?.endsWith(local) && state === '01').length;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
