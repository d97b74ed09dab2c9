/**
 * Acknowledged is recovered: what the counter said to be so is so, here after every start, and at central in the end
 * exactly once and in the order of its visit.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AuditEntry, auditEntrySchema } from '../../../shared/domain/audit.ts';
import type { Central } from '../../central/service.ts';
import type { Ledger } from './ledger.ts';
import type { Place } from './profile.ts';

const GENESIS = '0'.repeat(64);

/** The log as it lies on the disk; a torn last line is not looked at. */
export function entriesOnDisk(userData: string): { entry: AuditEntry; hash: string }[] {
  const folder = join(userData, 'audit');
  // Killed before it had a log: what was acknowledged is judged against none.
  if (!existsSync(join(folder, 'audit.jsonl'))) return [];
  const names = readdirSync(folder).filter((name) => /^audit(?:-\d{12})?\.jsonl$/.test(name));
  // Full segments by their first entry, then the one that is written.
  const closed = names.filter((name) => name !== 'audit.jsonl').sort();
  const found: { entry: AuditEntry; hash: string }[] = [];
  for (const name of [...closed, 'audit.jsonl']) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const line of text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)) {
      const entry = auditEntrySchema.parse(JSON.parse(line));
      found.push({ entry, hash: createHash('sha256').update(line).digest('hex') });
    }
  }
  return found;
}

/** What is wrong with the log on the disk, and what of the ledger it lacks. */
export function judgeDisk({ userData }: Place, { entries }: Ledger): string[] {
  const wrong: string[] = [];
  const found = entriesOnDisk(userData);
  for (const [i, { entry }] of found.entries()) {
    if (entry.seq !== i) wrong.push(`entry ${i} has number ${entry.seq}`);
    if (entry.previous !== (found[i - 1]?.hash ?? GENESIS))
      wrong.push(`entry ${i} does not continue the chain`);
  }
  for (const [seq, { hash, action }] of entries)
    if (found[seq]?.hash !== hash) wrong.push(`acknowledged entry ${seq} (${action}) is not on the disk`);
  return wrong;
}

/** A word more may be on its way when nothing seems to wait: it is looked at again for so long, ms. */
const STILL_MS = 30_000;

/** What is wrong at central once everything that was written has arrived. */
export async function judgeCentral(central: Central, ledger: Ledger, place: Place): Promise<string[]> {
  const end = performance.now() + STILL_MS;
  for (;;) {
    const wrong = await lookAtCentral(central, ledger, place);
    if (wrong.length === 0 || performance.now() > end) return wrong;
    await delay(200);
  }
}

async function lookAtCentral(
  { context: { db } }: Central,
  ledger: Ledger,
  { userData, deviceId }: Place,
): Promise<string[]> {
  const wrong: string[] = [];
  const expect = (holds: boolean, words: string) => {
    if (!holds) wrong.push(words);
  };
  const local = entriesOnDisk(userData);
  const held = await db
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('device_id', '=', deviceId)
    .orderBy('seq')
    .execute();
  expect(held.length === local.length, `central holds ${held.length} entries of ${local.length}`);
  for (const [i, { seq, hash }] of held.entries())
    expect(seq === i && hash === local[i]?.hash, `entry ${i} at central is another one`);

  const consents = await db
    .selectFrom('consents')
    .select(['id', 'accepted_at', 'ended_at'])
    .where('device_id', '=', deviceId)
    .execute();
  const accesses = await db
    .selectFrom('access_log')
    .select(['id', 'action', 'consent_id'])
    .where('outcome', '=', 'answered')
    .where('consent_id', 'is not', null)
    .where('device_id', '=', deviceId)
    .execute();
  const erasures = await db
    .selectFrom('erasures')
    .select('consent_id')
    .where('device_id', '=', deviceId)
    .execute();
  const cases = await db.selectFrom('cases').selectAll().where('device_id', '=', deviceId).execute();

  const signed = new Set(of(local, 'consent-signed'));
  const refused = new Set([...of(local, 'consent-rejected')]);
  for (const id of ledger.consents)
    expect(
      consents.some((one) => one.id === id) !== refused.has(id),
      `consent ${id} was kept and is not at central`,
    );
  for (const { id, ended_at } of consents) {
    expect(signed.has(id), `consent ${id} at central was never signed here`);
    expect(ended_at !== null, `consent ${id} has not ended, its visit has`);
    const mine = accesses.filter((one) => one.consent_id === id).sort((a, b) => Number(a.id) - Number(b.id));
    const times = (action: string) => mine.filter((one) => one.action === action).length;
    expect(times('submitConsent') === 1, `consent ${id} was stored ${times('submitConsent')} times`);
    expect(times('reportErasure') === 1, `erasure of ${id} was stored ${times('reportErasure')} times`);
    expect(times('endConsent') <= 1, `consent ${id} was ended ${times('endConsent')} times`);
    const order = mine.map((one) => one.action).filter((action) => ORDER.includes(action));
    const sorted = order.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    expect(order.join() === sorted.join(), `of consent ${id} central was told ${order.join()}`);
  }
  for (const id of ledger.erasures)
    if (consents.some((one) => one.id === id))
      expect(
        erasures.some((one) => one.consent_id === id),
        `evidence of the erasure of ${id} is not at central`,
      );
  for (const id of ledger.cases)
    expect(cases.filter((one) => one.id === id).length === 1, `row ${id} of the day list is not at central`);
  const recorded = of(local, 'case-recorded').length;
  expect(cases.length >= recorded, `${cases.length} rows at central, ${recorded} recorded in the log`);

  const started = new Map(
    local.flatMap(({ entry }) => (entry.action === 'session-started' ? [[entry.sessionId, 1]] : [])),
  );
  for (const { entry } of local) if (entry.action === 'session-ended') started.delete(entry.sessionId);
  expect(started.size === 0, `${started.size} visits have no end`);
  const released = local.filter(({ entry }) => entry.action === 'rows-released').length;
  expect(released >= ledger.releases, `${released} releases in the log, ${ledger.releases} acknowledged`);
  return wrong;
}

/** What central is told of one visit, in this order. An end may come with the evidence of it. */
const ORDER = ['submitConsent', 'lookup', 'endConsent', 'reportErasure'];

/** Consents that entries of an action name. */
function of(entries: readonly { entry: AuditEntry }[], action: AuditEntry['action']): string[] {
  return entries.flatMap(({ entry }) =>
    entry.action === action && entry.consentId !== undefined ? [entry.consentId] : [],
  );
}
