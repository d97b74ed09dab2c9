/** Carries the audit log to central in order, and compares the two chains. */
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { AuditHead } from '../../shared/protocol/documents.ts';
import type { Connection } from '../central/connection.ts';
import { AuditDamage } from './damage.ts';
import type { AuditLog } from './log.ts';

/** As many entries as central takes at once. */
const BATCH = 500;

/**
 * Sends all entries that central does not hold yet; answers the head of its copy then.
 * @param known what central said last in this run: it is not asked again before entries are sent, and not at all when
 * there are none.
 * @throws Failure of the call, or 'central-untrusted' when central takes entries and says that it has not; AuditDamage
 * when central holds another chain than ours, after which the log takes no more entries: nobody is served until IT has
 * looked. SECURITY: S10 S16
 */
export async function forwardAudit(
  log: AuditLog,
  connection: Pick<Connection, 'call'>,
  known?: AuditHead,
): Promise<AuditHead> {
  let held = known ?? (await connection.call('auditHead'));
  let isFresh = known === undefined;
  for (;;) {
    if ((await log.headAt(held.size)) !== held.head) {
      return disagree(log, `central holds ${held.size} entries, we ${log.size}`);
    }
    const entries = await log.from(held.size, BATCH);
    if (entries.length === 0) return held;
    const sent = held.size + entries.length;
    try {
      held = await connection.call('audit', { body: { entries: [...entries] } });
    } catch (error) {
      const { kind, detail } = toAppError(error);
      // A refusal in central's words; a file of our own that fails has condemned the log already.
      if (kind === 'audit-failed' && !(error instanceof AuditDamage)) await disagree(log, detail ?? 'fork');
      // What it holds is not what it said: an older copy may have been put back, and is compared anew.
      if (kind !== 'bad-input' || isFresh) throw error;
      held = await connection.call('auditHead');
      isFresh = true;
      continue;
    }
    isFresh = true;
    // SECURITY: S13 an old answer, replayed, would have us send the same for ever.
    if (held.size < sent) throw new Failure('central-untrusted', { detail: 'audit: nothing taken' });
  }
}

/** The two sides contradict each other. */
export async function disagree(log: Pick<AuditLog, 'condemn'>, where: string): Promise<never> {
  const damage = new AuditDamage('central-chain', where);
  await log.condemn(damage);
  throw damage;
}
