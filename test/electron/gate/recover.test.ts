/** What a crash left open is ended at the next start; what stands in the way of that is named. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NewOutboxItem } from '../../../electron/central/outbox-item.ts';
import { createDayList } from '../../../electron/gate/day-list.ts';
import {
  endVisits,
  leftRefusal,
  openVisits,
  owedErasures,
  sendOwed,
} from '../../../electron/gate/recover.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { Failure } from '../../../shared/domain/errors.ts';

describe('visits that a crash left open', () => {
  const entry = (action: AuditEntry['action'], sessionId: string, consentId?: string) =>
    ({ action, sessionId, facts: {}, ...(consentId ? { consentId } : {}) }) as AuditEntry;
  it('are those that began and did not end, with their consent', () => {
    const open = openVisits([
      entry('session-started', 'a'),
      entry('consent-signed', 'a', 'ca'),
      entry('session-ended', 'a', 'ca'),
      entry('session-started', 'b'),
      entry('consent-signed', 'b', 'cb'),
      entry('session-started', 'c'),
      entry('keys-destroyed', 'c'),
    ]);
    expect(open.map(({ started, consentId }) => [started.sessionId, consentId])).toEqual([
      ['b', 'cb'],
      ['c', undefined],
    ]);
  });
  it.each([
    ['sends the row that the power kept from the outbox, and says so', false, ['case c1']],
    ['sends none that was on its way', true, []],
  ])('%s', async (_, recorded, sent) => {
    const at = '2026-11-28T08:00:00.000Z';
    const started = { ...entry('session-started', 'a'), at } as AuditEntry;
    const open = openVisits([started, ...(recorded ? [entry('case-recorded', 'a')] : [])]);
    const items: string[] = [];
    const actions: string[] = [];
    const asked: string[] = [];
    await endVisits(open, {
      audit: {
        append: async (action) => {
          actions.push(action);
          return entry(action, 'a');
        },
      },
      outbox: { add: async ({ id }) => void items.push(id) },
      now: () => Date.parse(at),
      isKept: () => false,
      rowsSince: async (since) => {
        asked.push(since);
        return [{ caseId: 'c1' } as CaseRow];
      },
    });
    expect(items).toEqual(sent);
    expect(asked).toEqual(recorded ? [] : [at]);
    expect(actions).toEqual([...(recorded ? [] : ['case-recorded']), 'keys-destroyed', 'session-ended']);
  });
});

describe('evidence that is owed', () => {
  const consentId = '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d';
  const entry = (action: AuditEntry['action'], facts: AuditEntry['facts'] = {}) =>
    ({ action, consentId, facts, seq: 7 }) as unknown as AuditEntry;
  const signed = entry('consent-signed', { consentHash: 'c'.repeat(64) });
  const gone = entry('keys-destroyed', { reason: 'withdrawn' });
  const owed = (...entries: AuditEntry[]) => {
    const follower = owedErasures();
    for (const one of entries) follower.see(one);
    return follower.owed();
  };
  it('is that of keys that went, until central has it or has the last word', () => {
    expect(owed(signed)).toEqual([]);
    expect(owed(signed, gone)).toMatchObject([
      { consentId, consentHash: 'c'.repeat(64), reason: 'withdrawn' },
    ]);
    expect(owed(signed, gone, entry('erasure-evidenced'))).toEqual([]);
    expect(owed(signed, gone, entry('consent-rejected'))).toEqual([]);
    expect(owed(signed, gone, entry('delivery-refused', { what: 'erasure' }))).toEqual([]);
    expect(owed(signed, gone, entry('delivery-refused', { what: 'case' }))).toHaveLength(1);
    expect(owed(gone)).toEqual([]);
  });
  it('is sent where the outbox has lost it, behind the end of its consent, and not twice', async () => {
    const sent: string[] = [];
    const outbox = {
      items: [] as { id: string }[],
      add: async ({ id }: { id: string }) => void sent.push(id),
    };
    const options = { outbox: outbox as never, device: 'counter-0001', now: () => 0 };
    await sendOwed(owed(signed, gone), options);
    expect(sent).toEqual([`consent-end ${consentId}`, `erasure ${consentId}`]);
    outbox.items = [{ id: `erasure ${consentId}` }];
    await sendOwed(owed(signed, gone), options);
    expect(sent).toHaveLength(2);
  });
  it('of what was kept for a case says so, and ends its consent as the visit did', async () => {
    const items: NewOutboxItem[] = [];
    const outbox = { items: [], add: async (item: NewOutboxItem) => void items.push(item) };
    const closed = entry('keys-destroyed', { reason: 'case-closed', case: consentId });
    await sendOwed(owed(signed, closed), {
      outbox: outbox as never,
      device: 'counter-0001',
      now: () => 0,
    });
    expect(items).toMatchObject([
      { kind: 'consent-end', end: { reason: 'visit-ended' } },
      { kind: 'erasure', evidence: { reason: 'case-closed' } },
    ]);
    const [, evidence] = items;
    expect(evidence?.kind === 'erasure' && evidence.evidence.destroyed).toContain('held-key');
  });
});

describe('a visit that cannot be ended', () => {
  it('is told by the file that stands in the way, not as the log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhiqing-recover-'));
    try {
      const day = '2026-11-28';
      // A folder where the day's file should be cannot be read by anybody, root included.
      await mkdir(join(folder, 'day-list', `${day}.jsonl`), { recursive: true });
      const list = createDayList({
        folder: join(folder, 'day-list'),
        key: Buffer.alloc(32, 5),
        held: async () => [],
        repairs: { found: () => undefined },
      });
      const failed = await list.read(day).catch((error: unknown) => error);
      const refusal = leftRefusal(failed, folder);
      expect(refusal?.en).toContain('The day list cannot be read or written');
      expect(refusal?.en).toContain(join(folder, 'day-list'));
      expect(refusal?.zh).toContain('日清单无法读写');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const outbox = leftRefusal(new Failure('storage-failed', { detail: 'outbox' }), '/profile');
    expect(outbox?.en).toContain('The outbox');
    expect(outbox?.zh).toContain('/profile/outbox');
  });

  it('is the log’s own matter where the log is what failed', () => {
    expect(leftRefusal(new Failure('audit-failed', { detail: 'ENOSPC' }), '/profile')).toBeUndefined();
    expect(leftRefusal(new Error('anything else'), '/profile')).toBeUndefined();
  });
});
