import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntries, matches } from '../../../../electron/gate/auditor/find-entries.ts';
import type { AuditFilter } from '../../../../shared/contract/audit.ts';
import type { AuditAction, AuditEntry } from '../../../../shared/domain/audit.ts';
import { dayOf } from '../../../../shared/domain/period.ts';
import { MemoryDisk } from '../../audit/memory-disk.ts';
import { NOW, openLog } from '../../audit/support.ts';

const DAY = 86_400_000;
const actions: readonly AuditAction[] = ['session-started', 'lookup-answered', 'staff-signed-in'];
const ids = ['0192f3aa-0000-7000-8000-000000000001', '0192f3aa-0000-7000-8000-000000000002'];

/** A log over three days, and its entries. */
async function someLog(count: number, segmentBytes = 4_000) {
  let now = NOW;
  const { log } = await openLog(new MemoryDisk(), { now: () => now, segmentBytes });
  for (let i = 0; log.size < count; i++) {
    now = NOW + Math.floor((i * 3 * DAY) / count);
    const id = ids[i % 5];
    await log.append(actions[i % 3] ?? 'core-started', {
      staffId: i % 4 === 0 ? '1025' : '1024',
      ...(id === undefined ? {} : i % 2 === 0 ? { sessionId: id } : { consentId: id }),
    });
  }
  const setNow = (at: number) => {
    now = at;
  };
  return { log, all: (await log.from(0, log.size)).toReversed(), setNow };
}

/** All pages one after the other. */
async function walk(log: Parameters<typeof findEntries>[0], filter: AuditFilter, limit: number) {
  const found: AuditEntry[] = [];
  let before: number | undefined;
  for (let turns = 0; turns < 1_000; turns++) {
    const page = await findEntries(log, { filter, before, limit });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries);
    if (page.next === undefined) return found;
    expect(page.next).toBeLessThan(before ?? Number.POSITIVE_INFINITY);
    before = page.next;
  }
  throw new Error('the search does not end');
}

describe('searching the log', () => {
  it('finds what a look at every entry finds, newest first, whatever the page', async () => {
    const { log, all } = await someLog(60, 2_500);
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            action: fc.constantFrom(...actions),
            staffId: fc.constantFrom('1024', '1025', '1026'),
            day: fc.constantFrom(...[0, 1, 2, 9].map((n) => dayOf(NOW + n * DAY))),
            id: fc.constantFrom(...ids),
          },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 1, max: 200 }),
        async (filter, limit) => {
          const wanted = all.filter((entry) => matches(entry, filter)).map(({ seq }) => seq);
          expect((await walk(log, filter, limit)).map(({ seq }) => seq)).toEqual(wanted);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('answers before it has read a long log, and goes on from there', async () => {
    const { log } = await someLog(150);
    const filter = { id: '0192f3aa-0000-7000-8000-00000000000f' };
    const first = await findEntries(log, { filter, limit: 10 }, 100);
    expect(first).toEqual({ entries: [], next: log.size - 100 });
    expect(await findEntries(log, { filter, before: first.next, limit: 10 }, 100)).toEqual({ entries: [] });
  });

  it('ends at the oldest entry that is still there', async () => {
    const { log, setNow } = await someLog(120, 1_500);
    setNow(NOW + 400 * DAY);
    await log.append('session-ended', { staffId: '1024' });
    // Central has cosigned all of it: full segments may go.
    await log.cosigned(await log.checkpoint(), NOW);
    expect(await log.retire()).toBeGreaterThan(0);
    const { oldest } = log.status();
    expect(oldest).toBeGreaterThan(0);
    const found = await walk(log, { day: dayOf(NOW) }, 50);
    expect(found.every(({ seq }) => seq >= oldest)).toBe(true);
    expect((await walk(log, {}, 50)).at(-1)?.seq).toBe(oldest);
  });
});
