import { describe, expect, it } from 'vitest';
import type { AuditLogOptions } from '../../../electron/audit/log.ts';
import { utf8 } from '../../../shared/canonical/bytes.ts';
import { openCheckpoint, parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalBytes, canonicalJson } from '../../../shared/canonical/json.ts';
import { merkleRoot } from '../../../shared/canonical/merkle.ts';
import { noteKey } from '../../../shared/canonical/signed-note.ts';
import { verifyAuditProof } from '../../../shared/canonical/verify-audit.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { MemoryDisk } from './memory-disk.ts';
import { DEVICE, key, NOW, newKey, openLog } from './support.ts';

const MONTH_MS = 31 * 86_400_000;
const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
const text = (disk: MemoryDisk, name: string) => Buffer.from(disk.bytes(name) ?? []).toString('utf8');

async function filled(count: number, options: Partial<AuditLogOptions> = {}) {
  const disk = new MemoryDisk();
  const { log } = await openLog(disk, options);
  for (let i = 0; i < count; i++)
    await log.append('session-started', { staffId: String(1024 + (i % 2)), facts: { i } });
  return { disk, log };
}

/** The chain as somebody would forge it who does not have the device key. */
async function reforge(disk: MemoryDisk, change: (entry: AuditEntry) => AuditEntry): Promise<void> {
  let previous = '0'.repeat(64);
  const lines: string[] = [];
  for (const line of text(disk, 'audit.jsonl').split('\n').slice(0, -1)) {
    const entry = { ...change(JSON.parse(line)), previous };
    lines.push(canonicalJson(entry));
    previous = await hashOf(entry);
  }
  disk.tamper('audit.jsonl', () => utf8(`${lines.join('\n')}\n`));
}

describe('the tree', () => {
  it('is the RFC 6962 tree over the canonical bytes of the entries', async () => {
    const { log } = await filled(7);
    const entries = await log.from(0, 7);
    for (let size = 0; size <= 7; size++) {
      expect(log.rootAt(size)).toEqual(merkleRoot(entries.slice(0, size).map(canonicalBytes)));
    }
    expect(log.rootAt(8)).toBeUndefined();
    await log.close();
  });
  it('has checkpoints that the device key signed, durable once told', async () => {
    const { disk, log } = await filled(3);
    const note = await log.checkpoint();
    const noteOf = await noteKey(`zhiqing/audit/${DEVICE}`, 'ecdsa', spki);
    expect(await openCheckpoint(note, noteOf)).toMatchObject({ size: 3, root: log.rootAt(3) });
    expect(text(disk.afterCut(), 'checkpoints.jsonl')).toContain(JSON.stringify(note).slice(1, -1));
    // The same tree is not signed twice: an ECDSA signature is another one each time.
    expect(await log.checkpoint(3)).toBe(note);
    await log.close();
  });
  it('is signed at the end of each visit, and every 64 entries without one', async () => {
    const { log } = await filled(63);
    expect(log.status().checkpoint).toBe(0);
    await log.append('session-started');
    await log.hold(async () => undefined);
    expect(log.status().checkpoint).toBe(64);
    await log.append('session-ended');
    await log.checkpoint();
    expect(log.status().checkpoint).toBe(65);
    await log.close();
  });
  it('proves any entry to whoever has the public key; nothing else passes', async () => {
    const { log } = await filled(9);
    for (let seq = 0; seq < 9; seq++) {
      const proof = await log.prove(seq);
      expect(await verifyAuditProof(JSON.parse(JSON.stringify(proof)), { devicePublicKey: spki })).toEqual({
        ok: true,
      });
      const wrong = [
        { ...proof, entry: { ...proof.entry, facts: { i: 99 } } },
        { ...proof, entry: { ...proof.entry, salt: 'AAAAAAAAAAAAAAAAAAAAAA' } },
        { ...proof, index: proof.index + 1 },
        { ...proof, size: proof.size + 1 },
        { ...proof, proof: proof.proof.slice(1) },
        { ...proof, checkpoint: proof.checkpoint.replace('\n9\n', '\n8\n') },
        { ...proof, more: 1 },
      ];
      for (const one of wrong)
        expect(await verifyAuditProof(one, { devicePublicKey: spki })).toMatchObject({ ok: false });
    }
    const other = new Uint8Array(await crypto.subtle.exportKey('spki', (await newKey()).publicKey));
    expect(await verifyAuditProof(await log.prove(0), { devicePublicKey: other })).toEqual({
      ok: false,
      reason: 'checkpoint-signature',
    });
    await expect(log.prove(9)).rejects.toMatchObject({ error: { kind: 'bad-input' } });
    await log.close();
  });
});

