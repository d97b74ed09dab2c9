/** The audit log of a real counter against a real central. Needs the build in out/app. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex, utf8 } from '../../shared/canonical/bytes.ts';
import { parseCheckpoint, signCheckpoint } from '../../shared/canonical/checkpoint.ts';
import { leafHash } from '../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../shared/canonical/merkle-log.ts';
import { verifyAuditExport } from '../../shared/canonical/verify-audit-export.ts';
import { CLERK, request, signIn } from './support/customer.ts';
import { type Kiosk, openKiosk } from './support/kiosk.ts';

let kiosk: Kiosk;
beforeAll(async () => {
  kiosk = await openKiosk();
}, 180_000);
afterAll(() => kiosk?.close());

const path = (name: string) => join(kiosk.userData, 'audit', name);
const read = (name: string) => readFile(path(name), 'utf8').catch(() => '');
const seenSize = async () => {
  const kept = await read('central-seen.json');
  const note: unknown = kept === '' ? undefined : JSON.parse(kept).checkpoint;
  return typeof note === 'string' ? parseCheckpoint(note).size : 0;
};
const cosignedSize = async () =>
  (await read('checkpoints.jsonl'))
    .split('\n')
    .filter((line) => line.includes('cosignedAt'))
    .reduce((most, line) => Math.max(most, JSON.parse(line).size), 0);
const waits = { timeout: 40_000, interval: 200 };
const actions = async () => (await kiosk.audit()).map(({ action }) => action);

describe('the log of a counter', () => {
  it('is cosigned by central within seconds, and central is held to its own log', async () => {
    await signIn(kiosk);
    await expect.poll(async () => (await cosignedSize()) >= (await kiosk.audit()).length, waits).toBe(true);
    expect(await seenSize()).toBeGreaterThan(0);
    expect((await actions()).filter((one) => one === 'witness-adopted')).toHaveLength(1);
    const before = await seenSize();
    await kiosk.relaunch();
    await expect.poll(seenSize, waits).toBeGreaterThan(before);
  }, 120_000);

  it('says which settings are others than before, by name, and a role that changed', async () => {
    const file = join(kiosk.userData, 'counter.json');
    const settings = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...settings, counter: '4', language: 'en' }));
    await kiosk.relaunch();
    const changed = (await kiosk.audit()).filter(({ action }) => action === 'settings-changed');
    expect(changed.map(({ facts }) => facts)).toEqual([{ keys: 'counter,language' }]);
    await kiosk.central.context.db
      .updateTable('staff')
      .set({ role: 'manager' })
      .where('id', '=', CLERK.staffId)
      .execute();
    await signIn(kiosk);
    const roles = (await kiosk.audit()).filter(({ action }) => action === 'role-changed');
    expect(roles.map(({ staffId, facts }) => ({ staffId, ...facts }))).toEqual([
      { staffId: CLERK.staffId, from: 'clerk', to: 'manager' },
    ]);
    await kiosk.ok('staff', 'signOut', {});
    await kiosk.central.context.db
      .updateTable('staff')
      .set({ role: 'clerk' })
      .where('id', '=', CLERK.staffId)
      .execute();
  }, 120_000);

  it('is exported by an auditor, whole, and checks offline', async () => {
    await kiosk.ok('staff', 'signIn', { staffId: '2001', pin: '864209' });
    const { folder, files } = await kiosk.ok('staff', 'auditExport', {});
    await kiosk.ok('staff', 'signOut', {});
    const contents = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const name of await readdir(join(kiosk.handover, folder))) {
      contents.set(name, new Uint8Array(await readFile(join(kiosk.handover, folder, name))));
    }
    expect(contents.size).toBe(files);
    const { root } = kiosk.central.authority;
    const checks = await verifyAuditExport(contents, { trustedCertificates: [root.certificate] });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  }, 60_000);

  it('shorter than its last checkpoint is not served on; both languages say why; nothing is changed', async () => {
    await kiosk.app.close();
    const whole = await readFile(path('audit.jsonl'));
    const shorter = whole.subarray(0, whole.lastIndexOf(0x0a, whole.length - 2) + 1);
    await writeFile(path('audit.jsonl'), shorter);
    await expect(kiosk.relaunch()).rejects.toThrow();
    await expect.poll(kiosk.output).toMatch(/审计日志不完整,已停止服务.*日志末尾缺失/);
    await expect.poll(kiosk.output).toMatch(/entries at the end are missing/);
    expect(await readFile(path('audit.jsonl'))).toEqual(shorter);
    await writeFile(path('audit.jsonl'), whole);
    await kiosk.relaunch();
  }, 180_000);

  it('of a central that rewrites its own stops the counter, for good, and said plainly', async () => {
    await expect.poll(async () => (await cosignedSize()) >= (await kiosk.audit()).length, waits).toBe(true);
    const { centralLog, witness, db } = kiosk.central.context;
    const prove = centralLog.prove.bind(centralLog);
    Object.assign(centralLog, {
      prove: async (seen: number, queued: string) => {
        const tree = new MerkleLog();
        const rows = await db
          .selectFrom('central_log')
          .select(['document', 'queued'])
          .orderBy('seq')
          .execute();
        const index = rows.findIndex((row) => row.queued === queued);
        // One word of the past is another one now; everything else is as honest as can be.
        const told = rows.map(({ document }, i) =>
          i === 1 ? document.replace('"size":', '"size":1') : document,
        );
        for (const document of told) tree.append(leafHash(utf8(document)));
        return {
          checkpoint: await signCheckpoint({ size: tree.size, root: tree.root() }, witness.log),
          consistency: tree.consistency(seen).map(toHex),
          event: told[index] ?? '',
          index,
          inclusion: tree.inclusion(index).map(toHex),
        };
      },
    });
    await signIn(kiosk);
    await expect.poll(() => read('condemned.json'), waits).toContain('central-rewritten');
    expect(await kiosk.call('staff', 'startSession', request())).toMatchObject({
      ok: false,
      error: { kind: 'audit-failed' },
    });
    const dispute = JSON.parse(await read('central-dispute.json'));
    expect(dispute.answer.log.checkpoint).toContain('zhiqing/central/log');
    Object.assign(centralLog, { prove });
    // A restart does not make it good.
    await kiosk.app.close();
    await expect(kiosk.relaunch()).rejects.toThrow();
    await expect.poll(kiosk.output).toMatch(/中心的日志前后不一致/);
    // Information security has looked, central tells the truth again.
    await rm(path('condemned.json'));
    await kiosk.relaunch();
    await expect.poll(async () => (await cosignedSize()) >= (await kiosk.audit()).length, waits).toBe(true);
  }, 240_000);
});
