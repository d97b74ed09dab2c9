/** A database of before many processes served: all of it is there afterwards, in its months, and goes on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { openCentralLog } from '../audit/central-log.ts';
import { readChain } from '../audit/chain.ts';
import { openWitness } from '../audit/witness.ts';
import { migrate } from '../database/migrate.ts';
import { PgliteDialect } from '../database/pglite-dialect.ts';
import type { Tables } from '../database/tables.ts';
import { openAuthority } from '../pki/authority.ts';
import { SIGN_IN_LIMIT, triesLeft } from '../tries.ts';

const OLD_SCHEMA = 5;
const EVENTS = 11;
const ENTRIES = 7;

let folder = '';
let db: Kysely<Tables>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-migrate-'));
  db = new Kysely<Tables>({ dialect: new PgliteDialect(await PGlite.create(join(folder, 'database'))) });
  await migrate(db, OLD_SCHEMA);
});
afterAll(async () => {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

/** Some event of central's log of before, which opens nothing but its own leaf. */
const event = (seq: number) =>
  canonicalJson({
    schema: 'zhiqing-central-event/1',
    event: 'checkpoint-cosigned',
    seq,
    at: '2026-03-01T00:00:00.000Z',
    device: 'counter-old',
    size: seq + 1,
    root: '0'.repeat(64),
  });

test('rows, heads, trees and counts are those of before', async () => {
  const authority = await openAuthority(join(folder, 'ca'));
  const witness = await openWitness(join(folder, 'ca'), authority.central, Date.now());
  const at = '2026-03-31T20:00:00.000Z';
  await sql`insert into devices values ('counter-old', 'hall', ${at}, null)`.execute(db);
  const chain = new MerkleLog();
  for (let seq = 0; seq < ENTRIES; seq++) {
    const document = canonicalJson({ seq, sessionId: 'visit-1' });
    const leaf = leafHash(utf8(document));
    chain.append(leaf);
    await sql`insert into audit_entries (device_id, seq, hash, document, received_at, leaf)
      values ('counter-old', ${seq}, ${`hash-${seq}`}, ${document}, ${at}, ${toHex(leaf)})`.execute(db);
  }
  const frontier = JSON.stringify([toHex(chain.root(4))]);
  await sql`insert into audit_checkpoints values
    ('counter-old', 4, ${toHex(chain.root(4))}, ${frontier}, 'note', 3, ${at})`.execute(db);
  const own = new MerkleLog();
  for (let seq = 0; seq < EVENTS; seq++) {
    const leaf = leafHash(utf8(event(seq)));
    own.append(leaf);
    await sql`insert into central_log (seq, document, leaf, at)
      values (${seq}, ${event(seq)}, ${toHex(leaf)}, ${at})`.execute(db);
  }
  const head = { size: EVENTS, root: own.root() };
  await sql`insert into central_checkpoints values
    (${EVENTS}, ${toHex(head.root)}, ${await signCheckpoint(head, witness.log)}, ${at})`.execute(db);
  await sql`insert into tries (bucket, at) values ('sign-in:1', now()), ('sign-in:1', now())`.execute(db);
  await sql`insert into access_log (at, action, outcome) values (${at}, 'lookup', 'answered')`.execute(db);

  await migrate(db);

  const entries = await db.selectFrom('audit_entries').select('seq').orderBy('seq').execute();
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: ENTRIES }, (_, i) => i));
  // In China that instant is the first of April.
  const { rows } = await sql<{ name: string }>`
    select distinct tableoid::regclass::text as name from audit_entries`.execute(db);
  expect(rows).toEqual([{ name: 'audit_entries_2026_04' }]);
  const held = await readChain(db, 'counter-old');
  expect(held).toMatchObject({ size: ENTRIES, head: `hash-${ENTRIES - 1}` });
  expect(held.frontier.root()).toEqual(chain.root());
  expect(held.cosigned.root()).toEqual(chain.root(4));
  expect(await triesLeft(db, 'sign-in:1', SIGN_IN_LIMIT, Date.now())).toBe(SIGN_IN_LIMIT.tries - 2);
  expect(await db.selectFrom('access_log').select('action').execute()).toEqual([{ action: 'lookup' }]);

  // Verified against what was signed before, and continued.
  const log = await openCentralLog(db, witness, Date.now);
  const { queued } = await db
    .selectFrom('audit_checkpoints')
    .select('queued')
    .where('size', '=', 4)
    .executeTakeFirstOrThrow();
  expect(await log.prove(EVENTS, queued)).toMatchObject({ index: 3, event: event(3) });
  // A new entry of the access log gets a number of its own.
  await db
    .insertInto('access_log')
    .values({ at: new Date(), action: 'prove', outcome: 'answered' } as Tables['access_log'] & { id?: never })
    .execute();
  expect(await db.selectFrom('access_log').select('id').execute()).toHaveLength(2);
});
