/** Carries the audit log to central in order, and compares the two chains. */
import { Failure } from '../../shared/domain/errors.ts';
import type { Connection } from '../central/connection.ts';
import type { AuditLog } from './log.ts';

/** As many entries as central takes at once. */
const BATCH = 500;

/**
 * Sends all entries that central does not hold yet.
 * @throws Failure of the call; 'audit-failed' when central holds another chain than ours, after which the log
 * takes no more entries: nobody is served until IT has looked. SECURITY: S10 S16
 */
export async function forwardAudit(log: AuditLog, connection: Pick<Connection, 'call'>): Promise<void> {
  let held = await connection.call('auditHead');
  for (;;) {
    if (log.headAt(held.size) !== held.head) {
      log.condemn();
      throw new Failure('audit-failed', { detail: 'central holds another chain' });
    }
    const entries = log.from(held.size, BATCH);
    if (entries.length === 0) return;
    held = await connection.call('audit', { body: { entries: [...entries] } });
  }
}
