/**
 * The counter's side of the change feed: every change once and in order, over restarts, cut lines and lost
 * messages. A stream while it works, long polls while it does not.
 */
import { z } from 'zod';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import {
  type Change,
  type ChangesAnswer,
  changeSchema,
  LONGEST_WAIT_SECONDS,
} from '../../shared/protocol/changes.ts';
import type { Connection } from './connection.ts';
import { waitAfter } from './outbox.ts';

/** What is kept of a feed. */
export const cursorSchema = z.strictObject({ cursor: z.number().int().min(0) });

export interface FeedOptions {
  connection: Pick<Connection, 'call' | 'events' | 'enrolled'>;
  /** Where the last applied change is kept. */
  cursor: { readonly value: { cursor: number } | undefined; write(value: { cursor: number }): Promise<void> };
  /** Applies a change. It may come again after a crash: applying it twice must do no harm. */
  apply: (change: Change) => Promise<void>;
  random?: () => number;
  /** Resolves after some time, or when the signal says so. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Feed {
  /** Number of the last change that was applied. */
  readonly cursor: number;
  /** Whether everything that central had to say was heard since the start and since the line was lost last. */
  readonly caughtUp: boolean;
  /** Asks for what has come since. @throws Failure 'central-*', or what applying a change came to */
  catchUp(): Promise<void>;
  /** The line was lost: central may have said what nobody heard. */
  doubt(): void;
  /** Central was heard: whatever the back-off says, it is tried now. */
  nudge(): void;
  start(): void;
  stop(): void;
}

/** What central says of its changes contradicts what it said before. */
const CONTRADICTIONS: readonly (string | undefined)[] = ['changes went back', 'changes are missing'];

/** Whether a feed was heard, and is not to be believed: asking again tells nothing more. */
export function isContradiction(error: unknown): boolean {
  return CONTRADICTIONS.includes(toAppError(error).detail);
}

/** Long polls before a stream is tried again, once one stood still. */
const POLLS_INSTEAD = 8;
/** Between the end of a stream or poll and the next one, ms. */
const BREATH_MS = 300;

export function createFeed(options: FeedOptions): Feed {
  const { connection, cursor: kept, apply, random = Math.random, sleep = abortableSleep } = options;
  const stopped = new AbortController();
  let cursor = kept.value?.cursor ?? 0;
  let caughtUp = false;
  /** Counts losses of the line: what was heard before one says nothing of what came after. */
  let losses = 0;
  let turn: Promise<unknown> = Promise.resolve();
  let polls = 0;

  /** One thing at a time: a stream and a question must not apply the same change side by side. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const take = async (change: Change) => {
    // Heard before: a stream that was taken up again may repeat.
    if (change.seq <= cursor) return;
    if (change.seq !== cursor + 1) throw new Failure('central-garbage', { detail: 'changes are missing' });
    await apply(change);
    // Applied first, then noted: a crash in between applies it again, which does no harm.
    await kept.write({ cursor: change.seq });
    cursor = change.seq;
  };
  const fetch = (wait: number): Promise<ChangesAnswer> =>
    connection.call('changes', {
      query: { after: cursor, wait },
      ...(wait === 0 ? {} : { timeoutMs: 2 * LONGEST_WAIT_SECONDS * 1000 }),
    });
  /** @returns whether there is nothing more. */
  const takeAll = async ({ changes, head }: ChangesAnswer): Promise<boolean> => {
    // SECURITY: S18 a feed that has become shorter is another one: nothing of it is believed.
    if (head < cursor) throw new Failure('central-untrusted', { detail: 'changes went back' });
    const before = cursor;
    for (const change of changes) await take(change);
    // A central that promises more and gives nothing is not asked in a circle.
    if (cursor < head && cursor === before)
      throw new Failure('central-garbage', { detail: 'changes are missing' });
    return cursor >= head;
  };
  const heal = async () => {
    while (!(await takeAll(await fetch(0))));
  };
  const catchUp = () =>
    inTurn(async () => {
      const since = losses;
      await heal();
      // Written once there is nothing to remember, too: one that is missing later was taken away.
      if (!kept.value) await kept.write({ cursor });
      if (losses === since) caughtUp = true;
    });
  const doubt = () => {
    losses += 1;
    caughtUp = false;
  };

  const stream = async () => {
    const ended = new AbortController();
    const stop = () => ended.abort();
    stopped.signal.addEventListener('abort', stop);
    let failure: unknown;
    try {
      await connection.events('changes', {
        query: { after: cursor },
        lastEventId: String(cursor),
        signal: ended.signal,
        onEvent: (event) => {
          void inTurn(async () => {
            if (ended.signal.aborted) return;
            const change = changeSchema.parse(JSON.parse(event.data));
            // One was lost on the way: what is missing is asked for, this one comes with it.
            if (change.seq > cursor + 1) await heal();
            await take(change);
          }).catch((error: unknown) => {
            failure ??= error;
            ended.abort();
          });
        },
      });
    } finally {
      doubt();
      stopped.signal.removeEventListener('abort', stop);
    }
    await inTurn(async () => undefined);
    if (failure !== undefined) throw failure;
  };

  let resting = new AbortController();
  const wake = () => resting.abort();
  const run = async () => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        if (!connection.enrolled) throw new Failure('not-enrolled');
        await catchUp();
        if (polls > 0) {
          polls -= 1;
          // Waiting is no reason to keep others from asking.
          const answer = await fetch(LONGEST_WAIT_SECONDS);
          await inTurn(() => takeAll(answer));
        } else await stream();
        failures = 0;
      } catch (error) {
        const { kind, detail } = toAppError(error);
        // A stream that is held back somewhere on the way: ask and wait instead, for a while.
        if (kind === 'central-unreachable' && detail === 'STALLED') polls = POLLS_INSTEAD;
        doubt();
        failures += 1;
      }
      if (stopped.signal.aborted) return;
      resting = new AbortController();
      stopped.signal.addEventListener('abort', wake);
      await sleep(failures === 0 ? BREATH_MS : waitAfter(failures, random), resting.signal);
      stopped.signal.removeEventListener('abort', wake);
    }
  };

  return {
    get cursor() {
      return cursor;
    },
    get caughtUp() {
      return caughtUp;
    },
    catchUp,
    doubt,
    nudge: wake,
    start: () => void run(),
    stop: () => stopped.abort(),
  };
}

function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
