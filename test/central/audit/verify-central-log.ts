/** Compares central's own log in the database with the heads that were signed over it. */
import type { ExpressionBuilder, Kysely } from 'kysely';
import { equal, utf8 } from '../../../shared/canonical/bytes.ts';
import { openCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import type { NoteKey } from '../../../shared/canonical/signed-note.ts';
import type { Tables } from '../database/tables.ts';
import { CentralLogError, readFrontier } from './central-tree.ts';

/** Entries that a start looks at: the newest. Older ones are checked when they are proved, and by an audit. */
const START_ENTRIES = 50_000;
/** Entries read at once. */
const BATCH = 5_000;

/** @param entries how many of the newest; all, when there are no more. @throws CentralLogError */
export async function verifyCentralLog(
  db: Kysely<Tables>,
  key: NoteKey,
  entries = START_ENTRIES,
): Promise<void> {
  // Entries and the head over them are one transaction, so they are read as of one moment, in one statement: another
  // process may place entries meanwhile.
  const last = await db
    .selectNoFrom((e) => [
      newestHead(e).select('size').as('size'),
      newestHead(e).select('note').as('note'),
      e
        .selectFrom('central_log')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .as('seq'),
    ])
    .executeTakeFirstOrThrow();
  const size = Number(last.size ?? 0);
  if (Number(last.seq ?? -1) + 1 !== size) throw new CentralLogError(`entries after ${size}`);
  if (last.note === null) return;
  const head = await openCheckpoint(last.note, key);
  if (head?.size !== size) throw new CentralLogError('its head');
  const frontier = await readFrontier(db, Math.max(0, size - entries));
  while (frontier.size < size) {
    const from = frontier.size;
    const rows = await db
      .selectFrom('central_log')
      .innerJoin('central_nodes', (join) =>
        join.onRef('central_nodes.index', '=', 'central_log.seq').on('central_nodes.level', '=', 0),
      )
      .select(['seq', 'document', 'hash'])
      .where('seq', '>=', String(from))
      .where('seq', '<', String(Math.min(size, from + BATCH)))
      .orderBy('seq')
      .execute();
    if (rows.length === 0) throw new CentralLogError(`entry ${from}`);
    for (const { seq, document, hash } of rows) {
      const leaf = leafHash(utf8(document));
      if (Number(seq) !== frontier.size || !equal(leaf, hash))
        throw new CentralLogError(`entry ${frontier.size}`);
      frontier.append(leaf);
    }
  }
  if (!equal(frontier.root(), head.root)) throw new CentralLogError(`the tree of ${size}`);
}

function newestHead(e: ExpressionBuilder<Tables, never>) {
  return e.selectFrom('central_checkpoints').orderBy('size', 'desc').limit(1);
}
