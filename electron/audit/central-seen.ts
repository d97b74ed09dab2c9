/** What a counter has seen of central's own log: kept on the disk, so that central can never take it back. */
import { z } from 'zod';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import type { Witness } from '../../shared/domain/audit.ts';
import { signedWitnessSchema } from '../../shared/protocol/documents.ts';
import { AuditDamage } from './damage.ts';
import type { AuditFiles } from './files.ts';

export const SEEN = 'central-seen.json';

const seenSchema = z.strictObject({
  schema: z.literal('zhiqing-central-seen/1'),
  witness: signedWitnessSchema,
  /** Head of central's log, a signed note; undefined before the first. */
  checkpoint: z.string().optional(),
  /** Verifier key that it was signed with; central's keys may have changed since. */
  checkpointKey: z.string().optional(),
  /** Epoch ms. */
  at: z.number().int().min(0),
});

export interface CentralSeen {
  witness: SignedDocument<Witness>;
  checkpoint?: string | undefined;
  checkpointKey?: string | undefined;
  at: number;
}

/** @throws AuditDamage when the file was damaged: what was seen can't be forgotten by breaking a file. */
export async function readSeen(files: AuditFiles): Promise<CentralSeen | undefined> {
  const bytes = await files.read(SEEN);
  if (!bytes) return undefined;
  try {
    const { witness, checkpoint, checkpointKey, at } = seenSchema.parse(JSON.parse(fromUtf8(bytes)));
    return { witness, checkpoint, checkpointKey, at };
  } catch {
    throw new AuditDamage('checkpoints-altered', SEEN);
  }
}

export async function keepSeen(files: AuditFiles, seen: CentralSeen): Promise<void> {
  const { witness, checkpoint, checkpointKey, at } = seen;
  const kept = seenSchema.parse({
    schema: 'zhiqing-central-seen/1',
    witness,
    at,
    ...(checkpoint === undefined ? {} : { checkpoint, checkpointKey }),
  });
  await files.replace(SEEN, `${JSON.stringify(kept)}\n`);
}
