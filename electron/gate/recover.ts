/** What a crash left open: visits without an end are ended, their consents too. */
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Outbox } from '../central/outbox.ts';
import { erasureItem } from './erasure.ts';

export interface OpenVisit {
  started: AuditEntry;
  consentId: string | undefined;
  /** As it was signed in this visit. */
  consentHash: string | undefined;
  /** The case that it has sealed, or that the customer came back for. */
  caseId: string | undefined;
}

/** Follows a log entry by entry and knows which visits began and did not end. */
export function visitFollower(): { see(entry: AuditEntry): void; open(): OpenVisit[] } {
  const open = new Map<string, OpenVisit>();
  return {
    see(entry) {
      const { sessionId, action, consentId } = entry;
      if (sessionId === undefined) return;
      if (action === 'session-started') {
        open.set(sessionId, {
          started: entry,
          consentId: undefined,
          consentHash: undefined,
          caseId: undefined,
        });
      }
      if (action === 'session-ended') open.delete(sessionId);
      const visit = open.get(sessionId);
      if (visit && consentId !== undefined) visit.consentId = consentId;
      const { consentHash } = entry.facts;
      if (visit && action === 'consent-signed' && typeof consentHash === 'string') {
        visit.consentHash = consentHash;
      }
      const { case: caseId } = entry.facts;
      const has = action === 'session-started' || action === 'records-held';
      if (visit && has && typeof caseId === 'string') visit.caseId = caseId;
    },
    open: () => [...open.values()],
  };
}

/** Visits that began and did not end, in order. */
export function openVisits(entries: readonly AuditEntry[]): OpenVisit[] {
  const follower = visitFollower();
  for (const entry of entries) follower.see(entry);
  return follower.open();
}

/**
 * Ends them. Their keys were in memory only and went with the process; the windows' storage has been cleared
 * before this is called. SECURITY: S11 S16 S19
 */
export async function endVisits(
  visits: readonly OpenVisit[],
  log: Pick<AuditLog, 'append'>,
  outbox: Pick<Outbox, 'add'>,
  now: () => number,
  /** Whether a case is still kept. */
  isKept: (caseId: string) => boolean,
): Promise<void> {
  for (const { started, consentId, consentHash, caseId } of visits) {
    const { sessionId, staffId, subject } = started;
    const fields = {
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(staffId === undefined ? {} : { staffId }),
      ...(subject === undefined ? {} : { subject }),
      ...(consentId === undefined ? {} : { consentId }),
    };
    // What was opened again has ended long ago.
    if (consentHash !== undefined && consentId !== undefined) {
      await outbox.add({
        kind: 'consent-end',
        id: `consent-end ${consentId}`,
        addedAt: Date.now(),
        consentId,
        end: { reason: 'visit-ended', at: new Date(now()).toISOString() },
      });
    }
    if (caseId !== undefined) {
      // What is kept stays; what is not has its own entry and evidence.
      if (isKept(caseId))
        await log.append('held-closed', { ...fields, facts: { case: caseId, after: 'stop' } });
      await log.append('session-ended', { ...fields, facts: { outcome: 'stopped', after: 'stop' } });
      continue;
    }
    const entry = await log.append('keys-destroyed', {
      ...fields,
      facts: { planes: 'core, customer, staff', after: 'stop' },
    });
    if (consentId !== undefined && consentHash !== undefined) {
      const { device } = started;
      const reason = 'visit-ended';
      await outbox.add(await erasureItem({ consentId, consentHash, reason, device, at: now(), entry }));
    }
    await log.append('session-ended', { ...fields, facts: { outcome: 'stopped', after: 'stop' } });
  }
}
