import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Deliver, waitAfter } from '../../../electron/central/outbox.ts';
import { OutboxFile, type OutboxItem } from '../../../electron/central/outbox-file.ts';
import { Failure } from '../../../shared/domain/errors.ts';

const key = Buffer.alloc(32, 7);
const CASE = '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01';
const CONSENT = '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d';
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-outbox-'));
  path = join(folder, 'outbox', 'outbox.jsonl');
});
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close().catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});
const opened: OutboxFile[] = [];
const openFile = async () => {
  const file = await OutboxFile.open(path, key);
  opened.push(file);
  return file;
};

const end = (id: string): OutboxItem => ({
  kind: 'consent-end',
  id,
  addedAt: 1,
  consentId: CONSENT,
  end: { reason: 'visit-ended', at: '2026-11-22T02:00:00.000Z' },
});
const audit: OutboxItem = { kind: 'audit', id: 'audit', addedAt: 2 };
const row: OutboxItem = {
  kind: 'case',
  id: `case ${CASE}`,
  addedAt: 3,
  row: {
    caseId: CASE,
    serial: 1,
    customerName: '张*',
    maskedNumber: '139****0001',
    date: '2026-11-22',
    closedAt: '2026-11-22T02:00:00.000Z',
    staffId: '1024',
    summary: {
      categories: ['sms'],
      from: '2026-10-23',
      to: '2026-11-22',
      purpose: 'own-copy',
      outcome: 'completed',
    },
    analysis: { rows: 1, received: 1, sent: 0, released: 0 },
    followUp: '标记内容',
  },
};
const ids = (file: OutboxFile) => file.items.map(({ id }) => id);

describe('outbox file', () => {
  it('holds what was added, in order and once, over a restart', async () => {
    const file = await openFile();
    for (const item of [end('a'), audit, end('a'), row]) await file.add(item);
    await file.done('audit');
    await file.close();
    expect(ids(await openFile())).toEqual(['a', `case ${CASE}`]);
  });
  it('is unreadable on the disk, and empty when all is delivered', async () => {
    const file = await openFile();
    await file.add(row);
    const text = await readFile(path, 'utf8');
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toContain('标记');
    expect(Buffer.from(text, 'base64url').includes('139****0001')).toBe(false);
    await file.done(row.id);
    expect(await readFile(path, 'utf8')).toBe('');
    await file.add(audit);
    await file.close();
    expect(ids(await openFile())).toEqual(['audit']);
  });
  it('drops a last line that a crash cut short', async () => {
    const file = await openFile();
    await file.add(end('a'));
    await file.close();
    await appendFile(path, 'AAAA');
    const again = await openFile();
    expect(ids(again)).toEqual(['a']);
    await again.add(end('b'));
    await again.close();
    expect(ids(await openFile())).toEqual(['a', 'b']);
  });
  it.each([
    ['a flipped character', (lines: string[]) => [`B${lines[0]?.slice(1)}`, lines[1] ?? '']],
    ['lines in another order', (lines: string[]) => [...lines].reverse()],
    ['a line twice', (lines: string[]) => [lines[0] ?? '', lines[0] ?? '']],
  ])('refuses %s', async (_, change) => {
    const file = await openFile();
    await file.add(end('a'));
    await file.add(end('b'));
    await file.close();
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    const changed = change(lines);
    if (changed.join() === lines.join()) changed[0] = `C${lines[0]?.slice(1)}`;
    await writeFile(path, `${changed.join('\n')}\n`);
    await expect(openFile()).rejects.toMatchObject({ error: { kind: 'storage-failed' } });
  });
});

describe('outbox', () => {
  async function open(deliver: Deliver) {
    const file = await openFile();
    const refused: string[] = [];
    const outbox = createOutbox({
      file,
      deliver,
      onRefused: async (item, error) => void refused.push(`${item.id} ${error.kind}`),
      random: () => 0,
    });
    return { file, outbox, refused };
  }
  it('delivers a lane in order, one at a time', async () => {
    const log: string[] = [];
    const { outbox, file } = await open(async ({ id }) => {
      log.push(`> ${id}`);
      await Promise.resolve();
      log.push(`< ${id}`);
    });
    const both = [outbox.deliver(end('a')), outbox.deliver(end('b'))];
    expect(await Promise.all(both)).toMatchObject([{ type: 'delivered' }, { type: 'delivered' }]);
    expect(log).toEqual(['> a', '< a', '> b', '< b']);
    expect(file.items).toEqual([]);
    await outbox.close();
  });
  it('keeps what central did not take, and gives the same item again', async () => {
    let fails = true;
    const seen: OutboxItem[] = [];
    const { outbox, file } = await open(async (item) => {
      seen.push(item);
      if (fails) throw new Failure('central-unreachable');
      return 'yes';
    });
    expect(await outbox.deliver(end('a'))).toMatchObject({
      type: 'later',
      error: { kind: 'central-unreachable' },
    });
    expect(ids(file)).toEqual(['a']);
    fails = false;
    expect(await outbox.deliver(end('a'))).toEqual({ type: 'delivered', answer: 'yes' });
    expect(seen[0]).toEqual(seen[1]);
    expect(file.items).toEqual([]);
    await outbox.close();
  });
  it('gives who asks during an attempt that fails one of their own', async () => {
    const file = await openFile();
    let fail: (() => void) | undefined;
    let attempts = 0;
    const deliver: Deliver = async () => {
      attempts += 1;
      if (attempts > 1) return undefined;
      await new Promise<void>((resolve) => {
        fail = resolve;
      });
      throw new Failure('central-unreachable');
    };
    const outbox = createOutbox({ file, deliver, onRefused: async () => undefined });
    const first = outbox.deliver(end('a'));
    await expect.poll(() => fail).toBeDefined();
    const second = outbox.deliver(end('a'));
    // The second has been written down before the first attempt ends.
    await file.add(end('a'));
    fail?.();
    expect((await first).type).toBe('later');
    expect((await second).type).toBe('delivered');
    await outbox.close();
  });
  it('does not let one lane hold up another', async () => {
    const { outbox, file } = await open(async ({ kind }) => {
      if (kind === 'consent-end') throw new Failure('central-unreachable');
    });
    await outbox.deliver(end('a'));
    expect(await outbox.deliver(row)).toMatchObject({ type: 'delivered' });
    expect(ids(file)).toEqual(['a']);
    await outbox.close();
  });
  it('drops what central refuses for good, after saying so', async () => {
    const { outbox, file, refused } = await open(async () => {
      throw new Failure('consent-rejected');
    });
    expect(await outbox.deliver(end('a'))).toMatchObject({ type: 'refused' });
    expect(refused).toEqual(['a consent-rejected']);
    expect(file.items).toEqual([]);
    await outbox.close();
  });
  it('waits longer after each failure, up to a minute, spread', () => {
    expect(waitAfter(1, () => 0)).toBe(500);
    expect(waitAfter(1, () => 1)).toBe(1000);
    expect(waitAfter(3, () => 1)).toBe(4000);
    expect(waitAfter(100, () => 1)).toBe(60_000);
  });
});
