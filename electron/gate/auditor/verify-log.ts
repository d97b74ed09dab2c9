/** Verifies the log as it lies on the disk now, from its oldest entry: bytes, order, chain, tree. */
import { equal, toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { AuditLog } from '../../audit/log.ts';

const BATCH = 256;

export type Verifiable = Pick<AuditLog, 'from' | 'status' | 'size' | 'rootAt'>;

/**
 * Reads every entry again. Each must be the one that the tree holds (the log checks that as it reads, and is
 * condemned when it is not) and continue the chain.
 * @returns how many entries the log had when this began, and the tree's root over them (hex).
 * @throws Failure 'audit-failed' at the first entry that is not as it was written.
 */
export async function verifyLog(
  log: Verifiable,
  onProgress: (done: number, total: number) => void,
): Promise<{ entries: number; root: string }> {
  const total = log.size;
  const { oldest } = log.status();
  const rootBefore = log.rootAt(total);
  let previous: string | undefined;
  for (let seq = oldest; seq < total; ) {
    const batch = await log.from(seq, Math.min(BATCH, total - seq));
    for (const entry of batch) {
      // Of entries that are retired only the leaf is left: the oldest that is there has nobody to compare with.
      const linked = previous === undefined || entry.previous === previous;
      if (entry.seq !== seq || !linked) throw new Failure('audit-failed', { detail: `entry ${seq}` });
      previous = await hashOf(entry);
      seq += 1;
    }
    onProgress(seq - oldest, total - oldest);
  }
  const root = log.rootAt(total);
  if (!root || !rootBefore || !equal(root, rootBefore)) throw new Failure('audit-failed', { detail: 'root' });
  return { entries: total, root: toHex(root) };
}
