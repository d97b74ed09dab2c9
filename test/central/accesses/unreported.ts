/** Counters that have not handed in their log of a visit of the subject: what they did there is not in the list yet. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { UnreportedCounter } from '../../../shared/domain/accesses.ts';
import type { Database } from '../database/open.ts';

const rowSchema = z.object({
  device_id: z.string(),
  hall: z.string(),
  visits: z.union([z.number(), z.string()]).transform(Number),
  since: z.date(),
});

/** @param current the session that asks: it is under way, and nobody's fault. */
export async function readUnreported(
  db: Database,
  subscriber: string,
  current: string,
): Promise<UnreportedCounter[]> {
  const { rows } = await sql`
    select ch.device_id, d.hall, count(distinct ch.session_id) as visits, min(ch.created_at) as since
    from challenges ch join devices d on d.id = ch.device_id
    where ch.subscriber = ${subscriber} and ch.session_id <> ${current}::uuid and not exists (
      select 1 from audit_entries e
      where e.device_id = ch.device_id and (e.document::jsonb ->> 'sessionId') = ch.session_id::text
        and (e.document::jsonb ->> 'action') = 'session-ended')
    group by ch.device_id, d.hall order by since`.execute(db);
  return rows.map((row) => {
    const { device_id, hall, visits, since } = rowSchema.parse(row);
    return { counter: device_id, hall, visits, since: since.toISOString() };
  });
}
