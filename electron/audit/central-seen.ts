/** What a counter has seen of central's own log: kept on the disk, so that central can never take it back. */
import { z } from 'zod';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import type { Witness } from '../../shared/domain/audit.ts';
import { signedWitnessSchema } from '../../shared/protocol/documents.ts';
import { isAuthentic, macOf } from '../vault/authentic.ts';
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

const writtenSchema = seenSchema.extend({ mac: z.string() });
const MAC_NAME = 'central-seen';

/**
 * @param expected Whether something was seen: a cosigned checkpoint is there.
 * @throws AuditDamage when the file was damaged or is gone: what was seen can't be forgotten by breaking a file.
 */
export async function readSeen(
  files: AuditFiles,
  key: Buffer,
  expected: boolean,
): Promise<CentralSeen | undefined> {
  const damage = new AuditDamage('checkpoints-altered', SEEN);
  const bytes = await files.read(SEEN);
  if (!bytes) {
    if (expected) throw damage;
    return undefined;
  }
  try {
    const { mac, ...seen } = writtenSchema.parse(JSON.parse(fromUtf8(bytes)));
    if (!isAuthentic(key, MAC_NAME, seen, mac)) throw damage;
    const { witness, checkpoint, checkpointKey, at } = seen;
    return { witness, checkpoint, checkpointKey, at };
  } catch {
    throw damage;
  }
}

export async function keepSeen(files: AuditFiles, key: Buffer, seen: CentralSeen): Promise<void> {
  const { witness, checkpoint, checkpointKey, at } = seen;
  const kept = seenSchema.parse({
    schema: 'zhiqing-central-seen/1',
    witness,
    at,
    ...(checkpoint === undefined ? {} : { checkpoint, checkpointKey }),
  });
  await files.replace(SEEN, `${JSON.stringify({ ...kept, mac: macOf(key, MAC_NAME, kept) })}\n`);
}