describe('damage that a chain of hashes alone does not show', () => {
  it('an altered entry with all hashes made anew', async () => {
    const { disk, log } = await filled(5);
    await log.close();
    await reforge(disk, (entry) => (entry.seq === 2 ? { ...entry, facts: { i: 77 } } : entry));
    await expect(openLog(disk)).rejects.toMatchObject({
      damage: 'altered',
      where: 'between entries 1 and 5',
    });
  });
  it('a log cut after an entry that was signed for', async () => {
    const { disk, log } = await filled(5);
    await log.close();
    disk.tamper('audit.jsonl', (bytes) => bytes.slice(0, bytes.lastIndexOf(0x0a, bytes.length - 2) + 1));
    await expect(openLog(disk)).rejects.toMatchObject({
      damage: 'truncated',
      where: '4 of at least 5 entries',
    });
    // Cut within the last line: the part that is left is no torn line of a crash, and is not cut off.
    const before = disk.bytes('audit.jsonl');
    disk.tamper('audit.jsonl', (bytes) => bytes.slice(0, -40));
    await expect(openLog(disk)).rejects.toMatchObject({ damage: 'truncated' });
    expect(disk.bytes('audit.jsonl')).toEqual(before?.slice(0, -40));
  });
  it('a log that is gone while its checkpoints are there', async () => {
    const { disk, log } = await filled(2);
    await log.close();
    disk.tamper('audit.jsonl', () => undefined);
    await expect(openLog(disk)).rejects.toMatchObject({ damage: 'truncated' });
  });
  it('checkpoints that are gone, altered, or of another counter or key', async () => {
    const { disk, log } = await filled(2);
    await log.close();
    const good = disk.bytes('checkpoints.jsonl');
    const refused = async (
      change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined,
    ) => {
      disk.tamper('checkpoints.jsonl', change);
      const error = await openLog(disk).then(
        ({ log: opened }) => opened.close(),
        (thrown) => thrown.damage,
      );
      disk.tamper('checkpoints.jsonl', () => good);
      return error;
    };
    expect(await refused(() => undefined)).toBe('checkpoints-missing');
    expect(await refused(() => new Uint8Array(0))).toBe('checkpoints-missing');
    expect(
      await refused((bytes) => utf8(Buffer.from(bytes).toString().replace('"size":2', '"size":1'))),
    ).toBe('checkpoints-altered');
    expect(await refused(() => utf8('{}\n'))).toBe('checkpoints-altered');
    expect(await refused(() => new Uint8Array([0xff, 0x0a]))).toBe('checkpoints-altered');
    const foreign = new MemoryDisk();
    const other = await openLog(foreign, { key: await newKey() });
    await other.log.close();
    expect(await refused(() => foreign.bytes('checkpoints.jsonl'))).toBe('checkpoints-altered');
    const named = new MemoryDisk();
    await (await openLog(named, { device: 'counter-0002' })).log.close();
    expect(await refused(() => named.bytes('checkpoints.jsonl'))).toBe('checkpoints-altered');
    const { log: again } = await openLog(disk);
    expect(again.size).toBe(2);
    await again.close();
  });
  it('an older copy of the checkpoints is told from damage: central knows the newer ones', async () => {
    const { disk, log } = await filled(2);
    await log.checkpoint();
    const older = disk.bytes('checkpoints.jsonl');
    await log.append('session-ended');
    await log.close();
    disk.tamper('checkpoints.jsonl', () => older);
    const { log: again } = await openLog(disk);
    expect(again.size).toBe(3);
    await again.close();
  });
  it('an entry of another counter', async () => {
    const { disk, log } = await filled(1);
    await log.close();
    await reforge(disk, (entry) => ({ ...entry, device: 'counter-0002' }));
    await expect(openLog(disk)).rejects.toMatchObject({ damage: 'altered' });
  });
  it('an entry altered while the counter runs: seen when it is read, and then nobody is served', async () => {
    const { disk, log } = await filled(4);
    disk.tamper('audit.jsonl', (bytes) => utf8(Buffer.from(bytes).toString().replace('"i":1', '"i":8')));
    await expect(log.from(0, 4)).rejects.toMatchObject({ damage: 'altered', where: 'entry 1' });
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    expect(log.status().intact).toBe(false);
  });
});

