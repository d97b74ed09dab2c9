/** The counter's side of the feed against a central that loses, repeats, cuts and stands still. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventOptions } from '../../../electron/central/client.ts';
import { createFeed, isContradiction } from '../../../electron/central/feed.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { Change, ChangesAnswer } from '../../../shared/protocol/changes.ts';
import { runs } from '../../support/runs.ts';

const change = (seq: number): Change => ({
  seq,
  at: '2026-11-22T00:00:00Z',
  kind: 'staff-revoked',
  staffId: String(1000 + seq),
});

/** What central does to one stream. */
type Stream = { sent: number[]; end: 'closes' | 'cut' | 'stalls' };

class FakeCentral {
  all: Change[] = [];
  readonly streams: Stream[] = [];
  readonly asked: string[] = [];
  limit = 200;
  enrolled = true;
  /** Every so often a question fails. */
  failures: boolean[] = [];
  /** What becomes of the next answers on their way. */
  spoil: ((answer: ChangesAnswer) => ChangesAnswer)[] = [];
  onCall: () => void = () => undefined;

  async call(_name: string, { query }: { query?: Record<string, string | number> } = {}): Promise<never> {
    const after = Number(query?.after);
    this.asked.push(`${query?.wait === 0 ? 'ask' : 'poll'} ${after}`);
    if (this.failures.shift()) throw new Failure('central-unreachable', { detail: 'ECONNRESET' });
    const answer: ChangesAnswer = {
      changes: this.all.filter(({ seq }) => seq > after).slice(0, this.limit),
      head: this.all.at(-1)?.seq ?? 0,
    };
    this.onCall();
    return (this.spoil.shift()?.(answer) ?? answer) as never;
  }

  async events(_name: string, { query, onEvent }: EventOptions): Promise<void> {
    this.asked.push(`stream ${query?.after}`);
    const stream = this.streams.shift();
    if (!stream) throw new Failure('central-unreachable', { detail: 'ECONNREFUSED' });
    for (const seq of stream.sent) {
      onEvent({ id: String(seq), type: 'change', data: JSON.stringify(change(seq)) });
    }
    if (stream.end === 'closes') return;
    throw new Failure('central-unreachable', { detail: stream.end === 'stalls' ? 'STALLED' : 'CUT' });
  }
}

/** A feed that is asked and does not run by itself. */
const still = (central: FakeCentral) =>
  createFeed({
    connection: central as never,
    cursor: { value: undefined, write: async () => undefined },
    apply: async () => undefined,
  });

/** A feed over a central, run until it has nothing more to do. */
async function follow(central: FakeCentral, rounds: number, start = 0, apply?: (seq: number) => void) {
  const applied: number[] = [];
  let kept: { cursor: number } | undefined = start === 0 ? undefined : { cursor: start };
  let left = rounds;
  const { promise, resolve } = Promise.withResolvers<void>();
  const slept: number[] = [];
  const feed = createFeed({
    connection: central as never,
    cursor: {
      get value() {
        return kept;
      },
      write: async (value) => {
        kept = value;
      },
    },
    apply: async ({ seq }) => {
      apply?.(seq);
      applied.push(seq);
    },
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
      left -= 1;
      if (left > 0) return;
      feed.stop();
      resolve();
    },
  });
  feed.start();
  await promise;
  return { applied, feed, slept, cursor: kept?.cursor ?? 0 };
}

