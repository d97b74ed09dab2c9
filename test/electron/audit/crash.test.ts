import { describe, expect, it } from 'vitest';
import type { AuditLog } from '../../../electron/audit/log.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { MemoryDisk } from './memory-disk.ts';
import { openLog } from './support.ts';

/** Small, so that a few entries fill a segment. */
const SEGMENT = { segmentBytes: 1_500 };
const ENTRIES = 12;

/** Opens, appends, signs and closes until the power fails; answers what was acknowledged. */
async function run(disk: MemoryDisk): Promise<{ acknowledged: AuditEntry[]; signed: number }> {
  const acknowledged: AuditEntry[] = [];
  let signed = 0;
  let log: AuditLog | undefined;
  try {
    ({ log } = await openLog(disk, SEGMENT));
    for (let i = 0; i < ENTRIES; i++) {
      acknowledged.push(await log.append('session-started', { facts: { i } }));
      if (i % 5 === 4) {
        await log.checkpoint();
        signed = log.size;
      }
    }
    await log.close();
  } catch {
    // The power failed, and with it everything.
  }
  return { acknowledged, signed };
}

describe('a power cut', () => {
  it('at any step loses nothing that was acknowledged, and is no damage', async () => {
    const whole = new MemoryDisk();
    expect((await run(whole)).acknowledged).toHaveLength(ENTRIES);
    // A run that rotates: every kind of step is among them.
    const kinds = new Set(whole.done.map((step) => step.replace(/\d+/g, '')));
    for (const kind of [
      'write audit.jsonl',
      'sync audit.jsonl',
      'sync checkpoints.jsonl',
      'rename audit.jsonl',
    ]) {
      expect(kinds).toContain(kind);
    }
    for (let cutAt = 1; cutAt <= whole.steps; cutAt++) {
      for (const leftOver of [0, 0.4, 1]) {
        const disk = new MemoryDisk({ cutAt, leftOver });
        const { acknowledged, signed } = await run(disk);
        const where = `step ${cutAt}, ${leftOver} left over`;
        const { log } = await openLog(disk.afterCut(), SEGMENT);
        const found = await log.from(0, log.size);
        const kept = found.filter(({ action }) => action !== 'log-rotated');
        // Each acknowledged entry is there; at most one that nobody was told of.
        expect(kept.slice(0, acknowledged.length), where).toEqual(acknowledged);
        expect(kept.length - acknowledged.length, where).toBeLessThanOrEqual(1);
        expect(log.size, where).toBeGreaterThanOrEqual(signed);
        // It goes on as if nothing had been.
        expect((await log.append('core-started')).seq, where).toBe(log.size - 1);
        await log.close();
      }
    }
  }, 60_000);

  it('during recovery from a power cut loses nothing either', async () => {
    const whole = new MemoryDisk();
    await run(whole);
    for (let cutAt = 1; cutAt <= whole.steps; cutAt += 3) {
      const first = new MemoryDisk({ cutAt, leftOver: 0.4 });
      const { acknowledged } = await run(first);
      for (let again = 1; again <= 6; again++) {
        const second = first.afterCut();
        second.cutAfter(again);
        await openLog(second, SEGMENT)
          .then(({ log }) => log.append('core-started'))
          .catch(() => undefined);
        const { log } = await openLog(second.afterCut(), SEGMENT);
        const kept = (await log.from(0, log.size)).filter(({ action }) => action === 'session-started');
        expect(kept.slice(0, acknowledged.length), `cut ${cutAt}, then ${again}`).toEqual(acknowledged);
        await log.close();
      }
    }
  }, 60_000);
});

describe('a full disk', () => {
  it('refuses the entry, leaves the file as it was, and goes on once there is room', async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(disk);
    const first = await log.append('session-started', { facts: { i: 0 } });
    const before = disk.bytes('audit.jsonl');
    for (const free of [0, 1, 100]) {
      disk.free = free;
      await expect(log.append('session-started', { facts: { i: 1 } })).rejects.toMatchObject({
        error: { kind: 'audit-failed', detail: 'ENOSPC' },
      });
      expect(disk.bytes('audit.jsonl')).toEqual(before);
    }
    disk.free = Number.POSITIVE_INFINITY;
    const second = await log.append('session-started', { facts: { i: 2 } });
    expect(await log.from(0, 9)).toEqual([first, second]);
    expect(log.status().intact).toBe(true);
    await log.close();
    const again = await openLog(disk);
    expect(again.log.size).toBe(2);
    await again.log.close();
  });
  it('at a rotation stops the log until the next start, which goes on', async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(disk, SEGMENT);
    while ((disk.bytes('audit.jsonl')?.length ?? 0) < SEGMENT.segmentBytes)
      await log.append('session-started');
    const { size } = log;
    disk.free = 300;
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    disk.free = Number.POSITIVE_INFINITY;
    await log.close();
    const again = await openLog(disk.afterCut(), SEGMENT);
    expect(again.log.size).toBe(size);
    expect((await again.log.append('session-started')).seq).toBeGreaterThanOrEqual(size);
    await again.log.close();
  });
});

describe('a sync that fails', () => {
  it('stops the log until the next start: what is on the disk is not known', async () => {
    const disk = new MemoryDisk();
    const { log } = await openLog(disk);
    await log.append('session-started', { facts: { i: 0 } });
    disk.failSync = true;
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { detail: 'EIO' } });
    disk.failSync = false;
    await expect(log.append('session-started')).rejects.toMatchObject({ error: { kind: 'audit-failed' } });
    expect(log.status()).toMatchObject({ intact: false, reason: 'EIO' });
    await log.close();
    const again = await openLog(disk.afterCut());
    expect((await again.log.append('core-started')).seq).toBe(1);
    await again.log.close();
  });
});
