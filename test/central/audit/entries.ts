/** Copies of the counters' audit chains: only ever longer. */
import { hash as sha256 } from 'node:crypto';
import type { Kysely } from 'kysely';
import { toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { Context } from '../context.ts';
import type { Tables } from '../database/tables.ts';
import { appendRows, type Chain, EMPTY_HEAD, type EntryRow, readChain } from './chain.ts';
import { refuseCounter } from './checkpoints.ts';

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
  const { db } = context;
  if (entries.some((entry) => entry.device !== deviceId)) {
    throw new Failure('bad-input', { detail: 'entries: device' });
  }
  try {
    for (;;) {
      const before = await readChain(db, deviceId);
      const { after, rows } = await follow(db, deviceId, before, entries);
      const { size, head } = after;
      if (rows.length === 0 || (await appendRows(db, deviceId, before, after, rows, receivedAt))) {
        return { size, head };
      }
      // Another process has appended to it in the meantime: judged anew by what is held now.
    }
  } catch (error) {
    if (!(error instanceof Fork)) throw error;
    return refuseCounter(context, deviceId, 'fork', `fork at seq ${error.seq}`);
  }
}

/** The chain with the entries that are not in it yet. @throws Fork; Failure 'bad-input' */
async function follow(
  db: Kysely<Tables>,
  deviceId: string,
  before: Chain,
  entries: readonly AuditEntry[],
): Promise<{ after: Pick<Chain, 'size' | 'head' | 'frontier'>; rows: EntryRow[] }> {
  let { size, head } = before;
  const frontier = before.frontier.copy();
  const held = await heldHashes(
    db,
    deviceId,
    entries.map(({ seq }) => seq).filter((seq) => seq < before.size),
  );
  const rows: EntryRow[] = [];
  for (const entry of entries) {
    const { seq } = entry;
    const document = canonicalJson(entry);
    const hash = sha256('sha256', document);
    if (seq < size) {
      if ((held.get(seq) ?? rows[seq - before.size]?.hash) !== hash) throw new Fork(seq);
      continue;
    }
    if (seq > size) throw new Failure('bad-input', { detail: `gap before seq ${seq}` });
    if (entry.previous !== head) throw new Failure('bad-input', { detail: `previous of seq ${seq}` });
    const leaf = leafHash(utf8(document));
    frontier.append(leaf);
    rows.push({ seq, hash, leaf: toHex(leaf), document });
    head = hash;
    size += 1;
  }
  return { after: { size, head, frontier }, rows };
}

async function heldHashes(
  db: Kysely<Tables>,
  deviceId: string,
  seqs: readonly number[],
): Promise<Map<number, string>> {
  if (seqs.length === 0) return new Map();
  const rows = await db
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('device_id', '=', deviceId)
    .where('seq', 'in', seqs)
    .execute();
  return new Map(rows.map((row) => [row.seq, row.hash]));
}

export async function readHead(db: Kysely<Tables>, deviceId: string): Promise<Head> {
  const row = await db
    .selectFrom('audit_heads')
    .select(['size', 'head'])
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  return row ?? { size: 0, head: EMPTY_HEAD };
}
