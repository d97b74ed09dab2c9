/** Since when entries wait to be sent. */
import type { AuditLog } from './log.ts';

/** When the first entry was written that central is not known to have, epoch ms; undefined when it has all. */
export async function oldestUnsent(
  audit: Pick<AuditLog, 'status' | 'size' | 'from'>,
): Promise<number | undefined> {
  const known = audit.status().cosigned?.size ?? 0;
  const [oldest] = known < audit.size ? await audit.from(known, 1) : [];
  return oldest && Date.parse(oldest.at);
}
