/** Which settings are others than at the last start. */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../shared/canonical/json.ts';
import type { CounterSettings } from '../settings.ts';
import { openStateFile } from '../vault/state-file.ts';
import type { Vault } from '../vault/vault.ts';

export interface ChangedSettings {
  /** Names of what changed, none at the first start. Of a damaged file nothing is known: then it is all of them. */
  keys: string[];
  damaged: boolean;
  /** Makes today's settings the ones to compare with. */
  keep: () => Promise<void>;
}

/** Compares by keyed hashes, so that the file tells nothing of a value. */
export async function changedSettings(
  userData: string,
  settings: CounterSettings,
  { pseudonymKey, stateKey }: Pick<Vault, 'pseudonymKey' | 'stateKey'>,
  /** Whether there was a start before this one. */
  started: boolean,
): Promise<ChangedSettings> {
  const seen = await openStateFile({
    path: join(userData, 'settings-seen.json'),
    name: 'settings',
    key: stateKey,
    schema: z.record(z.string(), z.string()),
  });
  const now: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    now[name] = createHmac('sha256', pseudonymKey)
      .update(`${name}\n${canonicalJson(value)}`)
      .digest('hex');
  }
  const damaged = started && seen.value === undefined;
  const before = seen.value ?? (damaged ? {} : now);
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const keys = [...names].filter((name) => before[name] !== now[name]).sort();
  return { keys, damaged, keep: () => seen.write(now) };
}
