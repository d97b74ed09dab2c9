/** Where a counter's chain ends at central: enough to go on with it and to know its root, without the entries. */
import { type Kysely, sql } from 'kysely';
import { fromHex } from '../../../shared/canonical/bytes.ts';
import type { Tables } from '../database/tables.ts';
import { Frontier } from './frontier.ts';

/** Head of a counter's chain with nothing in it. */
export const EMPTY_HEAD = '0'.repeat(64);
/** Leaves read at once. */
const BATCH = 10_000;

export interface Chain {
  readonly size: number;
  /** SHA-256 (hex) of the last entry's canonical bytes. */
  readonly head: string;
  /** Of the tree over all entries. */
  readonly frontier: Frontier;
  /** Of the tree that was cosigned last. */
  readonly cosigned: Frontier;
}

/** @param lock nobody changes it until the end of the transaction; one with nothing in it has nothing to lock */
export async function readChain(db: Kysely<Tables>, deviceId: string, lock?: 'locked'): Promise<Chain> {
  let query = db
    .selectFrom('audit_heads')
    .select(['size', 'head', 'frontier', 'cosigned_size', 'cosigned_frontier'])
    .where('device_id', '=', deviceId);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) return { size: 0, head: EMPTY_HEAD, frontier: new Frontier(), cosigned: new Frontier() };
  const { size, head } = row;
  const cosigned = Frontier.fromJson(JSON.parse(row.cosigned_frontier), row.cosigned_size);
  if (row.frontier !== null) {
    return { size, head, frontier: Frontier.fromJson(JSON.parse(row.frontier), size), cosigned };
  }
  // A chain of before frontiers were kept.
  const frontier = cosigned.copy();
  await extend(db, deviceId, frontier, size);
  return { size, head, frontier, cosigned };
}

/** Grows a frontier by entries that are held, up to a size. */
export async function extend(
  db: Kysely<Tables>,
  deviceId: string,
  frontier: Frontier,
  size: number,
): Promise<void> {
  while (frontier.size < size) {
    const rows = await db
      .selectFrom('audit_entries')
      .select('leaf')
      .where('device_id', '=', deviceId)
      .where('seq', '>=', frontier.size)
      .where('seq', '<', size)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
    for (const { leaf } of rows) frontier.append(fromHex(leaf));
    if (rows.length < BATCH) return;
  }
}

/** An entry as it is kept. */
export type EntryRow = Pick<Tables['audit_entries'], 'seq' | 'hash' | 'leaf' | 'document'>;

/**
 * Appends rows to the chain that was read, in one statement: all of them, or none when it has grown meanwhile.
 * @returns whether they are in it
 */
export async function appendRows(
  db: Kysely<Tables>,
  deviceId: string,
  before: Chain,
  after: Pick<Chain, 'size' | 'head' | 'frontier'>,
  rows: readonly EntryRow[],
  receivedAt: Date,
): Promise<boolean> {
  const column = <K extends keyof EntryRow>(name: K) => rows.map((row) => row[name]);
  const frontier = JSON.stringify(after.frontier.toJson());
  const { numAffectedRows } = await sql`
    with moved as (
      insert into audit_heads as held (device_id, size, head, frontier)
      values (${deviceId}, ${after.size}, ${after.head}, ${frontier})
      on conflict (device_id) do update
        set size = excluded.size, head = excluded.head, frontier = excluded.frontier
        where held.size = ${before.size}
      returning device_id
    )
    insert into audit_entries (device_id, seq, hash, leaf, document, received_at)
    select moved.device_id, row.seq, row.hash, row.leaf, row.document, ${receivedAt}::timestamptz
    from moved cross join unnest(
      ${column('seq')}::integer[], ${column('hash')}::text[], ${column('leaf')}::text[], ${column('document')}::text[]
    ) as row (seq, hash, leaf, document)`.execute(db);
  return numAffectedRows !== undefined && numAffectedRows > 0n;
}
