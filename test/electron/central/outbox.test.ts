/** Delivery: each lane in order, again and again, at intervals that do not add to the trouble. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOutbox, type Deliver, type LastWord, waitAfter } from '../../../electron/central/outbox.ts';
import { laneOf, type NewOutboxItem, type OutboxItem } from '../../../electron/central/outbox-item.ts';
import { errorKinds, Failure } from '../../../shared/domain/errors.ts';
import { runs } from '../../support/runs.ts';
import { added, audit, CONSENT, end, row } from './outbox-items.ts';

/** The file in memory; the real one has tests of its own. */
class MemoryFile {
  readonly kept = new Map<string, OutboxItem>();
  get items(): readonly OutboxItem[] {
    return [...this.kept.values()];
  }
  async add(item: OutboxItem): Promise<void> {
    if (!this.kept.has(item.id)) this.kept.set(item.id, item);
  }
  async done(id: string): Promise<void> {
    this.kept.delete(id);
  }
  /** What waited when it was written anew. */
  readonly tidied: string[][] = [];
  async tidy(): Promise<void> {
    this.tidied.push([...this.kept.keys()]);
  }
  close = async () => undefined;
}

let now = 1_000;
function open(deliver: Deliver, random: () => number = () => 0) {
  const file = new MemoryFile();
  const refused: string[] = [];
  const outbox = createOutbox({
    file,
    deliver,
    onRefused: async (item, error) => void refused.push(`${item.id} ${error.kind}`),
    now: () => now,
    random,
  });
  return { file, outbox, refused };
}
afterEach(() => {
  vi.useRealTimers();
  now = 1_000;
});