describe('pages', () => {
  it('go from the newest to the oldest, by action and member of staff', async () => {
    const { log } = await filled(10);
    await log.append('log-viewed', { staffId: '2001' });
    const first = await log.page({ limit: 4 });
    expect([first.entries.map(({ seq }) => seq), first.next]).toEqual([[10, 9, 8, 7], 7]);
    const second = await log.page({ limit: 4, before: first.next ?? 0 });
    expect(second.entries.map(({ seq }) => seq)).toEqual([6, 5, 4, 3]);
    const last = await log.page({ limit: 4, before: second.next ?? 0 });
    expect([last.entries.map(({ seq }) => seq), last.next]).toEqual([[2, 1, 0], undefined]);
    expect((await log.page({ limit: 9, staffId: '1025' })).entries.map(({ seq }) => seq)).toEqual([
      9, 7, 5, 3, 1,
    ]);
    expect((await log.page({ limit: 9, action: 'log-viewed' })).entries.map(({ seq }) => seq)).toEqual([10]);
    expect((await log.page({ limit: 9, action: 'report-made' })).entries).toEqual([]);
    await log.close();
  });
});

describe('rotation', () => {
  const small = { segmentBytes: 1_500 };

  it('breaks neither chain nor tree, and says in the new segment what went before', async () => {
    const { disk, log } = await filled(20, small);
    const segments = disk.names().filter((name) => /^audit-\d{12}\.jsonl$/.test(name));
    expect(segments.length).toBeGreaterThan(2);
    const all = await log.from(0, log.size);
    for (const [i, entry] of all.entries()) {
      expect(entry.seq).toBe(i);
      expect(entry.previous).toBe(i === 0 ? '0'.repeat(64) : await hashOf(all[i - 1]));
    }
    const rotated = all.filter(({ action }) => action === 'log-rotated');
    expect(rotated).toHaveLength(segments.length);
    expect(log.rootAt(all.length)).toEqual(merkleRoot(all.map(canonicalBytes)));
    expect(log.status().segments).toMatchObject({ kept: segments.length + 1, retired: 0 });
    await log.close();
    const { log: again } = await openLog(disk, small);
    expect(await again.from(0, again.size)).toEqual(all);
    expect((await again.append('core-started')).seq).toBeGreaterThanOrEqual(all.length);
    await again.close();
  });
  it('a missing segment is said, whichever it is', async () => {
    const { disk, log } = await filled(20, small);
    await log.close();
    const segments = disk.names().filter((name) => /^audit-\d{12}\.jsonl$/.test(name));
    for (const name of segments) {
      const bytes = disk.bytes(name);
      disk.tamper(name, () => undefined);
      await expect(openLog(disk, small)).rejects.toMatchObject({ damage: 'segment-missing' });
      // Without the manifest as well.
      const manifest = disk.bytes('segments.json');
      disk.tamper('segments.json', () => undefined);
      const kinds =
        name === segments.at(-1) ? ['segment-missing', 'altered', 'truncated'] : ['segment-missing'];
      const error = await openLog(disk, small).catch((thrown) => thrown);
      expect(kinds).toContain(error.damage);
      disk.tamper('segments.json', () => manifest);
      disk.tamper(name, () => bytes);
    }
    const { log: again } = await openLog(disk, small);
    await again.close();
  });
  it('a damaged manifest is made anew: all of it follows from the segments', async () => {
    const { disk, log } = await filled(20, small);
    await log.close();
    const manifest = text(disk, 'segments.json');
    const otherwise = utf8(manifest.replace('"retentionMonths": 6', '"retentionMonths": 7'));
    for (const damaged of [undefined, utf8('{'), utf8('{}'), otherwise]) {
      disk.tamper('segments.json', () => damaged);
      const { log: again, listMended } = await openLog(disk, small);
      expect(listMended).toBe(true);
      expect(again.status().retentionMonths).toBe(6);
      await again.close();
      expect(text(disk, 'segments.json')).toBe(manifest);
    }
  });
  it('an altered line feed behind the last entry is no crash: nothing is cut for it', async () => {
    const { disk, log } = await filled(3);
    const bytes = disk.bytes('audit.jsonl') ?? new Uint8Array();
    // The power goes before the newest entry is signed: only its own line tells of it.
    const cut = disk.afterCut();
    for (const bit of [0x01, 0x20, 0x80]) {
      const broken = bytes.with(bytes.length - 1, 0x0a ^ bit) as typeof bytes;
      cut.tamper('audit.jsonl', () => broken);
      await expect(openLog(cut)).rejects.toMatchObject({ damage: 'altered', where: 'end of audit.jsonl' });
      expect(cut.bytes('audit.jsonl')).toEqual(broken);
    }
    await log.close();
  });
  it('an altered byte of the file of checkpoints is said, in central’s line of a note as well', async () => {
    const { disk, log } = await filled(3);
    await log.cosigned(await log.checkpoint(), NOW);
    await log.close();
    const whole = disk.bytes('checkpoints.jsonl') ?? new Uint8Array();
    for (let at = 0; at < whole.length; at++) {
      disk.tamper('checkpoints.jsonl', () => whole.with(at, (whole[at] ?? 0) ^ 0x01) as typeof whole);
      const opened = await openLog(disk).catch((error) => error);
      // The last line feed alone may be a crash's: what the line said is signed again.
      if (at === whole.length - 1) await opened.log.close();
      else expect(opened.damage, `byte ${at}`).toBe('checkpoints-altered');
    }
  });
  it('an altered byte of a full segment is said', async () => {
    const { disk, log } = await filled(20, small);
    await log.close();
    const [name = ''] = disk.names().filter((one) => /^audit-\d{12}\.jsonl$/.test(one));
    disk.tamper(name, (bytes) => utf8(Buffer.from(bytes).toString().replace('"i":2', '"i":3')));
    await expect(openLog(disk, small)).rejects.toMatchObject({ damage: 'altered' });
  });
});

