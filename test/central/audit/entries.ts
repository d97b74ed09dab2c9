/** Copies of the counters' audit chains: only ever longer. */
import { type Kysely, sql } from 'kysely';
import { toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalBytes, canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { Context } from '../context.ts';
import type { Tables } from '../database/tables.ts';
import { refuseCounter } from './checkpoints.ts';

const EMPTY_HEAD = '0'.repeat(64);

interface Head {
  readonly size: number;
  readonly head: string;
}

/** An entry that contradicts one that is held. */
class Fork extends Error {
  readonly seq: number;
  constructor(seq: number) {
    super('fork');
    this.seq = seq;
  }
}

/**
 * Appends a batch, whole or not at all.
 * @throws Failure 'bad-input' for a gap or a broken link, 'audit-failed' for a fork.
 */
export async function appendEntries(
  context: Context,
  deviceId: string,
  entries: readonly AuditEntry[],
  receivedAt: Date,
): Promise<Head> {
  if (entries.some((entry) => entry.device !== deviceId)) {
    throw new Failure('bad-input', { detail: 'entries: device' });
  }
  try {
    return await context.db.transaction().execute(async (tx) => {
      // Two batches of one counter follow one another.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`audit:${deviceId}`}, 0))`.execute(tx);
      return append(tx, deviceId, entries, receivedAt);
    });
  } catch (error) {
    if (!(error instanceof Fork)) throw error;
    return refuseCounter(context, deviceId, 'fork', `fork at seq ${error.seq}`);
  }
}

async function append(
  tx: Kysely<Tables>,
  deviceId: string,
  entries: readonly AuditEntry[],
  receivedAt: Date,
): Promise<Head> {
  let { size, head } = await readHead(tx, deviceId);
  const held = await heldHashes(tx, deviceId, entries);
  const rows: Tables['audit_entries'][] = [];
  for (const entry of entries) {
    const hash = await hashOf(entry);
    if (entry.seq < size) {
      const known = held.get(entry.seq) ?? rows.find((row) => row.seq === entry.seq)?.hash;
      if (known !== hash) throw new Fork(entry.seq);
      continue;
    }
    if (entry.seq > size) throw new Failure('bad-input', { detail: `gap before seq ${entry.seq}` });
    if (entry.previous !== head) throw new Failure('bad-input', { detail: `previous of seq ${entry.seq}` });
    rows.push({
      device_id: deviceId,
      seq: entry.seq,
      hash,
      leaf: toHex(leafHash(canonicalBytes(entry))),
      document: canonicalJson(entry),
      received_at: receivedAt,
    });
    head = hash;
    size += 1;
  }
  if (rows.length > 0) await tx.insertInto('audit_entries').values(rows).execute();
  return { size, head };
}

export async function readHead(db: Kysely<Tables>, deviceId: string): Promise<Head> {
  const last = await db
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('device_id', '=', deviceId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last ? { size: last.seq + 1, head: last.hash } : { size: 0, head: EMPTY_HEAD };
}

async function heldHashes(
  tx: Kysely<Tables>,
  deviceId: string,
  entries: readonly AuditEntry[],
): Promise<Map<number, string>> {
  const rows = await tx
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('device_id', '=', deviceId)
    .where(
      'seq',
      'in',
      entries.map((entry) => entry.seq),
    )
    .execute();
  return new Map(rows.map((row) => [row.seq, row.hash]));
}
