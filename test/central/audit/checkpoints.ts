/** Cosigning: central says of a counter's checkpoint that it holds these very entries, and never says otherwise. */
import { type Kysely, sql } from 'kysely';
import { equal, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import {
  auditOrigin,
  type Checkpoint,
  openCheckpoint,
  withSignature,
} from '../../../shared/canonical/checkpoint.ts';
import { noteKey, signNote } from '../../../shared/canonical/signed-note.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { AuditCheckpointAnswer } from '../../../shared/protocol/documents.ts';
import type { Device } from '../auth.ts';
import type { Context } from '../context.ts';
import type { Tables } from '../database/tables.ts';
import { Frontier } from './frontier.ts';

/** Leaves read at once. */
const BATCH = 10_000;

type Reason = 'fork' | 'rollback' | 'signature';

/** A counter contradicts what central holds: written down before it is refused. */
export async function refuseCounter(
  { db, centralLog, now }: Pick<Context, 'db' | 'centralLog' | 'now'>,
  device: string,
  reason: Reason,
  detail: string,
): Promise<never> {
  await db
    .transaction()
    .execute((tx) => centralLog.append(tx, { event: 'counter-refused', device, reason }, new Date(now())));
  throw new Failure('audit-failed', { detail });
}

/**
 * Cosigns a checkpoint.
 * @throws Failure 'audit-failed' for a signature that is not the counter's, a smaller tree than the one cosigned
 * before, or one over other entries; 'bad-input' while entries are still missing here.
 */
export async function cosign(
  context: Context,
  device: Device,
  text: string,
  seen: number,
): Promise<AuditCheckpointAnswer> {
  const { db, witness, centralLog, now } = context;
  const key = await noteKey(auditOrigin(device.id), 'ecdsa', device.publicKey);
  const checkpoint = await openCheckpoint(text, key);
  if (!checkpoint) return refuseCounter(context, device.id, 'signature', 'checkpoint: signature');
  const at = now();
  const judged = await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`audit:${device.id}`}, 0))`.execute(tx);
    const judgement = await judge(tx, device.id, checkpoint);
    if ('reason' in judgement || 'index' in judgement) return judgement;
    // The same text and time for ever: what is kept is what went out.
    const note = withSignature(text, await signNote(checkpoint.note.text, witness.cosigner, at));
    const root = toHex(checkpoint.root);
    const event = { event: 'checkpoint-cosigned', device: device.id, size: checkpoint.size, root } as const;
    const index = await centralLog.append(tx, event, new Date(at));
    await tx
      .insertInto('audit_checkpoints')
      .values({
        device_id: device.id,
        size: checkpoint.size,
        root,
        frontier: JSON.stringify(judgement.frontier.toJson()),
        note,
        log_index: index,
        received_at: new Date(at),
      })
      .execute();
    return { note, index };
  });
  if ('reason' in judged) return refuseCounter(context, device.id, judged.reason, judged.detail);
  return { checkpoint: judged.note, log: await centralLog.prove(seen, judged.index) };
}

type Judgement =
  | { frontier: Frontier }
  | { note: string; index: number }
  | { reason: Reason; detail: string };

async function judge(tx: Kysely<Tables>, device: string, asked: Checkpoint): Promise<Judgement> {
  const last = await tx
    .selectFrom('audit_checkpoints')
    .select(['size', 'root', 'frontier', 'note', 'log_index'])
    .where('device_id', '=', device)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last && asked.size < last.size) {
    return { reason: 'rollback', detail: `rollback: ${asked.size} of ${last.size}` };
  }
  if (last && asked.size === last.size) {
    if (!equal(fromHex(last.root), asked.root)) {
      return { reason: 'fork', detail: `fork at size ${asked.size}` };
    }
    // A counter that lost the answer asks again.
    return { note: last.note, index: last.log_index };
  }
  const frontier = last ? Frontier.fromJson(JSON.parse(last.frontier), last.size) : new Frontier();
  await extend(tx, device, frontier, asked.size);
  if (frontier.size < asked.size) {
    throw new Failure('bad-input', { detail: `gap before seq ${frontier.size}` });
  }
  if (!equal(frontier.root(), asked.root)) {
    return { reason: 'fork', detail: `fork at size ${asked.size}` };
  }
  return { frontier };
}

async function extend(tx: Kysely<Tables>, device: string, frontier: Frontier, size: number): Promise<void> {
  while (frontier.size < size) {
    const rows = await tx
      .selectFrom('audit_entries')
      .select(['seq', 'leaf'])
      .where('device_id', '=', device)
      .where('seq', '>=', frontier.size)
      .where('seq', '<', size)
      .orderBy('seq')
      .limit(BATCH)
      .execute();
    for (const { leaf } of rows) frontier.append(fromHex(leaf));
    if (rows.length < BATCH) return;
  }
}
