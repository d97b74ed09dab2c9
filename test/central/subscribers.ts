/** Accounts of subscribers and their records: stored in bulk. */
import { type Kysely, sql } from 'kysely';
import { birthDay } from '../../shared/domain/identity-number.ts';
import type { Tables } from './database/tables.ts';
import type { ServiceKeys } from './keys.ts';
import type { SourceRecord } from './record-source.ts';
import { hashSecret } from './secret-hash.ts';
import type { Credentials } from './synthetic/people.ts';

/** Records a statement carries. */
const BATCH = 5_000;

/** Makes an account, unless the number has one. */
export async function addSubscriber(
  db: Kysely<Tables>,
  keys: ServiceKeys,
  number: string,
  credentials: Credentials,
): Promise<void> {
  const born = birthDay(credentials.identityNumber);
  await db
    .insertInto('subscribers')
    .values({
      number,
      name: credentials.name,
      password_hash: await hashSecret(credentials.servicePassword),
      identity_hmac: keys.pseudonym('identity-number', credentials.identityNumber),
      born: born ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (credentials.guardianNumber === undefined) return;
  await db
    .insertInto('guardians')
    .values({
      subscriber: number,
      identity_hmac: keys.pseudonym('identity-number', credentials.guardianNumber),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Adds records of one subscriber. */
export async function addRecords(
  db: Kysely<Tables>,
  subscriber: string,
  records: Iterable<SourceRecord>,
): Promise<number> {
  let count = 0;
  let batch: SourceRecord[] = [];
  const flush = async () => {
    // One parameter for thousands of rows, on any PostgreSQL.
    await sql`
      insert into records (subscriber, category, at, direction, peer, text)
      select ${subscriber}, category, at, direction, peer, text
      from json_to_recordset(${JSON.stringify(batch)}::json)
        as row (category text, at bigint, direction text, peer text, text text)
    `.execute(db);
    count += batch.length;
    batch = [];
  };
  for (const record of records) {
    batch.push(record);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return count;
}
