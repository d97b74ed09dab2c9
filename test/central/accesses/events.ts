/** Everything that was done or tried with a subject's data, as one stream of rows, newest first. */
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/open.ts';
import type { Cursor } from './cursor.ts';
import { centralKinds, counterKinds } from './kinds.ts';

/** Whose list, and how central knows them. */
export interface EventsOf {
  readonly subscriber: string;
  /** The number's pseudonym in the access log. */
  readonly subject: string;
}

const count = z.union([z.number(), z.string()]).transform(Number);

const rowSchema = z.object({
  key: z.string(),
  at: z.date(),
  action: z.string(),
  refused: z.boolean(),
  /** Kind of the denial. */
  reason: z.string().nullable(),
  device_id: z.string().nullable(),
  hall: z.string().nullable(),
  staff_id: z.string().nullable(),
  session_id: z.string().nullable(),
  /** A consent of the subject; that of somebody else is not told. */
  consent_id: z.string().nullable(),
  consent: z.string().nullable(),
  end_reason: z.string().nullable(),
  rows: count.nullable(),
  plane: z.string().nullable(),
});
export type EventRow = z.infer<typeof rowSchema>;

const names = (list: readonly string[]) => sql.join(list);
const refusing = Object.entries(counterKinds).flatMap(([action, { outcome }]) =>
  outcome === 'refused' ? [action] : [],
);

/*
 * What a counter's entry says has the shape of an entry and may be any nonsense within it: what has no place in the
 * answer is left out, and the entry is told all the same. // SECURITY: S10 one counter's lie must not hide the others.
 */
// `case`, because conditions of an `and` may be worked out in any order.
const rowsOf = sql`
  case when jsonb_typeof(e.entry -> 'facts' -> 'rows') = 'number' then
    case when (e.entry -> 'facts' ->> 'rows')::numeric between 0 and 2147483647
      and (e.entry -> 'facts' ->> 'rows')::numeric % 1 = 0
    then (e.entry -> 'facts' ->> 'rows')::numeric::integer end
  end`;
/** Not before there were any, which PostgreSQL may not even know (year 0), and never later than it arrived. */
const atOf = sql`
  case when (e.entry ->> 'at') collate "C" >= '1970'
    then least((e.entry ->> 'at')::timestamptz, e.received_at) else e.received_at end`;
const staffOf = sql`case when (e.entry ->> 'staffId') ~ '^[0-9]{3,8}$' then e.entry ->> 'staffId' end`;

/**
 * Central's own knowledge joins both sources to the subscriber: a session by the identity challenge that central
 * itself sent to the number, a consent by the identity check that it was given with. A counter's entry counts only
 * for sessions and consents of that very counter. // SECURITY: S6
 */
function events({ subscriber, subject }: EventsOf): RawBuilder<unknown> {
  return sql`
    with consent_of as (
      select con.id, con.document, con.device_id, con.end_reason, ch.session_id
      from consents con join challenges ch on ch.assertion_id = con.assertion_id
      where ch.subscriber = ${subscriber}
    ), session_of as (
      select session_id::text as id, device_id from challenges where subscriber = ${subscriber}
    ), named as (
      -- A set each by an index of its own: one condition with three alternatives would read the whole log.
      select id, at from access_log where subject = ${subject}
      union
      select a.id, a.at from consent_of con join access_log a on a.consent_id = con.id
      union
      select a.id, a.at from consent_of con join lookups l on l.consent_id = con.id
        join access_log a on a.lookup_id = l.id
    ), central as (
      select a.*, coalesce(a.consent_id, l.consent_id) as about
      from named join access_log a on a.id = named.id and a.at = named.at left join lookups l on l.id = a.lookup_id
      where a.action in (${names(Object.keys(centralKinds))})
    ), counter as (
      select e.device_id, e.seq, e.received_at, e.document::jsonb as entry
      from session_of s join audit_entries e on (e.document::jsonb ->> 'sessionId') = s.id
      union
      select e.device_id, e.seq, e.received_at, e.document::jsonb
      from consent_of con join audit_entries e on (e.document::jsonb ->> 'consentId') = con.id::text
    )
    select 'c' || lpad(a.id::text, 20, '0') as key, a.at, a.action,
      a.outcome <> 'answered' as refused, nullif(a.outcome, 'answered') as reason,
      a.device_id, d.hall, a.staff_id, coalesce(a.session_id, con.session_id)::text as session_id,
      con.id::text as consent_id, con.document as consent, con.end_reason, a.rows, null::text as plane
    from central a left join consent_of con on con.id = a.about left join devices d on d.id = a.device_id
    union all
    select 'k' || lpad(e.seq::text, 20, '0') || e.device_id, ${atOf}, e.entry ->> 'action',
      (e.entry ->> 'action') in (${names(refusing)}), e.entry -> 'facts' ->> 'kind',
      e.device_id, d.hall, ${staffOf}, e.entry ->> 'sessionId',
      con.id::text, con.document, null, ${rowsOf}, e.entry -> 'facts' ->> 'plane'
    from counter e join devices d on d.id = e.device_id
      left join consent_of con on con.id::text = e.entry ->> 'consentId' and con.device_id = e.device_id
    where (e.entry ->> 'action') in (${names(Object.keys(counterKinds))})
      and (con.id is not null or exists (
        select 1 from session_of s where s.id = e.entry ->> 'sessionId' and s.device_id = e.device_id))
      and not ((e.entry ->> 'action') = 'keys-destroyed' and con.id is null)
      and not ((e.entry ->> 'action') = 'lookup-denied' and exists (
        select 1 from access_log a where a.action = 'lookup' and a.outcome <> 'answered'
          and a.lookup_id::text = e.entry -> 'facts' ->> 'lookupId'))
      and not ((e.entry ->> 'action') = 'held-denied' and exists (
        select 1 from access_log a where a.action = 'reopenHeld' and a.outcome <> 'answered'
          and a.outcome = e.entry -> 'facts' ->> 'kind' and a.session_id::text = e.entry ->> 'sessionId'))`;
}

export interface EventsPage {
  readonly after?: Cursor | undefined;
  readonly limit: number;
  readonly refusedOnly: boolean;
}

/** At most `limit` rows before a cursor. */
export async function readEvents(db: Database, of: EventsOf, page: EventsPage): Promise<EventRow[]> {
  const { after, limit, refusedOnly } = page;
  const older = after
    ? sql`and (at, key collate "C") < (${after.at}::timestamptz, ${after.key}::text collate "C")`
    : sql``;
  const { rows } = await sql`
    select * from (${events(of)}) as event
    where (refused or not ${refusedOnly}::boolean) ${older}
    order by at desc, key collate "C" desc limit ${limit}`.execute(db);
  return rows.map((row) => rowSchema.parse(row));
}

/** How many there are in all, and of these refused ones. */
export async function countEvents(db: Database, of: EventsOf): Promise<{ total: number; refused: number }> {
  const { rows } = await sql`
    select count(*) as total, count(*) filter (where refused) as refused
    from (${events(of)}) as event`.execute(db);
  return z.object({ total: count, refused: count }).parse(rows[0]);
}
