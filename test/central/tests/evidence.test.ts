import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { TestCounter } from './client.ts';
import { centralFixture, told } from './fixture.ts';

const fixture = centralFixture({ createdThrough: 'none' });
const EMPTY = '0'.repeat(64);
let devices = 0;

async function newCounter(): Promise<TestCounter> {
  devices += 1;
  return new TestCounter(fixture.central, await fixture.central.makeDevice(`counter-${devices}`));
}

/** A chain of `count` entries of the newest counter. */
async function chain(count: number, device = `counter-${devices}`, fact = 'a'): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let previous = EMPTY;
  for (let seq = 0; seq < count; seq++) {
    const entry: AuditEntry = {
      schema: 'zhiqing-audit/1',
      salt: 'AAAAAAAAAAAAAAAAAAAAAA',
      seq,
      at: new Date(1_700_000_000_000 + seq).toISOString(),
      device,
      action: 'core-started',
      facts: { fact },
      previous,
    };
    entries.push(entry);
    previous = await hashOf(entry);
  }
  return entries;
}

describe('the audit chain', () => {
  let counter: TestCounter;
  let entries: AuditEntry[];
  beforeAll(async () => {
    counter = await newCounter();
    entries = await chain(6);
  });
  const refused = async (list: readonly AuditEntry[]) =>
    told(await counter.refused('audit', { body: { entries: list } }));

  test('is empty at first', async () => {
    expect(await counter.call('auditHead')).toEqual({ size: 0, head: EMPTY });
  });

  test('grows by batches; entries held are skipped', async () => {
    await counter.call('audit', { body: { entries: entries.slice(0, 3) } });
    const head = await counter.call('audit', { body: { entries: entries.slice(1, 5) } });
    expect(head).toEqual({ size: 5, head: await hashOf(entries[4]) });
    expect(await counter.call('auditHead')).toEqual(head);
  });

  test.each(['\ud842', '\0'])(
    'refuses a fact %j, which nobody can sign or store, with a last word',
    async (fact) => {
      const other = await newCounter();
      const [entry] = await chain(1);
      const body = { entries: [{ ...(entry as AuditEntry), facts: { fact } }] };
      expect(told(await other.refused('audit', { body }))).toBe('bad-input (body: not whole characters)');
    },
  );

  test('refuses a gap, a broken link and another counter’s entries', async () => {
    const [last] = entries.slice(5);
    if (!last) throw new Error('no entry');
    expect(await refused([{ ...last, seq: 6 }])).toBe('bad-input (gap before seq 6)');
    expect(await refused([{ ...last, previous: EMPTY }])).toBe('bad-input (previous of seq 5)');
    expect(await refused([{ ...last, device: 'counter-0404' }])).toBe('bad-input (entries: device)');
  });

  test('names a fork, and keeps nothing of that batch', async () => {
    const before = await counter.call('auditHead');
    const fork = await chain(7, entries[0]?.device, 'b');
    expect(await refused(fork.slice(2))).toBe('audit-failed (fork at seq 2)');
    // A fork within one batch as well.
    expect(await refused([...entries.slice(5), { ...(fork[5] as AuditEntry) }])).toBe(
      'audit-failed (fork at seq 5)',
    );
    expect(await counter.call('auditHead')).toEqual(before);
  });

  test('two batches at once make one chain', async () => {
    const other = await newCounter();
    const list = await chain(20);
    await Promise.all(
      [0, 5, 0].map((from) => other.raw('audit', { body: { entries: list.slice(from, from + 15) } })),
    );
    await other.call('audit', { body: { entries: list } });
    expect(await other.call('auditHead')).toEqual({ size: 20, head: await hashOf(list.at(-1)) });
  });
});

describe('a row of the day list', () => {
  const row = (caseId: string): CaseRow => ({
    caseId,
    serial: 1,
    customerName: '张*',
    maskedNumber: '139****0001',
    date: '2026-01-05',
    closedAt: '2026-01-05T03:00:00.000Z',
    staffId: '1024',
    summary: {
      categories: ['sms'],
      from: '2025-12-06',
      to: '2026-01-05',
      purpose: 'own-copy',
      outcome: 'completed',
    },
    analysis: { rows: 95, received: 70, sent: 25, released: 2 },
    followUp: '已告知客户如何举报骚扰短信',
  });

  test('is stored; the same again and a correction too', async () => {
    const counter = await newCounter();
    const caseId = randomUUID();
    const put = (body: CaseRow) => counter.call('recordCase', { params: { caseId }, body });
    expect(await put(row(caseId))).toEqual({});
    await put(row(caseId));
    await put({ ...row(caseId), followUp: '另约时间' });
    const rows = await fixture.central.context.db
      .selectFrom('cases')
      .selectAll()
      .where('id', '=', caseId)
      .execute();
    expect(rows.map(({ document }) => JSON.parse(document).followUp)).toEqual(['另约时间']);
  });

  test('is refused under another id, and from another counter', async () => {
    const counter = await newCounter();
    const caseId = randomUUID();
    const params = { caseId };
    expect(told(await counter.refused('recordCase', { params, body: row(randomUUID()) }))).toBe(
      'bad-input (caseId)',
    );
    await counter.call('recordCase', { params, body: row(caseId) });
    const other = await newCounter();
    expect(told(await other.refused('recordCase', { params, body: row(caseId) }))).toBe('forbidden (caseId)');
  });
  test.each(['回\ud842', '回\0'])(
    'with %j is refused for good, and keeps nobody from the day',
    async (followUp) => {
      const counter = await newCounter();
      const good = row(randomUUID());
      await counter.call('recordCase', { params: { caseId: good.caseId }, body: good });
      const bad = { ...row(randomUUID()), followUp };
      const answer = await counter.refused('recordCase', { params: { caseId: bad.caseId }, body: bad });
      expect(told(answer)).toBe('bad-input (followUp: custom)');
      expect((await counter.call('dayCases', { params: { day: good.date } })).rows).toEqual([good]);
    },
  );
  test('are handed back to the counter they are of, by day', async () => {
    const mine = await newCounter();
    const theirs = await newCounter();
    const rows = [2, 1, 3].map((serial) => ({ ...row(randomUUID()), serial }));
    const tomorrow = { ...row(randomUUID()), date: '2026-11-23' };
    for (const body of [...rows, tomorrow])
      await mine.call('recordCase', { params: { caseId: body.caseId }, body });
    const ask = (counter: TestCounter, day: string) => counter.call('dayCases', { params: { day } });
    const [first] = rows;
    expect((await ask(mine, first?.date ?? '')).rows.map(({ serial }) => serial)).toEqual([1, 2, 3]);
    expect((await ask(mine, '2026-11-23')).rows).toEqual([tomorrow]);
    expect((await ask(theirs, first?.date ?? '')).rows).toEqual([]);
    expect(told(await mine.refused('dayCases', { params: { day: 'today' } }))).toContain('bad-input');
  });
});
