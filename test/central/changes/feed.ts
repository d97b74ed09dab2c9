/** Each counter's sequence of changes: written with the change itself, read by number, waited for. */
import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import {
  CHANGES_LIMIT,
  type ChangeBody,
  type ChangesAnswer,
  changeSchema,
} from '../../../shared/protocol/changes.ts';
import type { Database } from '../database/open.ts';
import type { Tables } from '../database/tables.ts';

export interface ChangeFeed {
  /** Appends within the transaction that makes the change: both are there, or neither. */
  append(tx: Kysely<Tables>, deviceIds: readonly string[], body: ChangeBody, at: number): Promise<void>;
  /** Wakes who waits for these counters; called once the transaction is done. */
  announce(deviceIds: readonly string[]): void;
  /** Changes after a number, in order. */
  read(deviceId: string, after: number): Promise<ChangesAnswer>;
  /** Resolves when there may be something after a number, when the time is over, or when the signal says so. */
  wait(deviceId: string, after: number, ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * How often the heads are looked at while somebody waits: another process of the service may have written. One
 * question for all counters; a large service uses LISTEN and NOTIFY.
 */
const LOOK_MS = 1_000;

interface Waiter {
  readonly deviceId: string;
  readonly after: number;
  readonly wake: () => void;
}

export function changeFeed(db: Database): ChangeFeed {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async () => {
    const ids = [...new Set([...waiters].map((waiter) => waiter.deviceId))];
    if (ids.length === 0) return;
    const rows = await db.selectFrom('feeds').selectAll().where('device_id', 'in', ids).execute();
    const heads = new Map(rows.map((row) => [row.device_id, row.head]));
    for (const waiter of waiters) if ((heads.get(waiter.deviceId) ?? 0) > waiter.after) waiter.wake();
  };
  const schedule = () => {
    if (closed || timer || waiters.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      // When the database does not answer, those who ask hear of it from their own question.
      look()
        .catch(() => undefined)
        .finally(schedule);
    }, LOOK_MS);
  };

  return {
    append: async (tx, deviceIds, body, at) => {
      // In one order everywhere: two transactions never wait for each other.
      for (const deviceId of [...new Set(deviceIds)].toSorted()) {
        const { head } = await tx
          .insertInto('feeds')
          .values({ device_id: deviceId, head: 1 })
          .onConflict((conflict) =>
            conflict.column('device_id').doUpdateSet({ head: sql<number>`feeds.head + 1` }),
          )
          .returning('head')
          .executeTakeFirstOrThrow();
        const change = changeSchema.parse({ ...body, seq: head, at: new Date(at).toISOString() });
        await tx
          .insertInto('changes')
          .values({ device_id: deviceId, seq: head, at: new Date(at), document: canonicalJson(change) })
          .execute();
      }
    },
    announce: (deviceIds) => {
      for (const waiter of waiters) if (deviceIds.includes(waiter.deviceId)) waiter.wake();
    },
    read: async (deviceId, after) => {
      const feed = await db
        .selectFrom('feeds')
        .select('head')
        .where('device_id', '=', deviceId)
        .executeTakeFirst();
      const rows = await db
        .selectFrom('changes')
        .select('document')
        .where('device_id', '=', deviceId)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(CHANGES_LIMIT)
        .execute();
      const changes = rows.map((row) => changeSchema.parse(JSON.parse(row.document)));
      // A change may have come between the two questions.
      return { changes, head: Math.max(feed?.head ?? 0, changes.at(-1)?.seq ?? 0) };
    },
    wait: (deviceId, after, ms, signal) =>
      new Promise((resolve) => {
        if (closed || signal.aborted) return void resolve();
        const done = () => {
          waiters.delete(waiter);
          clearTimeout(limit);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const waiter: Waiter = { deviceId, after, wake: done };
        const limit = setTimeout(done, ms);
        signal.addEventListener('abort', done);
        waiters.add(waiter);
        schedule();
        // What was written just before anybody waited.
        look().catch(() => undefined);
      }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const waiter of waiters) waiter.wake();
    },
  };
}
