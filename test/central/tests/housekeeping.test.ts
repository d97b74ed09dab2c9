/** What is over goes without being asked for. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { centralFixture, MINUTE, told } from './fixture.ts';
import { askFor, giveConsent, openCounter, ZHANG } from './visit.ts';

const fixture = centralFixture();
const DAY = 24 * 60 * MINUTE;
const stored = () => readdir(join(fixture.central.dataDir, 'pages'));

test('a consent whose time is over loses its key, its secrets and its pages; one that lives keeps them', async () => {
  const counter = await openCounter(fixture.central, 'counter-expiry');
  const request = askFor(ZHANG, fixture.now());
  const look = async () => {
    const { consentId } = await giveConsent(counter, request, fixture.now());
    await counter.call('lookup', { body: { lookupId: randomUUID(), consentId, request } });
    return consentId;
  };
  const state = (id: string) =>
    fixture.central.context.db
      .selectFrom('consents')
      .innerJoin('lookups', 'lookups.consent_id', 'consents.id')
      .select(['secret', 'secrets', 'end_reason', 'page_set'])
      .where('consents.id', '=', id)
      .executeTakeFirstOrThrow();
  const old = await look();
  const { consentMinutes } = await fixture.central.context.policies.inForce();
  fixture.advance((consentMinutes + 1) * MINUTE);
  const young = await look();
  const before = await state(old);
  expect(await stored()).toContain(before.page_set);
  await fixture.central.housekeeping.run();
  expect(await state(old)).toMatchObject({ secret: null, secrets: null, end_reason: 'expired' });
  expect(await stored()).toEqual([(await state(young)).page_set]);
  expect((await state(young)).secret).not.toBeNull();
  // The counter hears the same as before.
  const again = { lookupId: randomUUID(), consentId: old, request };
  expect(told(await counter.refused('lookup', { body: again }))).toBe('consent-expired');
});

test('pages that no answer names go, but not while it may still come', async () => {
  const { pages } = fixture.central.context;
  const pageSet = randomUUID();
  // Files bear the machine's time.
  fixture.advance(Date.now() - fixture.now());
  await pages.put(pageSet, [{ layer: 'content', page: 0, sealed: new Uint8Array(10) }]);
  await fixture.central.housekeeping.run();
  expect(await stored()).toContain(pageSet);
  fixture.advance(2 * 60 * MINUTE);
  await fixture.central.housekeeping.run();
  expect(await stored()).not.toContain(pageSet);
});

test('tries and tokens that count no more are forgotten; those that do are not', async () => {
  const { db } = fixture.central.context;
  const counter = await openCounter(fixture.central, 'counter-forget');
  await counter.refused('signIn', { body: { staffId: '1025', pin: '000000' }, token: undefined });
  const count = async () => ({
    tries: (await db.selectFrom('try_counts').selectAll().execute()).length,
    tokens: (await db.selectFrom('staff_tokens').selectAll().execute()).length,
  });
  const before = await count();
  await fixture.central.housekeeping.run();
  expect(await count()).toEqual(before);
  // The test before this one put the clock back, by as much as a day: to the machine's.
  fixture.advance(4 * DAY);
  await fixture.central.housekeeping.run();
  expect(await count()).toEqual({ tries: 0, tokens: 0 });
});

test('every month has its tables before it begins, and a clock that is far off loses no row', async () => {
  const { db } = fixture.central.context;
  const counter = await openCounter(fixture.central, 'counter-months');
  const tables = async () => {
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'access_log'::regclass
      order by name`.execute(db);
    return rows.map(({ name }) => name);
  };
  const month = (ahead: number) => {
    const china = new Date(fixture.now() + 8 * 60 * MINUTE);
    const then = new Date(Date.UTC(china.getUTCFullYear(), china.getUTCMonth() + ahead, 1));
    return `access_log_${then.toISOString().slice(0, 7).replace('-', '_')}`;
  };
  await fixture.central.housekeeping.run();
  expect(await tables()).toEqual(expect.arrayContaining([month(0), month(1), month(2)]));
  const where = async () => {
    const { rows } = await sql<{ name: string }>`
      select tableoid::regclass::text as name from access_log order by id desc limit 1`.execute(db);
    return rows[0]?.name;
  };
  const ask = () =>
    counter.refused('challenge', { body: { sessionId: randomUUID(), subscriber: '13999999999' } });
  await ask();
  expect(await where()).toBe(month(0));
  fixture.advance(400 * DAY);
  await counter.refused('challenge', { body: { sessionId: randomUUID(), subscriber: '13999999999' } });
  expect(await where()).toBe('access_log_other');
  // Its month is taken by the row that lies elsewhere: it stays readable, and the next months come.
  await fixture.central.housekeeping.run();
  expect(await tables()).toEqual(expect.arrayContaining([month(1), month(2)]));
  await ask();
});
