/** Memory of processes, from Linux's own account. Elsewhere nothing is told, and nothing is guessed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Whether this system tells. */
export const canTellMemory = existsSync('/proc/self/smaps_rollup');

function allProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name in parentheses may hold anything: what follows the last one is fixed.
        const [, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** A process and everything it started, the process first. */
export function familyOf(pid: number): Process[] {
  const all = allProcesses();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** The process whose command line holds this text and that no other such process started. */
export function rootOf(text: string): number | undefined {
  const matching = allProcesses().filter(({ pid, command }) => pid !== process.pid && command.includes(text));
  return matching.find(({ parent }) => !matching.some(({ pid }) => pid === parent))?.pid;
}

/** Bytes of memory of some processes, each page counted once: shared ones by their share. */
export function memoryOf(processes: readonly Process[]): number {
  return processes.reduce((sum, { pid }) => sum + proportional(pid), 0);
}

function proportional(pid: number): number {
  try {
    const account = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(account)?.[1] ?? 0);
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

/** Looked at so often, milliseconds; and time on a processor in between that counts as none. */
const LOOK_MS = 250;
const IDLE_MS = 20;
/** Looks after which something is not waited for any longer. */
const MOST_LOOKS = 40;

/** Resolves when some processes have nothing to do: what a browser does at its start is not what is measured. */
export async function untilIdle(processes: () => readonly Process[]): Promise<void> {
  let before = Number.NEGATIVE_INFINITY;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const used = processes().reduce((sum, { pid }) => sum + processorTime(pid), 0);
    if (used - before <= IDLE_MS) return;
    before = used;
    await setTimeout(LOOK_MS);
  }
}

/** Milliseconds on a processor so far; the clock of Linux's account ticks a hundred times a second. */
function processorTime(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return 10 * ((user ?? 0) + (system ?? 0));
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