describe('retention', () => {
  const small = { segmentBytes: 1_500 };
  /** What central does, as far as this side is concerned. */
  const cosignAll = async (log: Awaited<ReturnType<typeof filled>>['log']) =>
    log.cosigned(await log.checkpoint(), NOW);

  it('takes full segments that are old enough and cosigned, keeps the tree, and proves what is left', async () => {
    let now = NOW;
    const { disk, log } = await filled(20, { ...small, now: () => now });
    await cosignAll(log);
    expect(await log.retire()).toBe(0);
    now += 5 * MONTH_MS;
    expect(await log.retire()).toBe(0);
    now += 2 * MONTH_MS;
    const root = log.rootAt(log.size);
    const gone = await log.retire();
    expect(gone).toBeGreaterThan(10);
    const { oldest, segments } = log.status();
    expect([oldest, segments.kept]).toEqual([gone, 1]);
    expect(disk.names().filter((name) => name.endsWith('.jsonl'))).toEqual([
      'audit.jsonl',
      'checkpoints.jsonl',
    ]);
    await expect(log.from(0, 1)).rejects.toMatchObject({ error: { detail: 'entry 0 is retired' } });
    await expect(log.prove(0)).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    const proof = await log.prove(gone);
    expect(await verifyAuditProof(proof, { devicePublicKey: spki })).toEqual({ ok: true });
    expect((await log.page({ limit: 100 })).entries.at(-1)?.seq).toBe(gone);
    await log.close();
    const { log: again } = await openLog(disk, { ...small, now: () => now });
    expect(again.rootAt(log.size)).toEqual(root);
    expect(again.status().oldest).toBe(gone);
    await again.append('core-started');
    await again.close();
  });
  it('takes nothing that central has not cosigned', async () => {
    let now = NOW;
    const { log } = await filled(20, { ...small, now: () => now });
    now += 12 * MONTH_MS;
    expect(await log.retire()).toBe(0);
    await log.cosigned(await log.checkpoint(8), NOW);
    const gone = await log.retire();
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThanOrEqual(8);
    await log.close();
  });
  it('is never shortened', async () => {
    const disk = new MemoryDisk();
    await (await openLog(disk, { retentionMonths: 24 })).log.close();
    const shorter = await openLog(disk, { retentionMonths: 7 });
    expect(shorter.log.status().retentionMonths).toBe(24);
    await shorter.log.close();
    const least = await openLog(new MemoryDisk(), { retentionMonths: 1 });
    expect(least.log.status().retentionMonths).toBe(6);
    await least.log.close();
  });
  it('survives a power cut at each of its steps', async () => {
    for (let cut = 1; cut <= 12; cut++) {
      let now = NOW;
      const { disk, log } = await filled(20, { ...small, now: () => now });
      await cosignAll(log);
      now += 12 * MONTH_MS;
      const { size } = log;
      const root = log.rootAt(size);
      disk.cutAfter(cut);
      await log.retire().catch(() => undefined);
      const { log: again } = await openLog(disk.afterCut(), { ...small, now: () => now });
      expect([again.size, again.rootAt(size)]).toEqual([size, root]);
      await again.retire();
      expect(again.status().segments.kept).toBe(1);
      await again.close();
    }
  });
  it('does not take hashes for a segment that was to stay', async () => {
    const { disk, log } = await filled(20, small);
    await log.close();
    const entry = disk.names().find((name) => /^audit-\d{12}\.jsonl$/.test(name)) ?? '';
    const leaves = new Uint8Array(32);
    disk.tamper(entry.replace('.jsonl', '.leaves'), () => leaves);
    disk.tamper(entry, () => undefined);
    await expect(openLog(disk, small)).rejects.toMatchObject({ damage: 'segment-missing' });
  });
});

