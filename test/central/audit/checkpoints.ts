/** Cosigning: central says of a counter's checkpoint that it holds these very entries, and never says otherwise. */
import type { Kysely } from 'kysely';
import { equal, toHex } from '../../../shared/canonical/bytes.ts';
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
import { extend, readChain } from './chain.ts';
import type { Frontier } from './frontier.ts';

type Reason = 'fork' | 'rollback' | 'signature';

/** A counter contradicts what central holds: written down before it is refused. */
export async function refuseCounter(
  { db, centralLog, now }: Pick<Context, 'db' | 'centralLog' | 'now'>,
  device: string,
  reason: Reason,
  detail: string,
): Promise<never> {
  await centralLog.enqueue(db, { event: 'counter-refused', device, reason }, new Date(now()));
  await centralLog.settle();
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
  // Signed before it is judged, so that nobody waits behind a lock for it; it leaves only if it is right.
  const note = withSignature(text, await signNote(checkpoint.note.text, witness.cosigner, at));
  const judged = await db.transaction().execute(async (tx): Promise<Held | Refusal> => {
    const judgement = await judge(tx, device.id, checkpoint);
    if ('reason' in judgement || 'queued' in judgement) return judgement;
    const { frontier } = judgement;
    const { size } = frontier;
    const root = toHex(checkpoint.root);
    const event = { event: 'checkpoint-cosigned', device: device.id, size, root } as const;
    const queued = await centralLog.enqueue(tx, event, new Date(at));
    await tx
      .with('cosigned', (e) =>
        e
          .updateTable('audit_heads')
          .set({ cosigned_size: size, cosigned_frontier: JSON.stringify(frontier.toJson()) })
          .where('device_id', '=', device.id),
      )
      .insertInto('audit_checkpoints')
      // The same text and time for ever: what is kept is what went out.
      .values({ device_id: device.id, size, root, note, queued, received_at: new Date(at) })
      .execute();
    return { note, queued };
  });
  if ('reason' in judged) return refuseCounter(context, device.id, judged.reason, judged.detail);
  await centralLog.settle();
  return { checkpoint: judged.note, log: await centralLog.prove(seen, judged.queued) };
}

/** A checkpoint that was cosigned, and the number of the event that says so. */
interface Held {
  readonly note: string;
  readonly queued: string;
}

interface Refusal {
  readonly reason: Reason;
  readonly detail: string;
}

async function judge(
  tx: Kysely<Tables>,
  device: string,
  asked: Checkpoint,
): Promise<{ frontier: Frontier } | Held | Refusal> {
  // One after the other for a counter, over all processes. The lock is a statement of its own: what is read in the
  // same one as a lock is waited for is what was there before the wait.
  const chain = await readChain(tx, device, 'locked');
  const { cosigned } = chain;
  const { size, root } = asked;
  if (size < cosigned.size) return { reason: 'rollback', detail: `rollback: ${size} of ${cosigned.size}` };
  const fork: Refusal = { reason: 'fork', detail: `fork at size ${size}` };
  if (size === cosigned.size && size > 0) {
    // A counter that lost the answer asks again.
    return equal(cosigned.root(), root) ? readHeld(tx, device, size) : fork;
  }
  // Nothing to cosign is no tree either.
  if (chain.size < size || size === 0)
    throw new Failure('bad-input', { detail: `gap before seq ${chain.size}` });
  let { frontier } = chain;
  if (chain.size > size) {
    // More has come since it was signed: grown from the last one.
    frontier = cosigned.copy();
    await extend(tx, device, frontier, size);
  }
  return equal(frontier.root(), root) ? { frontier } : fork;
}

function readHeld(tx: Kysely<Tables>, device: string, size: number): Promise<Held> {
  return tx
    .selectFrom('audit_checkpoints')
    .select(['note', 'queued'])
    .where('device_id', '=', device)
    .where('size', '=', size)
    .executeTakeFirstOrThrow();
}
