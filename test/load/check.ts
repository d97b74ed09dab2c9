/** After the run: nothing was lost and nothing is there twice, by the counters' own account and in the database. */
import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { NoteKey } from '../../shared/canonical/signed-note.ts';
import { centralEventSchema } from '../../shared/domain/audit.ts';
import { verifyCentralLog } from '../central/audit/verify-central-log.ts';
import type { Database } from '../central/database/open.ts';
import { Faults } from './faults.ts';
import type { CounterLedger } from './fleet/messages.ts';

export interface Checked {
  /** What was compared, and how many of each. */
  readonly counts: Readonly<Record<string, number>>;
  /** What does not agree; a few of each kind are named. */
  readonly faults: readonly string[];
}

/** @param logKey of central's own log */
export async function checkDatabase(
  db: Database,
  ledger: readonly CounterLedger[],
  logKey: NoteKey,
): Promise<Checked> {
  const faults = new Faults();
  const counts: Record<string, number> = {};
  /** Rows as texts, compared with what the counters say. */
  const compare = async (what: string, wanted: readonly string[], select: RawBuilder<{ text: string }>) => {
    const { rows } = await select.execute(db);
    counts[what] = rows.length;
    faults.compare(
      what,
      wanted,
      rows.map(({ text }) => text),
    );
  };
  const consents = ledger.flatMap((one) => one.consents.map((id) => `${one.deviceId} ${id}`));
  const consentIds = ledger.flatMap((one) => one.consents);
  const lookups = ledger.flatMap((one) =>
    one.lookups.map(({ lookupId, rows }) => `${one.deviceId} ${lookupId} ${rows}`),
  );
  const lookupIds = ledger.flatMap((one) => one.lookups.map(({ lookupId }) => lookupId));
  const cases = ledger.flatMap((one) => one.cases.map((id) => `${one.deviceId} ${id}`));

  await compare('consents', consents, sql`select device_id || ' ' || id as text from consents`);
  await compare(
    'consents ended, their keys gone',
    consents,
    sql`select device_id || ' ' || id as text from consents where ended_at is not null and secret is null`,
  );
  await compare(
    'pictures and ink',
    consents,
    sql`select coalesce(c.device_id, 'no consent') || ' ' || e.consent_id as text
      from consent_evidence e left join consents c on c.id = e.consent_id`,
  );
  await compare('erasures', consents, sql`select device_id || ' ' || consent_id as text from erasures`);
  await compare(
    'lookups',
    lookups,
    sql`select c.device_id || ' ' || l.id || ' ' || l.rows as text
      from lookups l join consents c on c.id = l.consent_id where l.secrets is null`,
  );
  await compare('cases', cases, sql`select device_id || ' ' || id as text from cases`);
  for (const action of ['submitConsent', 'endConsent', 'reportErasure']) {
    await compare(
      `access log: ${action}`,
      consentIds,
      sql`select coalesce(consent_id::text, 'none') as text from access_log
        where action = ${action} and outcome = 'answered'`,
    );
  }
  await compare(
    'access log: lookup',
    lookupIds,
    sql`select coalesce(lookup_id::text, 'none') as text from access_log
      where action = 'lookup' and outcome = 'answered'`,
  );
  await compare('sealed pages left', [], sql`select distinct page_set::text as text from sealed_pages`);
  await compare(
    'denials',
    [],
    sql`select action || ' ' || outcome as text from access_log where outcome <> 'answered'`,
  );
  await compare(
    'counters with audit entries',
    ledger.map(({ deviceId }) => deviceId),
    sql`select distinct device_id as text from audit_entries`,
  );
  counts['audit entries'] = await checkChains(db, ledger, faults);
  counts["entries of central's log"] = await checkCentralLog(db, logKey, faults);
  return { counts, faults: faults.lines };
}

/** Every chain: link by link, as long as its counter's, with the same head, cosigned to its end. */
async function checkChains(db: Database, ledger: readonly CounterLedger[], faults: Faults): Promise<number> {
  let entries = 0;
  for (const { deviceId, audit } of ledger) {
    const rows = await db
      .selectFrom('audit_entries')
      .select(['seq', 'hash', 'document'])
      .where('device_id', '=', deviceId)
      .orderBy('seq')
      .execute();
    let head = '0'.repeat(64);
    for (const [i, { seq, hash, document }] of rows.entries()) {
      const linked = String(JSON.parse(document).previous) === head;
      head = createHash('sha256').update(document).digest('hex');
      if (seq !== i || !linked || hash !== head)
        faults.add('audit entries: broken chain', `${deviceId} ${seq}`);
    }
    entries += rows.length;
    if (rows.length !== audit.size || head !== audit.head) {
      faults.add(
        "audit entries: another head than the counter's",
        `${deviceId}: ${rows.length} of ${audit.size}`,
      );
    }
    const kept = await db
      .selectFrom('audit_heads')
      .select(['size', 'head', 'cosigned_size'])
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    if (kept?.size !== audit.size || kept.head !== audit.head || kept.cosigned_size !== audit.cosigned) {
      faults.add('audit heads', deviceId);
    }
    if (audit.cosigned !== audit.size) faults.add('audit entries: not cosigned to the end', deviceId);
    if (!audit.intact) faults.add('audit log condemned', deviceId);
  }
  return entries;
}

/** Central's own log: whole, as signed, and every checkpoint that was cosigned is in it once. */
async function checkCentralLog(db: Database, key: NoteKey, faults: Faults): Promise<number> {
  try {
    await verifyCentralLog(db, key, Number.POSITIVE_INFINITY);
  } catch (error) {
    faults.add("central's log", error instanceof Error ? error.message : String(error));
  }
  const rows = await db.selectFrom('central_log').select('document').orderBy('seq').execute();
  const events = rows.map(({ document }) => centralEventSchema.parse(JSON.parse(document)));
  const held = await db.selectFrom('audit_checkpoints').select(['device_id', 'size', 'root']).execute();
  faults.compare(
    "central's log: checkpoints",
    held.map(({ device_id, size, root }) => `${device_id} ${size} ${root}`),
    events.flatMap((one) =>
      one.event === 'checkpoint-cosigned' ? [`${one.device} ${one.size} ${one.root}`] : [],
    ),
  );
  for (const one of events) {
    if (one.event === 'counter-refused') faults.add(`central's log: refused for ${one.reason}`, one.device);
  }
  const waiting = await db.selectFrom('central_queue').select('id').execute();
  if (waiting.length > 0) faults.add("central's log: events without a place", String(waiting.length));
  return rows.length;
}
