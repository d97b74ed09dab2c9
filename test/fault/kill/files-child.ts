/** The real outbox file and audit log over real files, written as fast as they go until this process is killed. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../../electron/audit/log.ts';
import { OutboxFile } from '../../../electron/central/outbox-file.ts';
import type { OutboxItem } from '../../../electron/central/outbox-item.ts';
import { Random } from '../random.ts';
import { type Death, dieAt } from './failpoints.ts';
import { importKey, type KeyText, SECRETS } from './files-keys.ts';

export interface FilesPlan {
  folder: string;
  seed: number;
  key: KeyText;
  death?: Death;
}

export type FilesSays =
  | { what: 'dying'; point: string }
  | { what: 'adding' | 'added' | 'removing' | 'removed'; id: string }
  | { what: 'entry'; seq: number; fact: number }
  | { what: 'ready' };

const { folder, seed, key, death } = JSON.parse(process.argv[2] ?? '') as FilesPlan;
const say = (fact: FilesSays) => {
  writeSync(3, `${JSON.stringify(fact)}\n`);
};

if (death) await dieAt(death, (point) => say({ what: 'dying', point }));
const random = new Random(seed);
const outbox = await OutboxFile.open(join(folder, 'outbox'), SECRETS);
const { log } = await openAuditLog({
  folder: join(folder, 'audit'),
  device: 'counter-0001',
  key: await importKey(key),
  stateKey: SECRETS.stateKey,
  // Small, so that segments fill and are renamed.
  segmentBytes: 3_000,
});
say({ what: 'ready' });

const end = (id: string): OutboxItem => ({
  kind: 'consent-end',
  id,
  addedAt: 1,
  consentId: '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d',
  end: { reason: 'visit-ended', at: '2026-11-22T02:00:00.000Z' },
});

async function post(): Promise<void> {
  for (;;) {
    const { items } = outbox;
    if (random.chance(0.15)) await outbox.tidy();
    else if (items.length > 0 && random.chance(items.length / 6)) {
      const { id } = random.pick(items);
      say({ what: 'removing', id });
      await outbox.done(id);
      say({ what: 'removed', id });
    } else {
      const id = crypto.randomUUID();
      say({ what: 'adding', id });
      await outbox.add(end(id));
      say({ what: 'added', id });
    }
  }
}

async function write(): Promise<void> {
  for (let i = 0; ; i++) {
    const fact = random.below(2 ** 31);
    const { seq } = await log.append('session-started', { facts: { fact } });
    say({ what: 'entry', seq, fact });
    if (i % 7 === 6) await log.checkpoint();
  }
}

await Promise.all([post(), write()]);
