/** Each counter's sequence of changes: written with the change itself, read by number, waited for. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import {
  CHANGES_LIMIT,
  type ChangeBody,
  type ChangesAnswer,
  changeSchema,
} from '../../../shared/protocol/changes.ts';
import type { Database } from '../database/open.ts';
import type { Tables } from '../database/tables.ts';

/**
 * What waiting came to. `gone`: the counter is not trusted any more. `unknown`: the database did not answer.
 * `closed`: this process serves no longer, another one does.
 */
export type Waited = 'changed' | 'quiet' | 'gone' | 'unknown' | 'closed';

export interface ChangeFeed {
  /** Appends within the transaction that makes the change: both are there, or neither. */
  append(tx: Kysely<Tables>, deviceIds: readonly string[], body: ChangeBody, at: number): Promise<void>;
  /** Wakes who waits for these counters at this process; called once the transaction is done. */
  announce(deviceIds: readonly string[]): void;
  /** Changes after a number, in order. */
  read(deviceId: string, after: number): Promise<ChangesAnswer>;
  /** Resolves when there is something after a number, when the time is over, or when the signal says so. */
  wait(deviceId: string, after: number, ms: number, signal: AbortSignal): Promise<Waited>;
  close(): void;
}

/**
 * How often a process looks for what the others have written: no counter hears of a change later than this and one
 * question to the database. It is one question for all who wait. LISTEN and NOTIFY would be quicker, but they are
 * lost behind connection poolers, unknown to distributed databases, and put all commits that notify into one row.
 */
const LOOK_MS = 1_000;

interface Waiter {
  readonly deviceId: string;
  readonly after: number;
  /** By the monotonic clock. */
  readonly since: number;
  readonly wake: (waited: Waited) => void;
}

const newsSchema = z.object({ id: z.string(), gone: z.boolean() });
const readSchema = z.object({
  head: z.number().nullable(),
  seq: z.number().nullable(),
  at: z.date().nullable(),
  document: z.string().nullable(),
});

export function changeFeed(db: Database): ChangeFeed {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  /** When the last question that was answered had been asked. */
  let looked = Number.NEGATIVE_INFINITY;
  let closed = false;

  const look = async () => {
    const asked = performance.now();
    const asking = [...waiters];
    const { rows } = await sql`
      select waiting.id, device.id is null or device.revoked_at is not null as gone
      from unnest(
        ${asking.map(({ deviceId }) => deviceId)}::text[], ${asking.map(({ after }) => after)}::integer[]
      ) as waiting (id, after)
      left join feeds feed on feed.device_id = waiting.id
      left join devices device on device.id = waiting.id
      where feed.head > waiting.after or device.id is null or device.revoked_at is not null`.execute(db);
    looked = asked;
    const news = new Map(rows.map((row) => newsSchema.parse(row)).map(({ id, gone }) => [id, gone]));
    for (const { deviceId, wake } of asking) {
      const gone = news.get(deviceId);
      if (gone !== undefined) wake(gone ? 'gone' : 'changed');
    }
  };
  const schedule = () => {
    if (closed || timer || waiters.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      // Who waits until the end of their time without an answer is told so.
      look()
        .catch(() => undefined)
        .finally(schedule);
    }, LOOK_MS);
  };

  return {
    append: async (tx, deviceIds, body, at) => {
      const when = new Date(at).toISOString();
      // The form is checked before anything is written; place and time have columns of their own.
      changeSchema.parse({ ...body, seq: 1, at: when });
      // In one order everywhere: two transactions never wait for each other.
      const ids = [...new Set(deviceIds)].toSorted();
      await sql`
        with moved as (
          insert into feeds (device_id, head) select id, 1 from unnest(${ids}::text[]) as id order by id
          on conflict (device_id) do update set head = feeds.head + 1
          returning device_id, head
        )
        insert into changes (device_id, seq, at, document)
        select device_id, head, ${when}::timestamptz, ${canonicalJson(body)}::text from moved`.execute(tx);
    },
    announce: (deviceIds) => {
      const told = new Set(deviceIds);
      for (const { deviceId, wake } of waiters) if (told.has(deviceId)) wake('changed');
    },
    read: async (deviceId, after) => {
      // One statement: its head is that of the very moment in which its changes were read.
      const { rows } = await sql`
        select feed.head, change.seq, change.at, change.document
        from (select ${deviceId}::text as id) as counter
        left join feeds feed on feed.device_id = counter.id
        left join changes change on change.device_id = counter.id and change.seq > ${after}::integer
        order by change.seq limit ${CHANGES_LIMIT}`.execute(db);
      const found = rows.map((row) => readSchema.parse(row));
      return {
        head: found[0]?.head ?? 0,
        changes: found.flatMap(({ seq, at, document }) =>
          seq === null || at === null || document === null
            ? []
            : [changeSchema.parse({ ...JSON.parse(document), seq, at: at.toISOString() })],
        ),
      };
    },
    wait: (deviceId, after, ms, signal) =>
      new Promise((resolve) => {
        if (closed || signal.aborted) return void resolve(closed ? 'closed' : 'quiet');
        const wake = (waited: Waited) => {
          waiters.delete(waiter);
          clearTimeout(limit);
          signal.removeEventListener('abort', leave);
          resolve(waited);
        };
        const leave = () => wake('quiet');
        const waiter: Waiter = { deviceId, after, since: performance.now(), wake };
        const limit = setTimeout(() => wake(looked >= waiter.since ? 'quiet' : 'unknown'), ms);
        signal.addEventListener('abort', leave);
        waiters.add(waiter);
        schedule();
      }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const { wake } of waiters) wake('closed');
    },
  };
}
