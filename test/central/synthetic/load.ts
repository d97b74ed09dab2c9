/** Puts the demo's staff, customers and records into the database; tops records up on later days. */
import { addDays } from '../../../shared/domain/period.ts';
import type { Database } from '../database/open.ts';
import type { ServiceKeys } from '../keys.ts';
import { hashSecret } from '../secret-hash.ts';
import { addRecords, addSubscriber } from '../subscribers.ts';
import { type CredentialOptions, credentialsOf, demoCustomers, demoStaff } from './people.ts';
import { makeRecords } from './records.ts';

const SEED = 'zhiqing-demo-1';
const MARK = 'synthetic-through';

export interface DemoDataOptions extends CredentialOptions {
  /** Last day with records, `YYYY-MM-DD` in China. */
  readonly through: string;
  readonly heavyMessages?: number | undefined;
}

/** Staff can sign in whoever the customers are. */
export async function loadDemoStaff(db: Database): Promise<void> {
  const known = await db.selectFrom('staff').select('id').execute();
  const missing = demoStaff.filter(({ id }) => !known.some((one) => one.id === id));
  if (missing.length === 0) return;
  const staff = await Promise.all(
    missing.map(async ({ pin, ...one }) => ({ ...one, pin_hash: await hashSecret(pin) })),
  );
  await db.insertInto('staff').values(staff).execute();
}

export async function loadDemoData(db: Database, keys: ServiceKeys, options: DemoDataOptions): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const mark = await tx.selectFrom('settings').selectAll().where('name', '=', MARK).executeTakeFirst();
    if (mark && mark.value >= options.through) return;
    // Hashing takes time and runs beside the database.
    const accounts = mark ? [] : demoCustomers;
    await Promise.all(
      accounts.map(({ number }) => addSubscriber(tx, keys, number, credentialsOf(number, options))),
    );
    for (const customer of demoCustomers) {
      const { number } = customer;
      const from = mark ? addDays(mark.value, 1) : undefined;
      await addRecords(tx, number, makeRecords(customer, { ...options, seed: SEED, from }));
    }
    await tx
      .insertInto('settings')
      .values({ name: MARK, value: options.through })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: options.through }))
      .execute();
  });
}