describe('outbox', () => {
  it('delivers a lane in order, one at a time', async () => {
    const log: string[] = [];
    const { outbox, file } = open(async ({ id }) => {
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
  it('has the file tidied when nothing is under way, and not before', async () => {
    const answers = new Map<string, PromiseWithResolvers<void>>();
    const { outbox, file } = open(async ({ id }) => {
      const answer = Promise.withResolvers<void>();
      answers.set(id, answer);
      await answer.promise;
    });
    const other = '1d5cfc47-9f5e-4a7c-8f4b-0a8e5a2f7c11';
    const [one, two] = [outbox.deliver(end('a')), outbox.deliver({ ...end('b'), consentId: other })];
    await vi.waitFor(() => expect(answers.size).toBe(2));
    answers.get('a')?.resolve();
    await one;
    expect(file.tidied).toEqual([]);
    answers.get('b')?.reject(new Failure('central-unreachable'));
    await two;
    await outbox.close();
    expect(file.tidied).toEqual([['b']]);
  });
  it('keeps what central did not take, and gives the same item again', async () => {
    let fails = true;
    const seen: OutboxItem[] = [];
    const { outbox, file } = open(async (item) => {
      seen.push(item);
      if (fails) throw new Failure('central-unreachable');
      return 'yes';
    });
    expect(await outbox.deliver(end('a'))).toMatchObject({
      type: 'later',
      error: { kind: 'central-unreachable' },
    });
    expect(file.items.map(({ id }) => id)).toEqual(['a']);
    fails = false;
    expect(await outbox.deliver(end('a'))).toEqual({ type: 'delivered', answer: 'yes' });
    expect(seen[0]).toEqual(seen[1]);
    expect(file.items).toEqual([]);
    await outbox.close();
  });
  it('gives who asks during an attempt that fails one of their own', async () => {
    let fail: (() => void) | undefined;
    let attempts = 0;
    const { outbox, file } = open(async () => {
      attempts += 1;
      if (attempts > 1) return undefined;
      await new Promise<void>((resolve) => {
        fail = resolve;
      });
      throw new Failure('central-unreachable');
    });
    const first = outbox.deliver(end('a'));
    await expect.poll(() => fail).toBeDefined();
    const second = outbox.deliver(end('a'));
    // The second has been written down before the first attempt ends.
    await file.add(added(end('a')));
    fail?.();
    expect((await first).type).toBe('later');
    expect((await second).type).toBe('delivered');
    await outbox.close();
  });
  it.each([...Array(24).keys()])(
    'gives who asks %i turns after an attempt failed one of their own at once',
    async (turns) => {
      vi.useFakeTimers();
      let attempts = 0;
      let fail: (() => void) | undefined;
      const { outbox } = open(async () => {
        attempts += 1;
        if (attempts > 1) return 'yes';
        await new Promise<void>((resolve) => {
          fail = resolve;
        });
        throw new Failure('central-unreachable');
      });
      void outbox.deliver(end('a'));
      await expect.poll(() => fail).toBeDefined();
      fail?.();
      for (let turn = 0; turn < turns; turn++) await null;
      // In the very moment, or behind it: the clock stands still, so that no back-off ends.
      const again = outbox.deliver(end('a'));
      await vi.advanceTimersByTimeAsync(0);
      expect(attempts).toBe(2);
      expect((await again).type).toBe('delivered');
      await outbox.close();
    },
  );
  describe('who asks again', () => {
    /** An outbox that fails once, tries again by itself and is then answered with `outcome`. */
    async function settledBehindTheBack(outcome: () => unknown) {
      let attempts = 0;
      const { outbox, refused, file } = open(async () => {
        attempts += 1;
        if (attempts === 1) throw new Failure('central-unreachable');
        return outcome();
      });
      const lastWord: LastWord = {};
      expect((await outbox.deliver(end('a'), lastWord)).type).toBe('later');
      await expect
        .poll(() => {
          outbox.nudge();
          return file.items;
        })
        .toEqual([]);
      const again = await outbox.deliver(end('a'), lastWord);
      await outbox.close();
      return { again, attempts, refused };
    }
    it('hears of what was delivered in the meantime, and it is not sent again', async () => {
      const { again, attempts } = await settledBehindTheBack(() => 'yes');
      expect(again).toEqual({ type: 'delivered', answer: 'yes' });
      expect(attempts).toBe(2);
    });
    it('hears of what was refused in the meantime, and it is logged once', async () => {
      const { again, attempts, refused } = await settledBehindTheBack(() => {
        throw new Failure('consent-rejected');
      });
      expect(again).toMatchObject({ type: 'refused', error: { kind: 'consent-rejected' } });
      expect(attempts).toBe(2);
      expect(refused).toEqual(['a consent-rejected']);
    });
    it('while it is being taken out of the file, hears of that', async () => {
      let attempts = 0;
      const { outbox, file } = open(async () => {
        attempts += 1;
        return attempts;
      });
      const out = Promise.withResolvers<void>();
      const taken = Promise.withResolvers<void>();
      vi.spyOn(file, 'done').mockImplementationOnce(async (id) => {
        file.kept.delete(id);
        taken.resolve();
        await out.promise;
      });
      await outbox.add(end('a'));
      await taken.promise;
      const asked = outbox.deliver(end('a'), {});
      out.resolve();
      expect(await asked).toEqual({ type: 'delivered', answer: 1 });
      expect(attempts).toBe(1);
      expect(file.items).toEqual([]);
      await outbox.close();
    });
    it('is not told of an item that could not be written down', async () => {
      const { outbox, file } = open(async () => 'yes');
      vi.spyOn(file, 'add').mockRejectedValueOnce(new Failure('storage-failed'));
      const lastWord: LastWord = {};
      await expect(outbox.deliver(end('a'), lastWord)).rejects.toMatchObject({
        error: { kind: 'storage-failed' },
      });
      expect(lastWord).toEqual({});
      expect(await outbox.deliver(end('a'), lastWord)).toEqual({ type: 'delivered', answer: 'yes' });
      await outbox.close();
    });
  });
  it('does not let one lane hold up another', async () => {
    const { outbox, file } = open(async ({ kind }) => {
      if (kind === 'consent-end') throw new Failure('central-unreachable');
    });
    await outbox.deliver(end('a'));
    expect(await outbox.deliver(row)).toMatchObject({ type: 'delivered' });
    expect(file.items.map(({ id }) => id)).toEqual(['a']);
    await outbox.close();
  });
  it('keeps the order of a visit: its row of the day list comes behind its consent', () => {
    expect(laneOf(added({ ...row, consentId: CONSENT }))).toBe(laneOf(added(end('a'))));
    expect(laneOf(added(row))).not.toBe(laneOf(added(end('a'))));
    expect(laneOf(added(audit))).toBe('audit');
  });
  it('drops what central itself refuses for good, after saying so; nothing for anybody else’s word', async () => {
    const kept: string[] = [];
    for (const kind of errorKinds) {
      const { outbox, file, refused } = open(async () => {
        throw new Failure(kind);
      });
      const { type } = await outbox.deliver(end('a'));
      expect(type === 'refused').toBe(file.items.length === 0);
      expect(refused).toEqual(type === 'refused' ? [`a ${kind}`] : []);
      if (type === 'later') kept.push(kind);
      await outbox.close();
    }
    // A gateway's page, a revoked counter, a log that disagrees: tomorrow it may be otherwise.
    expect(kept).toEqual(
      expect.arrayContaining(['central-refused', 'forbidden', 'too-many-tries', 'audit-failed', 'internal']),
    );
    expect(kept).not.toContain('consent-rejected');
  });
  it('does not count as refused what was delivered and could not be noted', async () => {
    const { outbox, file, refused } = open(async () => 'yes');
    vi.spyOn(file, 'done').mockRejectedValueOnce(new Failure('storage-failed'));
    expect(await outbox.deliver(end('a'))).toMatchObject({
      type: 'later',
      error: { kind: 'storage-failed' },
    });
    expect(refused).toEqual([]);
    expect(await outbox.deliver(end('a'))).toEqual({ type: 'delivered', answer: 'yes' });
    await outbox.close();
  });
  it('after a day without a line sends a few lanes at a time, and whoever waits goes first', async () => {
    const under = new Set<string>();
    let most = 0;
    const gates = new Map<string, () => void>();
    const { outbox } = open(async ({ id }) => {
      under.add(id);
      most = Math.max(most, under.size);
      await new Promise<void>((resolve) => gates.set(id, resolve));
      under.delete(id);
    });
    const name = (i: number) => `case ${i}`;
    for (let i = 0; i < 30; i++) await outbox.add({ ...row, id: name(i) });
    expect([...under]).toEqual([0, 1, 2, 3].map(name));
    const urgent = outbox.deliver(end('a'));
    await expect.poll(() => under.has('a')).toBe(true);
    gates.get('a')?.();
    expect((await urgent).type).toBe('delivered');
    while (outbox.count > 0) {
      for (const id of [...under]) gates.get(id)?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most).toBe(5);
    await outbox.close();
  });
  it('says since when the oldest waits, and why', async () => {
    const { outbox } = open(async ({ kind }) => {
      throw new Failure(kind === 'case' ? 'not-signed-in' : 'central-unreachable');
    });
    expect(outbox.oldest).toBeUndefined();
    await outbox.deliver(row);
    now = 9_000;
    await outbox.deliver(end('a'));
    expect(outbox.oldest).toEqual({ since: 1_000, why: 'not-signed-in' });
    // Entries of the log that were there before the start.
    await outbox.add(audit, 500);
    expect(outbox.oldest?.since).toBe(500);
    await outbox.close();
  });
});

describe('back-off', () => {
  it('waits longer after each failure, up to a minute, spread', () => {
    expect(waitAfter(1, () => 0)).toBe(500);
    expect(waitAfter(1, () => 1)).toBe(1000);
    expect(waitAfter(3, () => 1)).toBe(4000);
    expect(waitAfter(100, () => 1)).toBe(60_000);
    expect(waitAfter(Number.MAX_SAFE_INTEGER, () => 1)).toBe(60_000);
  });

  /** Plays a lane against a central that fails so often, then answers; the times of the attempts. */
  async function attempts(failures: number, randoms: readonly number[], item: NewOutboxItem = end('a')) {
    const at: number[] = [];
    let left = failures;
    let drawn = 0;
    const { outbox } = open(
      async () => {
        at.push(Date.now());
        if (left-- > 0) throw new Failure('central-unreachable');
      },
      () => randoms[drawn++ % randoms.length] ?? 0,
    );
    await outbox.add(item);
    await vi.runAllTimersAsync();
    expect(outbox.count).toBe(0);
    await outbox.close();
    return at;
  }

  it('of a whole outage: every wait between half and all of a doubling step, never above a minute', async () => {
    vi.useFakeTimers();
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.array(random, { minLength: 1, maxLength: 8 }),
        async (failures, randoms) => {
          const at = await attempts(failures, randoms);
          expect(at).toHaveLength(failures + 1);
          for (let i = 1; i < at.length; i++) {
            const wait = (at[i] ?? 0) - (at[i - 1] ?? 0);
            const step = Math.min(60_000, 1_000 * 2 ** (i - 1));
            // Timers count in whole milliseconds.
            expect(wait).toBeGreaterThanOrEqual(Math.floor(step / 2));
            expect(wait).toBeLessThanOrEqual(step);
          }
        },
      ),
      { numRuns: runs() },
    );
  });
  it('spreads the counters of a hall: a hundred that lost the line at once do not come back at once', async () => {
    vi.useFakeTimers();
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const start = Date.now();
    const third = [];
    for (let i = 0; i < 100; i++) {
      vi.setSystemTime(start);
      third.push(((await attempts(4, [random(), random(), random(), random()])).at(-1) ?? 0) - start);
    }
    // After four failures they come back within 7.5 s: no tenth of that time sees more than a third of them.
    const slots = new Map<number, number>();
    for (const at of third) slots.set(Math.floor(at / 750), (slots.get(Math.floor(at / 750)) ?? 0) + 1);
    expect(Math.max(...slots.values())).toBeLessThan(34);
  });
  it('is forgotten by a success, and cut short by a nudge', async () => {
    vi.useFakeTimers();
    const at: number[] = [];
    const outcomes = [false, false, false, false, true, false, true];
    const { outbox } = open(async () => {
      at.push(Date.now());
      if (!outcomes.shift()) throw new Failure('central-failed');
    });
    await outbox.add(end('a'));
    await vi.advanceTimersByTimeAsync(3_500);
    expect(at).toHaveLength(4);
    // The fourth failure waits four seconds at least: central was heard, it goes now.
    outbox.nudge();
    await vi.advanceTimersByTimeAsync(0);
    expect(at).toHaveLength(5);
    await outbox.add(end('b'));
    await vi.advanceTimersByTimeAsync(500);
    expect(at).toHaveLength(7);
    expect((at[6] ?? 0) - (at[5] ?? 0)).toBe(500);
    await outbox.close();
  });
});
