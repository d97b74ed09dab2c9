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
}

export async function loadDemoData(db: Database, keys: ServiceKeys, options: DemoDataOptions): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const mark = await tx.selectFrom('settings').selectAll().where('name', '=', MARK).executeTakeFirst();
    if (mark && mark.value >= options.through) return;
    if (!mark) {
      const staff = await Promise.all(
        demoStaff.map(async ({ pin, ...one }) => ({ ...one, pin_hash: await hashSecret(pin) })),
      );
      await tx
        .insertInto('staff')
        .values(staff)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    for (const customer of demoCustomers) {
      const { number } = customer;
      if (!mark) await addSubscriber(tx, keys, number, credentialsOf(number, options));
      const from = mark ? addDays(mark.value, 1) : undefined;
      const { through, sentinel } = options;
      await addRecords(tx, number, makeRecords(customer, { seed: SEED, from, through, sentinel }));
    }
    await tx
      .insertInto('settings')
      .values({ name: MARK, value: options.through })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: options.through }))
      .execute();
  });
}
