/** Requests that wait for a lock of the database: how two of them are brought into a given order. */
import { sql } from 'kysely';
import type { Database } from '../../database/open.ts';

/** Resolves once so many connections wait. */
export async function waitingForLocks(db: Database, waiting: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from pg_stat_activity where wait_event_type = 'Lock'`.execute(db);
    if (rows[0]?.count === waiting) return;
  }
}
