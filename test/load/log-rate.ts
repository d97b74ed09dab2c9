/** How many events central's own log takes a second: the one thing that all processes do one after the other. */
import { sql } from 'kysely';
import { openCentralLog } from '../central/audit/central-log.ts';
import type { WitnessKeys } from '../central/audit/witness.ts';
import type { Database } from '../central/database/open.ts';

/**
 * Queues events and has them placed by one process, in batches under one signed head each. It leaves them in the
 * log: asked last.
 * @returns events a second
 */
export async function logRate(db: Database, keys: WitnessKeys, events: number): Promise<number> {
  const log = await openCentralLog(db, keys, Date.now);
  const event = { event: 'checkpoint-cosigned', device: 'load-log-rate', size: 1, root: '0'.repeat(64) };
  await sql`insert into central_queue (event, at)
    select ${JSON.stringify(event)}::text, now() from generate_series(1, ${events}::integer)`.execute(db);
  const began = performance.now();
  await log.settle();
  return events / ((performance.now() - began) / 1000);
}
