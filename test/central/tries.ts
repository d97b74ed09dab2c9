/** Limited tries at secrets. // SECURITY: S17 */
import { type Kysely, sql } from 'kysely';
import { Failure } from '../../shared/domain/errors.ts';
import type { Tables } from './database/tables.ts';

/** How often something may be tried. */
export interface TryLimit {
  readonly tries: number;
  readonly windowMs: number;
}

const MINUTE_MS = 60_000;
export const SIGN_IN_LIMIT: TryLimit = { tries: 5, windowMs: 15 * MINUTE_MS };
export const ENROLMENT_LIMIT: TryLimit = { tries: 10, windowMs: 15 * MINUTE_MS };
/** One-time codes sent to a number without one of them being used: nobody's phone is flooded. */
export const CODES_LIMIT: TryLimit = { tries: 10, windowMs: 30 * MINUTE_MS };
/** Receipt codes that a counter may try, right or wrong. */
export const WITHDRAWAL_DEVICE_LIMIT: TryLimit = { tries: 10, windowMs: 15 * MINUTE_MS };
/** How often one code may be asked about, at all counters together. */
export const WITHDRAWAL_CODE_LIMIT: TryLimit = { tries: 10, windowMs: 15 * MINUTE_MS };
/** Tries at a subject's proofs; how many is the policy's. */
export const PROOF_WINDOW_MS = 30 * MINUTE_MS;

/**
 * Counts a try *before* the secret is looked at, so that tries in parallel cannot slip through: one statement, in
 * which those of a bucket follow one another over all processes.
 * @returns how many are left after this one.
 * @throws Failure 'too-many-tries'
 */
export async function takeTry(
  db: Kysely<Tables>,
  bucket: string,
  limit: TryLimit,
  now: number,
): Promise<number> {
  const at = new Date(now);
  const since = new Date(now - limit.windowMs);
  const { rows } = await sql<{ taken: number }>`
    insert into try_counts as held (bucket, at) values (${bucket}, array[${at}::timestamptz])
    on conflict (bucket) do update
      set at = array(select t from unnest(held.at) as t where t > ${since}::timestamptz) || ${at}::timestamptz
      where (select count(*) from unnest(held.at) as t where t > ${since}::timestamptz) < ${limit.tries}::integer
    returning cardinality(at) as taken`.execute(db);
  const row = rows[0];
  if (!row) throw new Failure('too-many-tries', { triesLeft: 0 });
  return limit.tries - row.taken;
}

/** How many tries are left now. */
export async function triesLeft(
  db: Kysely<Tables>,
  bucket: string,
  limit: TryLimit,
  now: number,
): Promise<number> {
  const since = new Date(now - limit.windowMs);
  const held = await db.selectFrom('try_counts').select('at').where('bucket', '=', bucket).executeTakeFirst();
  const taken = held?.at.filter((at) => at > since).length ?? 0;
  return Math.max(0, limit.tries - taken);
}

/** Forgets the tries of a bucket: the right secret was given. */
export async function clearTries(db: Kysely<Tables>, bucket: string): Promise<void> {
  await db.deleteFrom('try_counts').where('bucket', '=', bucket).execute();
}
