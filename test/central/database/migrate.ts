/** Brings a database to this program's schema: one numbered file a step, each in a transaction of its own. */
import { type Kysely, sql } from 'kysely';
import { statements as start } from './migrations/0001-start.ts';
import { statements as accesses } from './migrations/0002-accesses.ts';
import { statements as audit } from './migrations/0003-audit.ts';
import { statements as withdrawals } from './migrations/0004-withdrawals.ts';
import { statements as representatives } from './migrations/0005-representatives.ts';
import { statements as processes } from './migrations/0006-processes.ts';
import { statements as months } from './migrations/0007-months.ts';
import { statements as held } from './migrations/0008-held.ts';
import { statements as enrolmentKey } from './migrations/0009-enrolment-key.ts';
import type { Tables } from './tables.ts';

/** In order; never edited once released. */
const migrations: readonly (readonly string[])[] = [
  start,
  accesses,
  audit,
  withdrawals,
  representatives,
  processes,
  months,
  held,
  enrolmentKey,
];

/** The schema this program knows. */
export const SCHEMA_VERSION = migrations.length;

/** All statements, to tell one schema from another. */
export const schemaText = migrations.flat().join(';\n');

/** A database that a newer program has written: going on could lose what this one doesn't know. */
export class NewerSchemaError extends Error {
  constructor(found: number) {
    super(`the database has schema ${found}, this service knows ${SCHEMA_VERSION}: start the newer service`);
    this.name = 'NewerSchemaError';
  }
}

/** @param until stops at this schema, for tests. @throws NewerSchemaError */
export async function migrate(db: Kysely<Tables>, until = SCHEMA_VERSION): Promise<void> {
  await sql`create table if not exists schema_version (
    version integer primary key,
    applied_at timestamptz not null default now()
  )`.execute(db);
  for (const [i, statements] of migrations.slice(0, until).entries()) {
    await db.transaction().execute(async (tx) => {
      // Two services that start at once migrate one after the other.
      await sql`lock table schema_version in exclusive mode`.execute(tx);
      const row = await tx
        .selectFrom('schema_version')
        .select((e) => e.fn.max('version').as('version'))
        .executeTakeFirst();
      const version = row?.version ?? 0;
      // SECURITY: S18 versions never go down.
      if (version > SCHEMA_VERSION) throw new NewerSchemaError(version);
      if (version > i) return;
      // Moving years of rows takes as long as it takes.
      await sql`set local statement_timeout = 0`.execute(tx);
      for (const statement of statements) await sql.raw(statement).execute(tx);
      await tx
        .insertInto('schema_version')
        .values({ version: i + 1 })
        .execute();
    });
  }
}
