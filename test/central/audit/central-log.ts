/**
 * Central's own log: a Merkle tree over what it vouched for and what it refused. Counters see that it only ever
 * grows, so central cannot take back a word either.
 */
import { type Kysely, sql } from 'kysely';
import { equal, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import { signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalBytes, canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { type CentralEvent, centralEventSchema } from '../../../shared/domain/audit.ts';
import type { AuditCheckpointAnswer } from '../../../shared/protocol/documents.ts';
import type { Database } from '../database/open.ts';
import type { Tables } from '../database/tables.ts';
import type { WitnessKeys } from './witness.ts';

/** An event before it has its place. */
export type NewEvent = CentralEvent extends infer E
  ? E extends CentralEvent
    ? Omit<E, 'schema' | 'seq' | 'at'>
    : never
  : never;

export interface CentralLog {
  /** Appends within a transaction; answers the event's place. */
  append(tx: Kysely<Tables>, event: NewEvent, at: Date): Promise<number>;
  /** The signed head, with proofs that it continues `seen` leaves and holds the event at `index`. */
  prove(seen: number, index: number): Promise<AuditCheckpointAnswer['log']>;
}

/** The database holds another log than the one that was signed. */
export class CentralLogError extends Error {
  constructor(size: number) {
    super(`central's own log is not the one that was signed at ${size} entries`);
    this.name = 'CentralLogError';
  }
}

/** Opens the log, verifies it against its last checkpoint, and names central's keys in it. @throws CentralLogError */
export async function openCentralLog(
  db: Database,
  keys: WitnessKeys,
  now: () => number,
): Promise<CentralLog> {
  const log = new DatabaseLog(db, keys, now);
  await log.verify();
  await log.publish(await hashOf(keys.document.document));
  return log;
}

class DatabaseLog implements CentralLog {
  readonly #db: Database;
  readonly #keys: WitnessKeys;
  readonly #now: () => number;
  readonly #tree = new MerkleLog();
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Database, keys: WitnessKeys, now: () => number) {
    this.#db = db;
    this.#keys = keys;
    this.#now = now;
  }

  async append(tx: Kysely<Tables>, event: NewEvent, at: Date): Promise<number> {
    // One writer at a time, over all instances: places have no gaps.
    await sql`select pg_advisory_xact_lock(hashtextextended('central-log', 0))`.execute(tx);
    const last = await tx
      .selectFrom('central_log')
      .select((e) => e.fn.max('seq').as('seq'))
      .executeTakeFirst();
    const seq = last?.seq === null || last?.seq === undefined ? 0 : last.seq + 1;
    const document = centralEventSchema.parse({
      schema: 'zhiqing-central-event/1',
      ...event,
      seq,
      at: at.toISOString(),
    });
    const leaf = toHex(leafHash(canonicalBytes(document)));
    await tx
      .insertInto('central_log')
      .values({ seq, document: canonicalJson(document), leaf, at })
      .execute();
    return seq;
  }

  async prove(seen: number, index: number): Promise<AuditCheckpointAnswer['log']> {
    const size = await this.#refresh();
    const checkpoint = await this.#checkpoint(size);
    const { document } = await this.#db
      .selectFrom('central_log')
      .select('document')
      .where('seq', '=', index)
      .executeTakeFirstOrThrow();
    return {
      checkpoint,
      // A counter that has seen more than there is gets no proof, and draws its conclusion.
      consistency: seen <= size ? this.#tree.consistency(seen, size).map(toHex) : [],
      event: document,
      index,
      inclusion: this.#tree.inclusion(index, size).map(toHex),
    };
  }

  async verify(): Promise<void> {
    await this.#refresh();
    const rows = await this.#db.selectFrom('central_checkpoints').select(['size', 'root']).execute();
    for (const { size, root } of rows) {
      if (size > this.#tree.size || !equal(this.#tree.root(size), fromHex(root))) {
        throw new CentralLogError(size);
      }
    }
  }

  async publish(witness: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('central_log')
        .select('seq')
        .where(sql<boolean>`document::jsonb ->> 'witness' = ${witness}`)
        .executeTakeFirst();
      if (!known) await this.append(tx, { event: 'witness-published', witness }, new Date(this.#now()));
    });
  }

  /** Takes in what has been committed; answers the size. */
  #refresh(): Promise<number> {
    const turn = this.#last.then(async () => {
      const rows = await this.#db
        .selectFrom('central_log')
        .select(['seq', 'leaf', 'document'])
        .where('seq', '>=', this.#tree.size)
        .orderBy('seq')
        .execute();
      for (const { seq, leaf, document } of rows) {
        const own = leafHash(canonicalBytes(JSON.parse(document)));
        if (seq !== this.#tree.size || toHex(own) !== leaf) throw new CentralLogError(seq);
        this.#tree.append(own);
      }
      return this.#tree.size;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Signs a head once; every instance of the service gives the same bytes (Ed25519 has no chance in it). */
  async #checkpoint(size: number): Promise<string> {
    const root = this.#tree.root(size);
    const note = await signCheckpoint({ size, root }, this.#keys.log);
    await this.#db
      .insertInto('central_checkpoints')
      .values({ size, root: toHex(root), note, signed_at: new Date(this.#now()) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const kept = await this.#db
      .selectFrom('central_checkpoints')
      .select('root')
      .where('size', '=', size)
      .executeTakeFirstOrThrow();
    if (kept.root !== toHex(root)) throw new CentralLogError(size);
    return note;
  }
}
