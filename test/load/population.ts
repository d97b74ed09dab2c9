/** Halls, counters, clerks and customers of the run: put into the database beside what the service has made. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { policySchema } from '../../shared/domain/policy.ts';
import { type Database, openDatabase } from '../central/database/open.ts';
import { issueEnrolmentCode } from '../central/est.ts';
import { openServiceKeys } from '../central/keys.ts';
import { hashSecret } from '../central/secret-hash.ts';
import { demoCustomers } from '../central/synthetic/people.ts';
import type { CounterSpec, CustomerSpec } from './fleet/messages.ts';

const COUNTERS_A_HALL = 5;
/** People who come, for each counter: nobody comes twice within the time that codes are counted in. */
const CUSTOMERS_A_COUNTER = 3;
const PIN = '246810';
const PASSWORD = '258036';
const FIRST_STAFF = 100_000;
const FIRST_NUMBER = 13_800_000_000;

export interface Population {
  readonly counters: readonly CounterSpec[];
  readonly customers: readonly CustomerSpec[];
  readonly answerId: string;
}

/** Whose records the customers' are copies of: an ordinary month, many calls, purchases, none, and 20,000 in a month. */
const kinds = demoCustomers.slice(0, 5).map(({ number }) => number);
/** How many of a hundred are of which kind. */
const SHARES = [60, 15, 15, 9, 1];

export async function populate(options: {
  database: string;
  dataDir: string;
  counters: number;
}): Promise<Population> {
  const { database, dataDir, counters: count } = options;
  const db = await openDatabase({ url: database });
  try {
    const keys = await openServiceKeys(join(dataDir, 'ca', 'service.key'));
    const halls = Array.from({ length: count }, (_, i) => `第${Math.floor(i / COUNTERS_A_HALL) + 1}营业厅`);
    // One hash for all: checking it costs as much as checking one of a thousand, making a thousand takes minutes.
    const pinHash = await hashSecret(PIN);
    await insertInPieces(
      halls.map((hall, i) => ({
        id: String(FIRST_STAFF + i),
        name: '测试员',
        role: 'clerk',
        hall,
        pin_hash: pinHash,
      })),
      (staff) => db.insertInto('staff').values(staff).execute(),
    );
    const customers = await addCustomers(db, keys, count * CUSTOMERS_A_COUNTER);
    const counters: CounterSpec[] = [];
    for (const [i, hall] of halls.entries()) {
      const deviceId = `load-${String(i + 1).padStart(5, '0')}`;
      counters.push({
        deviceId,
        hall,
        enrolmentCode: await issueEnrolmentCode({ db, keys, now: Date.now }, deviceId, hall),
        clerk: { staffId: String(FIRST_STAFF + i), pin: PIN },
      });
    }
    const { document } = await db
      .selectFrom('policies')
      .select('document')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const { questions } = policySchema.parse(JSON.parse(document));
    // As a database that has been there for a while.
    await sql`analyze`.execute(db);
    return { counters, customers, answerId: questions['zh-CN'].correct };
  } finally {
    await db.destroy();
  }
}

async function addCustomers(
  db: Database,
  keys: Awaited<ReturnType<typeof openServiceKeys>>,
  count: number,
): Promise<CustomerSpec[]> {
  const passwordHash = await hashSecret(PASSWORD);
  const numbers = Array.from({ length: count }, (_, i) => String(FIRST_NUMBER + i));
  await insertInPieces(
    numbers.map((number) => ({
      number,
      name: `客户${number.slice(-4)}`,
      password_hash: passwordHash,
      identity_hmac: keys.pseudonym('identity-number', number),
      born: '1980-01-01',
    })),
    (subscribers) => db.insertInto('subscribers').values(subscribers).execute(),
  );
  for (const [k, template] of kinds.entries()) {
    const own = numbers.filter((_, i) => kindOf(i) === k);
    await sql`
      insert into records (subscriber, category, at, direction, peer, text)
      select number, category, at, direction, peer, text
      from unnest(${own}::text[]) as number cross join records where subscriber = ${template}
        -- What is asked for lies in the last month: older records would be millions of rows that nobody reads.
        and at > ${Date.now() - 63 * 86_400_000}
      order by number, at`.execute(db);
  }
  return numbers.map((number) => ({ number, servicePassword: PASSWORD }));
}

/** Kinds spread evenly: the hundredth customer is the first with very many records. */
function kindOf(i: number): number {
  let place = (i * 37) % 100;
  return SHARES.findIndex((share) => {
    place -= share;
    return place < 0;
  });
}

const PIECE = 1_000;

async function insertInPieces<T>(
  rows: readonly T[],
  insert: (piece: T[]) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < rows.length; i += PIECE) await insert(rows.slice(i, i + PIECE));
}
