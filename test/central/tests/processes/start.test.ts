/** Processes that start over one database at the same moment: what is made once is made once. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startCentral } from '../../service.ts';
import { OtherKeysError } from '../../start-up.ts';
import type { TestCounter } from '../client.ts';
import { describeOnServer } from '../server.ts';
import { askFor, giveConsent, openCounter, QIAN } from '../visit.ts';
import { pairFixture } from './pair.ts';

/** A connection that broke may be noticed by who asks on it: once for each of a process's ten, and then no more. */
async function goesOn(counter: TestCounter): Promise<void> {
  const statuses: number[] = [];
  for (let i = 0; i < 30; i++) statuses.push((await counter.raw('auditHead')).status);
  expect(statuses.filter((status) => status !== 200).length).toBeLessThanOrEqual(10);
  expect(statuses.slice(-10)).toEqual(Array(10).fill(200));
}

describeOnServer('two processes that start at once', () => {
  const pair = pairFixture();

  test('have one authority, one set of keys, one policy and one set of demo data', async () => {
    const [first, second] = pair.both;
    expect(second.authority.root.certificatePem).toBe(first.authority.root.certificatePem);
    expect(second.authority.server.privateKeyPem).toBe(first.authority.server.privateKeyPem);
    expect(second.context.witness.document).toEqual(first.context.witness.document);
    const { db } = first.context;
    const count = async (table: 'policies' | 'staff' | 'subscribers' | 'central_log' | 'schema_version') => {
      const rows = await db.selectFrom(table).selectAll().execute();
      return rows.length;
    };
    expect(await count('policies')).toBe(1);
    expect(await count('staff')).toBe(3);
    expect(await count('subscribers')).toBe(6);
    // Central's keys, said once.
    expect(await count('central_log')).toBe(1);
    const heavy = await db
      .selectFrom('records')
      .select(['at', 'peer', 'text'])
      .where('subscriber', '=', QIAN)
      .execute();
    expect(new Set(heavy.map((row) => JSON.stringify(row))).size).toBe(heavy.length);
  });

  test('serve the same counter', async () => {
    const counter = await openCounter(pair.both[0], 'counter-0001');
    const { consentId } = await giveConsent(counter, askFor(QIAN));
    const elsewhere = pair.both[1].context.db.selectFrom('consents').select('id');
    expect(await elsewhere.where('id', '=', consentId).execute()).toHaveLength(1);
  });

  test('are joined by a third one later', async () => {
    const third = await pair.start();
    expect(third.authority.root.certificatePem).toBe(pair.both[0].authority.root.certificatePem);
    expect(
      (await (await openCounter(third, `counter-${randomUUID().slice(0, 8)}`)).call('status')).policyVersion,
    ).toBe(1);
  });

  test('are not joined by one with other keys', async () => {
    // A folder of its own: keys of its own.
    await expect(startCentral({ database: pair.database })).rejects.toThrow(OtherKeysError);
    // That it tried has not disturbed the others.
    await (await pair.counter('counter-after'))[1].call('status');
  });

  test('go on when the database has dropped every connection', async () => {
    const [one, other] = await pair.counter('counter-dropped');
    await one.call('status');
    const admin = new pg.Client({ connectionString: pair.database });
    await admin.connect();
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
    await admin.end();
    for (const counter of [one, other]) await goesOn(counter);
  });

  test('go on when a table was changed under their plans', async () => {
    const [one] = await pair.counter('counter-plans');
    for (let i = 0; i < 30; i++) await one.call('auditHead');
    const admin = new pg.Client({ connectionString: pair.database });
    await admin.connect();
    await admin.query('alter table devices add column later text');
    await admin.end();
    await goesOn(one);
  });
});
