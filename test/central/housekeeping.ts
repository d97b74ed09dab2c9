/**
 * What nobody asks for and has to be done: consents whose time is over lose their keys, pages that nobody can open
 * go, and the months to come get their tables. Every process does it; they take turns row by row.
 */
import { sql } from 'kysely';
import type { Context } from './context.ts';
import type { Database } from './database/open.ts';
import { describeCrash } from './service-log.ts';

type Needs = Pick<Context, 'db' | 'pages' | 'now' | 'log'>;

export interface Housekeeping {
  /** One round. */
  run(): Promise<void>;
  /** A round now and then, until it is stopped. */
  start(): void;
  stop(): Promise<void>;
}

/** Between two rounds of one process. */
const ROUND_MS = 60_000;
/** Rows of one kind that a round looks at. */
const BATCH = 500;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A lookup that is being answered stores its pages before it is known; none takes this long. */
const ANSWERING_MS = HOUR_MS;
/** No try counts longer than this, see tries.ts. */
const TRY_MS = HOUR_MS;
/** The next two months have their tables before they begin: no two months are longer. */
const AHEAD_MS = 62 * DAY_MS;

/** Tables in months, see migration 0007. */
const monthly = ['audit_entries', 'audit_checkpoints', 'access_log', 'consent_evidence'] as const;

export function housekeeping(context: Needs): Housekeeping {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const run = async () => {
    const now = context.now();
    await addMonths(context.db, now);
    await endExpired(context, now);
    await removePages(context, now);
    await forget(context.db, now);
  };
  const schedule = () => {
    timer = setTimeout(() => {
      round = run()
        // What could not be done now is done in the next round, here or elsewhere.
        .catch((error: unknown) => context.log.write(describeCrash(error)))
        .finally(schedule);
    }, ROUND_MS);
  };
  return {
    run,
    start: schedule,
    stop: async () => {
      clearTimeout(timer);
      await round;
      clearTimeout(timer);
    },
  };
}

/** Makes the tables of this month and the next ones. */
export async function addMonths(db: Database, now: number): Promise<void> {
  const [first, last] = [new Date(now).toISOString(), new Date(now + AHEAD_MS).toISOString()];
  for (const table of monthly) {
    await sql`select add_months(${table}, ${first}::timestamptz, ${last}::timestamptz)`.execute(db);
  }
}

/** A counter that was stolen or broke never ends its consents. // SECURITY: S11 the key goes all the same. */
async function endExpired({ db, pages }: Needs, now: number): Promise<void> {
  const at = new Date(now);
  const pageSets = await db.transaction().execute(async (tx) => {
    const expired = await tx
      .selectFrom('consents')
      .select('id')
      .where('ended_at', 'is', null)
      .where('expires_at', '<=', at)
      .limit(BATCH)
      .forUpdate()
      // Another process has them, or a counter that ends one just now.
      .skipLocked()
      .execute();
    if (expired.length === 0) return [];
    const ids = expired.map(({ id }) => id);
    await tx
      .updateTable('consents')
      .set({ ended_at: at, end_reason: 'expired', secret: null })
      .where('id', 'in', ids)
      .execute();
    const lookups = await tx
      .updateTable('lookups')
      .set({ secrets: null })
      .where('consent_id', 'in', ids)
      .returning('page_set')
      .execute();
    return lookups.map(({ page_set }) => page_set);
  });
  for (const pageSet of pageSets) await pages.remove(pageSet);
}

/** Pages whose lookup is over or was never answered: a process may have died in between. */
async function removePages({ db, pages }: Needs, now: number): Promise<void> {
  const stored = await pages.storedBefore(new Date(now - ANSWERING_MS));
  if (stored.length === 0) return;
  const live = await db
    .selectFrom('lookups')
    .select('page_set')
    .where('page_set', 'in', stored)
    .where('secrets', 'is not', null)
    .execute();
  const needed = new Set(live.map(({ page_set }) => page_set));
  for (const pageSet of stored) if (!needed.has(pageSet)) await pages.remove(pageSet);
}

/** Counts and tokens that count no more. */
async function forget(db: Database, now: number): Promise<void> {
  await sql`
    delete from try_counts where at[cardinality(at)] < ${new Date(now - TRY_MS).toISOString()}::timestamptz
  `.execute(db);
  await db
    .deleteFrom('staff_tokens')
    .where('expires_at', '<', new Date(now - DAY_MS))
    .execute();
}
