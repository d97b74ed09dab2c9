/**
 * Central's own log: a Merkle tree over what it vouched for and what it refused. Counters see that it only ever
 * grows, so central cannot take back a word either. It is one log over all processes: events wait in a queue, and
 * whoever has the lock gives all of them their places under one signed head, which continues the head before.
 */
import { type Kysely, sql } from 'kysely';
import { equal, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { type Checkpoint, openCheckpoint, signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { type CentralEvent, centralEventSchema } from '../../../shared/domain/audit.ts';
import type { AuditCheckpointAnswer } from '../../../shared/protocol/documents.ts';
import type { Database } from '../database/open.ts';
import type { Tables } from '../database/tables.ts';
import { CentralLogError, insertPlaced, readFrontier, readProofs } from './central-tree.ts';
import { Frontier } from './frontier.ts';
import { verifyCentralLog } from './verify-central-log.ts';
import type { WitnessKeys } from './witness.ts';

/** An event before it has its place. */
export type NewEvent = CentralEvent extends infer E
  ? E extends CentralEvent
    ? Omit<E, 'schema' | 'seq' | 'at'>
    : never
  : never;

export interface CentralLog {
  /** Puts an event into the queue within a transaction; answers its number there. Nobody waits for anybody. */
  enqueue(tx: Kysely<Tables>, event: NewEvent, at: Date): Promise<string>;
  /** Resolves once everything that was committed to the queue before this call has its place. */
  settle(): Promise<void>;
  /** The signed head, with proofs that it continues `seen` leaves and holds the event that was queued. */
  prove(seen: number, queued: string): Promise<AuditCheckpointAnswer['log']>;
}

/** Opens the log, verifies it against what was signed, and names central's keys in it. @throws CentralLogError */
export async function openCentralLog(
  db: Database,
  keys: WitnessKeys,
  now: () => number,
): Promise<CentralLog> {
  const log = new DatabaseLog(db, keys, now);
  await verifyCentralLog(db, keys.log);
  await log.publish(await hashOf(keys.document.document));
  return log;
}

/** Events that get their places in one transaction. */
const BATCH = 1_000;

class DatabaseLog implements CentralLog {
  readonly #db: Database;
  readonly #keys: WitnessKeys;
  readonly #now: () => number;
  #running: Promise<unknown> = Promise.resolve();
  #opened: { note: string; head: Checkpoint } | undefined;
  /** The turn that has not begun yet. */
  #next: Promise<void> | undefined;

  constructor(db: Database, keys: WitnessKeys, now: () => number) {
    this.#db = db;
    this.#keys = keys;
    this.#now = now;
  }

  async enqueue(tx: Kysely<Tables>, event: NewEvent, at: Date): Promise<string> {
    const { id } = await tx
      .insertInto('central_queue')
      .values({ event: canonicalJson(event), at })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  settle(): Promise<void> {
    // One that is under way may not have seen our event: whoever asks meanwhile shares the one after it. So a
    // process waits for the lock with one connection, however many ask.
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const turn = this.#takeTurn();
      this.#running = turn.catch(() => undefined);
      return turn;
    });
    return this.#next;
  }

  async prove(seen: number, queued: string): Promise<AuditCheckpointAnswer['log']> {
    const row = await this.#db
      .selectFrom('central_log')
      .select(['seq', 'document'])
      .select((e) =>
        e.selectFrom('central_checkpoints').select('note').orderBy('size', 'desc').limit(1).as('note'),
      )
      .where('queued', '=', queued)
      .executeTakeFirstOrThrow();
    const head = await this.#open(row.note ?? '');
    const index = Number(row.seq);
    const { inclusion, consistency } = await readProofs(this.#db, head, {
      leaf: utf8(row.document),
      index,
      seen,
    });
    return {
      checkpoint: row.note ?? '',
      consistency: consistency.map(toHex),
      event: row.document,
      index,
      inclusion: inclusion.map(toHex),
    };
  }

  async publish(witness: string): Promise<void> {
    const known = await this.#db
      .selectFrom('central_log')
      .select('seq')
      .where(sql<boolean>`document::jsonb ->> 'witness' = ${witness}`)
      .executeTakeFirst();
    if (!known) await this.enqueue(this.#db, { event: 'witness-published', witness }, new Date(this.#now()));
    await this.settle();
  }

  async #takeTurn(): Promise<void> {
    while ((await this.#place()) === BATCH);
  }

  /** Gives events of the queue their places, all or none; answers how many. */
  #place(): Promise<number> {
    return this.#db.transaction().execute(async (tx) => {
      // One writer at a time, over all processes: places have no gaps, and heads continue one another.
      await sql`select pg_advisory_xact_lock(hashtextextended('central-log', 0))`.execute(tx);
      const taken = await tx
        .deleteFrom('central_queue')
        .where('id', 'in', (e) => e.selectFrom('central_queue').select('id').orderBy('id').limit(BATCH))
        .returning(['id', 'event', 'at'])
        .execute();
      if (taken.length === 0) return 0;
      const frontier = await this.#lastHead(tx);
      const seq = frontier.size;
      const entries = taken
        .toSorted((a, b) => Number(a.id) - Number(b.id))
        .map(({ id, event, at }, i) => ({ document: placedEvent(event, seq + i, at), at, queued: id }));
      const nodes = entries.flatMap(({ document }) => frontier.append(leafHash(utf8(document))));
      const note = await signCheckpoint({ size: frontier.size, root: frontier.root() }, this.#keys.log);
      await insertPlaced(tx, { entries, seq, nodes, note, frontier, signedAt: new Date(this.#now()) });
      return taken.length;
    });
  }

  /** The tree's right edge at the last head that was signed: what is signed next continues it, whatever else is there. */
  async #lastHead(tx: Kysely<Tables>): Promise<Frontier> {
    const last = await tx
      .selectFrom('central_checkpoints')
      .select(['note', 'frontier'])
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last) return new Frontier();
    const { size, root } = await this.#open(last.note);
    const frontier =
      last.frontier === null
        ? await readFrontier(tx, size)
        : Frontier.fromJson(JSON.parse(last.frontier), size);
    if (!equal(frontier.root(), root)) throw new CentralLogError(`the tree of ${size}`);
    return frontier;
  }

  /** A head that this very key signed. */
  async #open(note: string): Promise<Checkpoint> {
    // Many ask about the same head, one after the other.
    if (this.#opened?.note === note) return this.#opened.head;
    const head = await openCheckpoint(note, this.#keys.log);
    if (!head) throw new CentralLogError('its head');
    this.#opened = { note, head };
    return head;
  }
}

/** Canonical JSON of an event at its place. */
function placedEvent(event: string, seq: number, at: Date): string {
  const schema = 'zhiqing-central-event/1';
  return canonicalJson(centralEventSchema.parse({ schema, ...JSON.parse(event), seq, at: at.toISOString() }));
}