describe('change feed', () => {
  it('catches up by question, then follows the stream', async () => {
    const central = new FakeCentral();
    central.all = [1, 2, 3].map(change);
    central.streams.push({ sent: [], end: 'closes' });
    const { applied, feed, cursor } = await follow(central, 1);
    expect(applied).toEqual([1, 2, 3]);
    expect(cursor).toBe(3);
    // The stream has ended: what was said since, nobody has heard.
    expect(feed.caughtUp).toBe(false);
    expect(central.asked).toEqual(['ask 0', 'stream 3']);
  });

  it('goes on where an earlier run stopped', async () => {
    const central = new FakeCentral();
    central.all = [1, 2, 3].map(change);
    expect((await follow(central, 1, 2)).applied).toEqual([3]);
  });

  it('asks on when one answer does not hold all', async () => {
    const central = new FakeCentral();
    central.all = [1, 2, 3, 4, 5].map(change);
    central.limit = 2;
    const { applied } = await follow(central, 1);
    expect(applied).toEqual([1, 2, 3, 4, 5]);
    expect(central.asked.filter((one) => one.startsWith('ask'))).toEqual(['ask 0', 'ask 2', 'ask 4']);
  });

  it('finds a gap and heals it', async () => {
    const central = new FakeCentral();
    central.all = [change(1)];
    central.streams.push({ sent: [4], end: 'closes' });
    const following = follow(central, 1);
    // They come after the first question; the stream loses two of them.
    central.all = [1, 2, 3, 4].map(change);
    expect((await following).applied).toEqual([1, 2, 3, 4]);
  });

  it('asks and waits instead when a stream stands still, then tries the stream again', async () => {
    const central = new FakeCentral();
    central.streams.push({ sent: [], end: 'stalls' }, { sent: [], end: 'closes' });
    await follow(central, 11);
    const kinds = central.asked.map((one) => one.split(' ')[0]).filter((kind) => kind !== 'ask');
    expect(kinds.slice(0, 10)).toEqual(['stream', ...Array.from({ length: 8 }, () => 'poll'), 'stream']);
  });

  it('waits longer after each failure', async () => {
    const central = new FakeCentral();
    central.failures = [true, true, true];
    const { slept } = await follow(central, 3);
    expect(slept).toEqual([750, 1500, 3000]);
  });

  it('does not believe a feed that has become shorter', async () => {
    const central = new FakeCentral();
    central.all = [change(1)];
    const feed = createFeed({
      connection: central as never,
      cursor: { value: { cursor: 5 }, write: async () => undefined },
      apply: () => Promise.reject(new Error('nothing is applied')),
    });
    await expect(feed.catchUp()).rejects.toSatisfy((e) => toAppError(e).kind === 'central-untrusted');
    expect(feed.caughtUp).toBe(false);
  });

  it('has caught up until the line is lost', async () => {
    const central = new FakeCentral();
    central.all = [change(1)];
    const feed = still(central);
    expect(feed.caughtUp).toBe(false);
    await feed.catchUp();
    expect(feed.caughtUp).toBe(true);
    feed.doubt();
    expect(feed.caughtUp).toBe(false);
    // Lost again while it is asked: what is heard may be from before.
    central.onCall = () => feed.doubt();
    await feed.catchUp();
    expect(feed.caughtUp).toBe(false);
    central.onCall = () => undefined;
    await feed.catchUp();
    expect(feed.caughtUp).toBe(true);
  });

  it('does not ask in a circle when central promises more than it gives', async () => {
    const central = new FakeCentral();
    central.all = [change(1), change(2)];
    central.spoil = [(answer) => ({ changes: [], head: answer.head })];
    const feed = still(central);
    await expect(feed.catchUp()).rejects.toSatisfy(isContradiction);
    expect(central.asked).toHaveLength(1);
    await feed.catchUp();
    expect(feed.cursor).toBe(2);
  });

  it('notes nothing that was not applied', async () => {
    const central = new FakeCentral();
    central.all = [1, 2, 3].map(change);
    let fails = true;
    const { applied, cursor } = await follow(central, 2, 0, (seq) => {
      if (seq === 2 && fails) {
        fails = false;
        throw new Failure('audit-failed');
      }
    });
    expect(applied).toEqual([1, 2, 3]);
    expect(cursor).toBe(3);
  });

  it('applies each change once and in order, whatever streams and answers lose, repeat, exchange and cut', async () => {
    // An answer that lost some, holds some twice, in another order, or is of an earlier question.
    const spoilt = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }).map(
      (seqs) =>
        ({ head }: ChangesAnswer): ChangesAnswer => ({ changes: seqs.map(change), head }),
    );
    const stream = fc.record({
      sent: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }),
      end: fc.constantFrom('closes' as const, 'cut' as const, 'stalls' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(stream, { maxLength: 6 }),
        fc.array(fc.boolean(), { maxLength: 6 }),
        fc.array(spoilt, { maxLength: 6 }),
        fc.nat(12),
        async (streams, failures, spoil, known) => {
          const central = new FakeCentral();
          central.all = Array.from({ length: 12 }, (_, i) => change(i + 1));
          central.streams.push(...streams);
          central.failures = failures;
          central.spoil = [...spoil];
          const rounds = streams.length + failures.length + spoil.length + 2;
          const { applied, cursor } = await follow(central, rounds, known);
          expect(applied).toEqual(Array.from({ length: 12 - known }, (_, i) => known + i + 1));
          expect(cursor).toBe(12);
        },
      ),
      { numRuns: runs() },
    );
  });
});