describe('a cosignature', () => {
  it('is kept with its time, and proofs are given under it', async () => {
    const { disk, log } = await filled(3);
    const note = await log.checkpoint();
    await log.cosigned(note, NOW);
    await log.append('session-started');
    expect(log.status().cosigned).toEqual({ size: 3, at: NOW });
    expect((await log.prove(1)).size).toBe(3);
    expect((await log.prove(3)).size).toBe(4);
    await log.close();
    const { log: again } = await openLog(disk);
    expect(again.status().cosigned).toEqual({ size: 3, at: NOW });
    await again.close();
  });
  it('is asked for when a proof needs one, and the proof is given without it when none comes', async () => {
    const { log } = await filled(3);
    let asked = 0;
    log.setWitness(async () => {
      asked += 1;
      throw new Error('offline');
    });
    expect(parseCheckpoint((await log.prove(2)).checkpoint).size).toBe(3);
    // A connection that breaks off is tried once more.
    expect(asked).toBe(2);
    log.setWitness(() => new Promise(() => undefined));
    expect(parseCheckpoint((await log.prove(2, 0)).checkpoint).size).toBe(3);
    await log.close();
  });
  it('of another tree is not kept', async () => {
    const { log } = await filled(3);
    const other = await filled(3);
    await expect(log.cosigned(await other.log.checkpoint(), NOW)).rejects.toThrow(TypeError);
    await log.close();
    await other.log.close();
  });
});
