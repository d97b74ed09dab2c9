/** How much lies in the database, by table; months of a table count as the table. */
import { sql } from 'kysely';
import type { Database } from '../central/database/open.ts';

/** Bytes with indexes and large values, the largest first; empty tables are left out. */
export async function tableSizes(db: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; bytes: string }>`
    select coalesce(i.inhparent, c.oid)::regclass::text as name, sum(pg_total_relation_size(c.oid)) as bytes
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples <> 0
    group by 1 order by 2 desc`.execute(db);
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
