/** Whether a counter may keep what it was given under a consent, and whether its evidence is due. */
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../database/tables.ts';
import type { ConsentRow } from '../withdrawals/consents.ts';

/**
 * Until when records may still be kept at the counter, epoch ms: agreed to, not taken back, not past its date, and no
 * evidence that they are gone. Undefined: they may not.
 */
export async function heldUntil(
  db: Kysely<Tables>,
  row: ConsentRow,
  now: number,
): Promise<number | undefined> {
  const until = row.held_until?.getTime();
  if (until === undefined || until <= now || row.withdrawn_at) return undefined;
  const taken = await db
    .selectFrom('withdrawn_purposes')
    .select('purpose')
    .where('consent_id', '=', row.id)
    .where('purpose', '=', 'keep')
    .executeTakeFirst();
  if (taken) return undefined;
  const erased = await db
    .selectFrom('erasures')
    .select('consent_id')
    .where('consent_id', '=', row.id)
    .where('device_id', '=', row.device_id)
    .executeTakeFirst();
  return erased ? undefined : until;
}

/** A counter whose evidence is due and has not come. */
export interface Overdue {
  readonly consentId: string;
  readonly device: string;
  readonly hall: string;
  /** Since when, RFC 3339. */
  readonly since: string;
}

const overdueSchema = z.object({ id: z.string(), device_id: z.string(), hall: z.string(), due: z.date() });

/**
 * Consents whose keys should be gone at the counter by now, without its word that they are: a counter that was stolen
 * never reports. What a customer agreed to have kept is due at its date, not at the end of the visit.
 */
export async function overdueErasures(db: Kysely<Tables>, now: number): Promise<Overdue[]> {
  const { rows } = await sql`
    select c.id, c.device_id, c.hall, c.due from (
      select con.id, con.device_id, con.hall, coalesce(
        con.withdrawn_at,
        (select w.withdrawn_at from withdrawn_purposes w where w.consent_id = con.id and w.purpose = 'keep'),
        con.held_until, con.ended_at, con.expires_at) as due
      from consents con
      where not exists (
        select 1 from erasures e where e.consent_id = con.id and e.device_id = con.device_id)) c
    where c.due <= ${new Date(now)}
    order by c.due`.execute(db);
  return rows.map((row) => {
    const { id, device_id, hall, due } = overdueSchema.parse(row);
    return { consentId: id, device: device_id, hall, since: due.toISOString() };
  });
}
