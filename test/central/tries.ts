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
 * Counts a try *before* the secret is looked at, so that tries in parallel cannot slip through.
 * @returns how many are left after this one.
 * @throws Failure 'too-many-tries'
 */
export async function takeTry(
  db: Kysely<Tables>,
  bucket: string,
  limit: TryLimit,
  now: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // One at a time for a bucket.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`tries:${bucket}`}, 0))`.execute(tx);
    const left = await triesLeft(tx, bucket, limit, now);
    if (left === 0) throw new Failure('too-many-tries', { triesLeft: 0 });
    await tx
      .insertInto('tries')
      .values({ bucket, at: new Date(now) })
      .execute();
    return left - 1;
  });
}

/** How many tries are left now; drops those that no longer count. */
export async function triesLeft(
  db: Kysely<Tables>,
  bucket: string,
  limit: TryLimit,
  now: number,
): Promise<number> {
  const since = new Date(now - limit.windowMs);
  await db.deleteFrom('tries').where('bucket', '=', bucket).where('at', '<=', since).execute();
  const { count } = await db
    .selectFrom('tries')
    .select((e) => e.fn.countAll<string>().as('count'))
    .where('bucket', '=', bucket)
    .executeTakeFirstOrThrow();
  return Math.max(0, limit.tries - Number(count));
}

/** Forgets the tries of a bucket: the right secret was given. */
export async function clearTries(db: Kysely<Tables>, bucket: string): Promise<void> {
  await db.deleteFrom('tries').where('bucket', '=', bucket).execute();
}
