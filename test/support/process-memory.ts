/** Memory of running processes, as a core dump would hold it. Linux; needs the right to trace (same user or root). */
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import type { Needles } from './needles.ts';

export interface RunningProcess {
  pid: number;
  /** `--type` of a Chromium process; `core` for the one that was started. */
  type: string;
}

/** A process and all that it started, directly or not. */
export async function processesUnder(root: number): Promise<RunningProcess[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name may hold anything, brackets too: the parent's id is the second word after the last bracket.
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: RunningProcess[] = [];
  const visit = async (pid: number): Promise<void> => {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const type = /--type=([\w-]+)/.exec(line)?.[1] ?? (pid === root ? 'core' : 'browser');
    found.push({ pid, type });
    for (const child of children.get(pid) ?? []) await visit(child);
  };
  await visit(root);
  return found;
}

const PAGE = 4096;
/** Read at a time. */
const CHUNK = 16 * 1024 * 1024;

/**
 * Which of the needles lie in a process's memory: all of it that holds data, written or mapped, as `gcore` writes it.
 * Pages that were never touched are left out: they hold nothing.
 * @returns indexes of needles, and the bytes that were searched.
 * @throws what the system says where it may not be read.
 */
export async function searchMemory(
  pid: number,
  needles: Needles,
): Promise<{ found: Set<number>; searched: number }> {
  const found = new Set<number>();
  let searched = 0;
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const pagemap = await open(`/proc/${pid}/pagemap`, 'r');
  try {
    for (const region of await dataRegions(pid))
      for (const [from, to] of await touched(pagemap, region))
        for (let at = from; at < to; at += CHUNK) {
          // A needle may lie across two chunks.
          const length = Math.min(CHUNK + needles.longest, to - at);
          const buffer = Buffer.alloc(length);
          const read = await memory.read(buffer, 0, length, at).catch(() => undefined);
          // Mapped and gone: nothing to be found.
          if (!read) continue;
          searched += Math.min(read.bytesRead, CHUNK);
          needles.search(buffer.subarray(0, read.bytesRead), found);
        }
  } finally {
    await memory.close();
    await pagemap.close();
  }
  return { found, searched };
}

/** Runs of pages in memory or swapped out (Linux, admin-guide/mm/pagemap: bits 63 and 62). */
async function touched(pagemap: FileHandle, [from, to]: [number, number]): Promise<[number, number][]> {
  const entries = Buffer.alloc(((to - from) / PAGE) * 8);
  const { bytesRead } = await pagemap.read(entries, 0, entries.length, (from / PAGE) * 8);
  const runs: [number, number][] = [];
  for (let i = 0; i < bytesRead / 8; i++) {
    if (((entries[8 * i + 7] ?? 0) & 0xc0) === 0) continue;
    const page = from + i * PAGE;
    const run = runs.at(-1);
    if (run?.[1] === page) run[1] += PAGE;
    else runs.push([page, page + PAGE]);
  }
  return runs;
}

/** Anonymous, writable and shared memory: not the programs' own read-only files. */
async function dataRegions(pid: number): Promise<[number, number][]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  return maps.split('\n').flatMap((line): [number, number][] => {
    const [, from = '', to = '', mode = '', inode = '', path = ''] =
      /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)\s*(.*)$/.exec(line) ?? [];
    const isProgram = inode !== '0' && !mode.includes('w') && !path.startsWith('/dev/shm');
    if (!mode.startsWith('r') || isProgram || path === '[vvar]' || path === '[vsyscall]') return [];
    return [[Number.parseInt(from, 16), Number.parseInt(to, 16)]];
  });
}
