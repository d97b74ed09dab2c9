/** kill -9 in the middle of what must never be lost: the outbox file and the audit log, over real files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { openAuditLog } from '../../../electron/audit/log.ts';
import { OutboxFile } from '../../../electron/central/outbox-file.ts';
import { type Family, Tally } from '../family.ts';
import type { Random } from '../random.ts';
import { type Death, moments } from './failpoints.ts';
import type { FilesPlan, FilesSays } from './files-child.ts';
import { importKey, type KeyText, makeKey, SECRETS } from './files-keys.ts';

const KILLS = { quick: 16, long: 420 };
/** Kills in a row on the same files. */
const SERIES = 20;
const CHANGES = 400;
const LIFE_MS = 600;
const HANG_MS = 60_000;

/** What was told before the kill, over all kills of a series. */
class Told {
  readonly adding = new Set<string>();
  readonly added = new Set<string>();
  readonly removing = new Set<string>();
  readonly removed = new Set<string>();
  readonly entries = new Map<number, number>();
}

export const fileKills: Family = {
  name: 'kill -9 while files are written',
  async run({ quick, random, folder, progress }) {
    const total = quick ? KILLS.quick : KILLS.long;
    const tally = new Tally();
    const key = await makeKey();
    while (tally.injected < total) {
      const series = tally.injected;
      const told = new Told();
      for (let kill = 0; kill < SERIES && tally.injected < total; kill++) {
        const place = join(folder, `series-${series}`);
        const { point, died } = await killOnce(place, key, random, told);
        const wrong = died ? await judge(place, key, told) : ['it ended by itself, or hung'];
        if (wrong.length === 0) tally.good(point);
        else tally.bad(`series ${series}, kill ${kill}, ${point}: ${wrong.slice(0, 3).join('; ')}`);
        progress(`${tally.injected} of ${total}`);
      }
    }
    return tally.outcome('outbox file and audit log in a process of their own');
  },
};

async function killOnce(folder: string, key: KeyText, random: Random, told: Told) {
  const death: Death | undefined = random.chance(0.7)
    ? { at: 1 + random.below(CHANGES), moment: random.pick(moments) }
    : undefined;
  const plan: FilesPlan = { folder, seed: random.below(2 ** 31), key, ...(death ? { death } : {}) };
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'files-child.ts'),
      JSON.stringify(plan),
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(folder), 'compiled') },
    },
  );
  let point = 'at a moment';
  const ready = Promise.withResolvers<void>();
  const lines = createInterface({ input: child.stdio[3] as Readable });
  lines.on('line', (line) => {
    const fact = JSON.parse(line) as FilesSays;
    if (fact.what === 'dying') point = fact.point.includes('outbox') ? 'in the outbox' : 'in the audit log';
    else if (fact.what === 'ready') ready.resolve();
    else if (fact.what === 'entry') told.entries.set(fact.seq, fact.fact);
    else told[fact.what].add(fact.id);
  });
  const gone = Promise.all([once(child, 'exit'), once(lines, 'close')]);
  if (death) void delay(HANG_MS, undefined, { ref: false }).then(() => child.kill('SIGTERM'));
  else {
    await Promise.race([ready.promise, gone]);
    void delay(random.below(LIFE_MS)).then(() => child.kill('SIGKILL'));
  }
  await gone;
  return { point, died: child.signalCode === 'SIGKILL' };
}

/** Opens both as the next start does. */
async function judge(folder: string, key: KeyText, told: Told): Promise<string[]> {
  const wrong: string[] = [];
  try {
    const outbox = await OutboxFile.open(join(folder, 'outbox'), SECRETS);
    const ids = new Set(outbox.items.map(({ id }) => id));
    await outbox.close();
    for (const id of told.added)
      if (!ids.has(id) && !told.removing.has(id)) wrong.push(`item ${id} was acknowledged and is gone`);
    for (const id of ids) {
      if (!told.adding.has(id)) wrong.push(`item ${id} was never added`);
      if (told.removed.has(id)) wrong.push(`item ${id} was taken out and is back`);
    }
    const { log } = await openAuditLog({
      folder: join(folder, 'audit'),
      device: 'counter-0001',
      key: await importKey(key),
      stateKey: SECRETS.stateKey,
      segmentBytes: 3_000,
    });
    const entries = await log.from(0, log.size);
    for (const [seq, fact] of told.entries)
      if (entries[seq]?.facts.fact !== fact) wrong.push(`entry ${seq} was acknowledged and is not there`);
    await log.close();
  } catch (error) {
    wrong.push(`it does not open: ${error instanceof Error ? error.message : String(error)}`);
  }
  return wrong;
}
