/** What the check after a run finds in a real database: nothing where all is well, and each thing that is not. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { writeAccess } from '../../central/access-log.ts';
import { AuditedCounter } from '../../central/tests/audited-counter.ts';
import { centralFixture } from '../../central/tests/fixture.ts';
import { askFor, giveConsent, LI } from '../../central/tests/visit.ts';
import { checkDatabase } from '../check.ts';
import type { CounterLedger } from '../fleet/messages.ts';

const fixture = centralFixture();
const DEVICE = 'load-check';
let ledger: CounterLedger;

const db = () => fixture.central.context.db;
const check = (change: Partial<CounterLedger> = {}) =>
  checkDatabase(db(), [{ ...ledger, ...change }], fixture.central.context.witness.log);

beforeAll(async () => {
  const counter = await AuditedCounter.make(fixture.central, DEVICE);
  await counter.signIn();
  const request = askFor(LI, fixture.now());
  const { consentId } = await giveConsent(counter, request, fixture.now());
  const lookupId = randomUUID();
  const { manifest } = await counter.call('lookup', { body: { lookupId, consentId, request } });
  const at = new Date(fixture.now()).toISOString();
  await counter.call('endConsent', { params: { consentId }, body: { reason: 'visit-ended', at } });
  // The counter's evidence and its list are not what is tested here.
  const caseId = randomUUID();
  const access = {
    at: fixture.now(),
    deviceId: DEVICE,
    action: 'reportErasure',
    outcome: 'answered',
    consentId,
  };
  await writeAccess(db(), access);
  await sql`insert into erasures (consent_id, device_id, reason, erased_at, document, cms, received_at)
    values (${consentId}, ${DEVICE}, 'visit-ended', now(), '', '', now())`.execute(db());
  await sql`insert into cases (id, device_id, document, received_at) values (${caseId}, ${DEVICE}, '', now())`.execute(
    db(),
  );
  await counter.add(3);
  await counter.send();
  await counter.cosign();
  ledger = {
    deviceId: DEVICE,
    audit: { size: 3, head: await hashOf(counter.entries.at(-1)), cosigned: 3, intact: true },
    consents: [consentId],
    lookups: [{ lookupId, rows: manifest.document.rows }],
    cases: [caseId],
  };
});

test('a visit of which everything is there once has no fault', async () => {
  const { faults, counts } = await check();
  expect(faults).toEqual([]);
  expect(counts).toMatchObject({ consents: 1, lookups: 1, 'audit entries': 3, 'sealed pages left': 0 });
});

test('what a counter has and the database has not is lost', async () => {
  const other = randomUUID();
  const { faults } = await check({ consents: [...ledger.consents, other] });
  expect(faults).toContain(`consents: lost (1): ${DEVICE} ${other}`);
  expect(faults).toContain(`erasures: lost (1): ${DEVICE} ${other}`);
  expect(faults).toContain(`access log: submitConsent: lost (1): ${other}`);
});

test('what no counter has is nobody’s', async () => {
  const { faults } = await check({ lookups: [], cases: [] });
  expect(faults.map((fault) => fault.replace(/ \(.*/, ''))).toEqual([
    "lookups: nobody's",
    "cases: nobody's",
    "access log: lookup: nobody's",
  ]);
});

test('a counter whose log is longer, other, or not cosigned to its end is told', async () => {
  const { audit } = ledger;
  const faultsOf = async (change: Partial<typeof audit>) =>
    (await check({ audit: { ...audit, ...change } })).faults.map((fault) => fault.replace(/ \(.*/, ''));
  expect(await faultsOf({ size: 4 })).toContain("audit entries: another head than the counter's");
  expect(await faultsOf({ head: 'f'.repeat(64) })).toContain(
    "audit entries: another head than the counter's",
  );
  expect(await faultsOf({ cosigned: 2 })).toContain('audit entries: not cosigned to the end');
  expect(await faultsOf({ intact: false })).toContain('audit log condemned');
});

test('what was written twice, changed or left behind in the database is told', async () => {
  const faultsAfter = async (change: ReturnType<typeof sql>) => {
    let faults: readonly string[] = [];
    const undo = new Error('undo');
    await db()
      .transaction()
      .execute(async (tx) => {
        await change.execute(tx);
        ({ faults } = await checkDatabase(tx, [ledger], fixture.central.context.witness.log));
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    return faults.map((fault) => fault.replace(/ \(.*/, ''));
  };
  // The index over an entry's place holds the time too: it would let it in.
  const again = sql`insert into audit_entries select device_id, seq, hash, document,
    received_at + interval '1 second', leaf from audit_entries where seq = 1`;
  expect(await faultsAfter(again)).toContain('audit entries: broken chain');
  const cut = sql`delete from audit_entries where seq = 1`;
  expect(await faultsAfter(cut)).toContain('audit entries: broken chain');
  const others = sql`update audit_entries set device_id = 'another'`;
  expect(await faultsAfter(others)).toContain("counters with audit entries: nobody's");
  const doubled = sql`insert into access_log (at, action, outcome, consent_id)
    select at, action, outcome, consent_id from access_log where action = 'submitConsent'`;
  expect(await faultsAfter(doubled)).toEqual(['access log: submitConsent: twice']);
  const pages = sql`insert into sealed_pages (page_set, layer, page, sealed)
    values (${randomUUID()}, 'content', 0, '')`;
  expect(await faultsAfter(pages)).toEqual(["sealed pages left: nobody's"]);
  const denial = sql`insert into access_log (at, action, outcome) values (now(), 'lookup', 'scope-exceeded')`;
  expect(await faultsAfter(denial)).toEqual(["denials: nobody's"]);
  const kept = sql`update consents set secret = 'x', ended_at = null, end_reason = null`;
  expect(await faultsAfter(kept)).toEqual(['consents ended, their keys gone: lost']);
  const rewritten = sql`update central_log set document = replace(document, '"size":3', '"size":4')`;
  expect(await faultsAfter(rewritten)).toContain("central's log");
});
