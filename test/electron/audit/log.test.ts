import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditDamage } from '../../../electron/audit/damage.ts';
import type { AuditLog, AuditLogOptions } from '../../../electron/audit/log.ts';
import { pseudonymOf } from '../../../electron/audit/pseudonym.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { openLog } from './support.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-audit-'));
  path = join(folder, 'audit', 'audit.jsonl');
});
afterEach(async () => {
  for (const { log } of opened.splice(0)) await log.close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

const opened: { log: AuditLog }[] = [];
const open = async (options: Partial<AuditLogOptions> = {}) => {
  const one = await openLog(join(folder, 'audit'), options);
  opened.push(one);
  return one;
};
async function write(count: number): Promise<void> {
  const { log } = await open();
  for (let i = 0; i < count; i++) await log.append('session-started', { facts: { i } });
  await log.close();
}
const lines = async () => (await readFile(path, 'utf8')).split('\n').slice(0, -1);

describe('audit log', () => {
  it('chains entries without gaps, also when asked for all at once', async () => {
    const { log } = await open();
    const entries = await Promise.all(
      Array.from({ length: 20 }, (_, i) => log.append('report-made', { facts: { i } })),
    );
    let previous = '0'.repeat(64);
    for (const [seq, entry] of entries.entries()) {
      expect(entry).toMatchObject({ seq, previous, facts: { i: seq } });
      previous = await hashOf(entry);
    }
    expect(await log.headAt(20)).toBe(previous);
    expect(await log.headAt(19)).toBe(entries[19]?.previous);
    expect(await log.headAt(21)).toBeUndefined();
    expect((await lines()).map((line) => JSON.parse(line))).toEqual(entries);
  });
  it('goes on where it stopped', async () => {
    await write(3);
    const { log, tornLine } = await open();
    expect(tornLine).toBe(false);
    expect((await log.append('session-ended')).seq).toBe(3);
    await log.close();
    expect((await open()).log.size).toBe(4);
  });
  it('cuts a last line that a crash cut short, at whatever byte, and says so', async () => {
    await write(2);
    const signed = await readFile(path);
    const more = await lines();
    const part = Buffer.from(more[1] ?? '');
    for (let end = 1; end < part.length; end += 7) {
      await writeFile(path, Buffer.concat([signed, part.subarray(0, end)]));
      const { log, tornLine } = await open();
      expect([log.size, tornLine]).toEqual([2, true]);
      await log.close();
      expect(await readFile(path)).toEqual(signed);
    }
  });
  it('keeps a whole last line that only lacks its line feed', async () => {
    await write(2);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -1));
    const { log, tornLine } = await open();
    expect([log.size, tornLine]).toEqual([2, false]);
    await log.append('session-ended');
    expect(await lines()).toHaveLength(3);
  });
  it.each<[string, (all: string[]) => string[]]>([
    ['a changed fact', (all) => all.map((line, i) => (i === 1 ? line.replace('"i":1', '"i":7') : line))],
    ['a line taken out', (all) => all.filter((_, i) => i !== 1)],
    ['two lines swapped', ([a = '', b = '', ...rest]) => [b, a, ...rest]],
    [
      'a line that is not canonical',
      (all) => all.map((line, i) => (i === 1 ? line.replace(':', ': ') : line)),
    ],
    ['a broken line in the middle', (all) => all.map((line, i) => (i === 1 ? line.slice(0, 40) : line))],
    ['an unknown field', (all) => all.map((line, i) => (i === 1 ? line.replace('{', '{"a":1,') : line))],
  ])('refuses %s and leaves the file as it is', async (_, change) => {
    await write(4);
    const altered = `${change(await lines()).join('\n')}\n`;
    await writeFile(path, altered);
    await expect(open()).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    expect(await readFile(path, 'utf8')).toBe(altered);
  });
  it('refuses a complete last line that is not an entry', async () => {
    await write(1);
    await appendFile(path, '{"forged":true}\n');
    await expect(open()).rejects.toMatchObject({
      error: { kind: 'audit-failed', detail: 'an entry was altered: audit.jsonl, line 2' },
    });
  });
  it('takes no entry once it is condemned, and is not opened again until that is settled', async () => {
    const { log } = await open();
    let told = 0;
    log.onCondemned(() => {
      told += 1;
    });
    const damage = new AuditDamage('central-chain', 'here');
    await log.condemn(damage);
    await log.condemn(new AuditDamage('central-proof', 'later'));
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    expect(log.status()).toMatchObject({ intact: false, reason: damage.error.detail });
    expect([await lines(), told]).toEqual([[], 1]);
    await log.close();
    await expect(open()).rejects.toMatchObject({ damage: 'central-chain', where: 'here' });
    const file = join(folder, 'audit', 'condemned.json');
    await writeFile(file, 'anything');
    await expect(open()).rejects.toMatchObject({ damage: 'altered', where: 'condemned.json' });
    await rm(file);
    expect((await open()).log.size).toBe(0);
  });
  it('gives a subject a pseudonym that needs the key', () => {
    const key = Buffer.alloc(32, 1);
    expect(pseudonymOf(key, '13900010001')).toMatch(/^[0-9a-f]{64}$/);
    expect(pseudonymOf(key, '13900010001')).toBe(pseudonymOf(key, '13900010001'));
    expect(pseudonymOf(Buffer.alloc(32, 2), '13900010001')).not.toBe(pseudonymOf(key, '13900010001'));
  });
});
