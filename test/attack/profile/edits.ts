/** What somebody does to a profile while the counter is off, and what the refusal to start on it says. */
import { readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rule } from '../attack.ts';

export interface Edit {
  id: string;
  rule: Rule;
  words: RegExp;
  edit: (profile: string) => Promise<void>;
  /** Another machine's key store. */
  elsewhere?: boolean;
}

export const lines = async (path: string) =>
  (await readFile(path, 'utf8')).split('\n').filter((one) => one !== '');
export const auditFile = (profile: string) => join(profile, 'audit', 'audit.jsonl');
export const save = (path: string, all: readonly string[]) =>
  writeFile(path, all.map((one) => `${one}\n`).join(''));

export async function editAudit(
  profile: string,
  change: (all: string[]) => string[] | Promise<string[]>,
): Promise<void> {
  await save(auditFile(profile), await change(await lines(auditFile(profile))));
}
async function editSettings(
  profile: string,
  change: (settings: Record<string, unknown>) => object,
): Promise<void> {
  const path = join(profile, 'counter.json');
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}
const swapFiles = async (a: string, b: string) => {
  const [first, second] = await Promise.all([readFile(a), readFile(b)]);
  await Promise.all([writeFile(a, second), writeFile(b, first)]);
};
const turnBit = async (path: string) => {
  const bytes = await readFile(path);
  const at = bytes.length - 2;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
};
const log = /not intact|audit/i;
const seal = /does not open/;

export const edits: readonly Edit[] = [
  { id: 'copied-to-another-machine', rule: 'S14', words: seal, elsewhere: true, edit: async () => undefined },
  {
    id: 'device-key-with-a-bit-turned',
    rule: 'S14',
    words: seal,
    edit: (p) => turnBit(join(p, 'vault', 'device-key.sealed')),
  },
  {
    id: 'device-key-cut-short',
    rule: 'S14',
    words: seal,
    edit: (p) => truncate(join(p, 'vault', 'device-key.sealed'), 20),
  },
  {
    id: 'vault-files-exchanged',
    rule: 'S14',
    words: /exchanged/,
    edit: (p) => swapFiles(join(p, 'vault', 'pseudonym-key.sealed'), join(p, 'vault', 'outbox-key.sealed')),
  },
  {
    id: 'audit-value-altered',
    rule: 'S10',
    words: log,
    edit: (p) =>
      editAudit(p, (all) =>
        all.map((one, i) =>
          i === 2 ? one.replace('"device":"counter-0001"', '"device":"counter-0002"') : one,
        ),
      ),
  },
  {
    id: 'audit-line-taken-out',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => all.filter((_, i) => i !== 3)),
  },
  {
    id: 'audit-lines-exchanged',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]),
  },
  {
    id: 'audit-line-doubled',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => [...all.slice(0, 2), ...all.slice(1)]),
  },
  {
    id: 'audit-spelt-otherwise',
    rule: 'S10',
    words: log,
    edit: (p) => editAudit(p, (all) => all.map((one, i) => (i === 1 ? one.replace('{', '{ ') : one))),
  },
  { id: 'audit-first-line-gone', rule: 'S10', words: log, edit: (p) => editAudit(p, (all) => all.slice(1)) },
  {
    id: 'audit-entry-put-in-without-its-link',
    rule: 'S10',
    words: log,
    edit: (p) =>
      editAudit(p, (all) => [...all, (all.at(-1) ?? '').replace(/"seq":\d+/, `"seq":${all.length}`)]),
  },
  {
    id: 'outbox-line-altered',
    rule: 'S16',
    words: /storage-failed|outbox|stopped/i,
    edit: async (p) => writeFile(join(p, 'outbox', 'outbox.jsonl'), 'AAAA\n'),
  },
  {
    id: 'settings-with-a-field-nobody-knows',
    rule: 'S3',
    words: /debug/,
    edit: (p) => editSettings(p, (s) => ({ ...s, debug: true })),
  },
  {
    id: 'settings-with-plain-http',
    rule: 'S13',
    words: /central\.url/,
    edit: (p) =>
      editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), url: 'http://localhost:1' } })),
  },
  {
    id: 'settings-without-a-root',
    rule: 'S13',
    words: /certificate|cannot be read|caFile/,
    edit: (p) =>
      editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), caFile: join(p, 'policy.json') } })),
  },
  {
    id: 'settings-that-never-time-out',
    rule: 'S16',
    words: /timeoutSeconds/,
    edit: (p) => editSettings(p, (s) => ({ ...s, central: { ...Object(s.central), timeoutSeconds: 1e9 } })),
  },
  {
    id: 'settings-with-a-customer-who-never-leaves',
    rule: 'S19',
    words: /presence/,
    edit: (p) => editSettings(p, (s) => ({ ...s, presence: { idleSeconds: 1e9, lastCallSeconds: 1e9 } })),
  },
  { id: 'settings-gone', rule: 'S16', words: /cannot be read/, edit: (p) => unlink(join(p, 'counter.json')) },
];
