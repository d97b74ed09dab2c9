/** What a bad disk does to a file: a bit is another one, its end is gone, or all of it. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Random } from '../random.ts';

export interface Damage {
  /** Relative to the profile, with forward slashes. */
  file: string;
  how: 'flip' | 'cut' | 'gone';
  /** Byte of the flip, or size after the cut. */
  at: number;
  bit: number;
}

/** Every file under a folder, relative to it, that holds something. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).length > 0)
    .map((path) => relative(folder, path).replaceAll('\\', '/'))
    .sort();
}

/** Draws one for a file; every twentieth takes the whole file away. */
export function drawDamage(folder: string, file: string, random: Random): Damage {
  const { length } = readFileSync(join(folder, file));
  const draw = random.next();
  const how = draw < 0.05 ? 'gone' : draw < 0.35 ? 'cut' : 'flip';
  return { file, how, at: random.below(length), bit: random.below(8) };
}

export function inflict(folder: string, { file, how, at, bit }: Damage): void {
  const path = join(folder, file);
  if (how === 'gone') rmSync(path);
  else if (how === 'cut') truncateSync(path, at);
  else {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    writeFileSync(path, bytes);
  }
}

export function wordsOf({ file, how, at, bit }: Damage): string {
  if (how === 'gone') return `${file} gone`;
  return how === 'cut' ? `${file} cut to ${at} bytes` : `${file}, bit ${bit} of byte ${at}`;
}
