/** Which settings are others than at the last start. */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { writeDurably } from '../durable-file.ts';
import type { CounterSettings } from '../settings.ts';

const seenSchema = z.record(z.string(), z.string());

/**
 * Compares by keyed hashes, so that the file tells nothing of a value.
 * @returns Names of what changed, none at the first start; `keep` makes today's settings the ones to compare with.
 */
export async function changedSettings(
  userData: string,
  settings: CounterSettings,
  key: Buffer,
): Promise<{ keys: string[]; keep: () => Promise<void> }> {
  const path = join(userData, 'settings-seen.json');
  const now: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    now[name] = createHmac('sha256', key)
      .update(`${name}\n${canonicalJson(value)}`)
      .digest('hex');
  }
  const before = await readSeen(path);
  const names = before ? new Set([...Object.keys(before), ...Object.keys(now)]) : new Set<string>();
  const keys = [...names].filter((name) => before?.[name] !== now[name]).sort();
  return { keys, keep: () => writeDurably(path, JSON.stringify(now)) };
}

async function readSeen(path: string): Promise<Record<string, string> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = seenSchema.safeParse(parse(text));
  // A damaged file says nothing of before: everything counts as changed.
  return parsed.success ? parsed.data : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
