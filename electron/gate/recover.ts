/** What a crash left open: visits without an end are ended, their consents too; evidence that is owed is sent. */
import { join } from 'node:path';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { CaseRow } from '../../shared/domain/case.ts';
import { type ErasureReason, erasureReasons } from '../../shared/domain/erasure.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Outbox } from '../central/outbox.ts';
import { StartRefusal } from '../start-refusal.ts';
import { erasureItem } from './erasure.ts';

export interface OpenVisit {
  started: AuditEntry;
  consentId: string | undefined;
  /** As it was signed in this visit. */
  consentHash: string | undefined;
  /** The case that it has sealed, or that the customer came back for. */
  caseId: string | undefined;
  /** Whether its row of the day list is in the log: on its way to central, that is. */
  recorded: boolean;
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
          recorded: false,
        });
      }
      if (action === 'session-ended') open.delete(sessionId);
      const visit = open.get(sessionId);
      if (visit && consentId !== undefined) visit.consentId = consentId;
      const { consentHash } = entry.facts;
      if (visit && action === 'consent-signed' && typeof consentHash === 'string') {
        visit.consentHash = consentHash;
      }
      if (visit && action === 'case-recorded') visit.recorded = true;
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

export interface OwedErasure {
  consentId: string;
  consentHash: string;
  reason: ErasureReason;
  /** The entry that says that the keys went. */
  entry: AuditEntry;
}

/** Follows a log and knows of which consents the keys went without central being told, as far as the log can tell. */
export function owedErasures(): { see(entry: AuditEntry): void; owed(): OwedErasure[] } {
  const signed = new Map<string, string>();
  const gone = new Map<string, OwedErasure>();
  return {
    see(entry) {
      const { action, consentId, facts } = entry;
      if (consentId === undefined) return;
      const { consentHash } = facts;
      if (action === 'consent-signed' && typeof consentHash === 'string') signed.set(consentId, consentHash);
      const hash = signed.get(consentId);
      if (action === 'keys-destroyed' && hash !== undefined) {
        const reason = erasureReasons.find((one) => one === facts.reason) ?? 'visit-ended';
        gone.set(consentId, { consentId, consentHash: hash, reason, entry });
      }
      // Central has it, or does not want it.
      const refused = action === 'delivery-refused' && facts.what === 'erasure';
      if (action === 'erasure-evidenced' || action === 'consent-rejected' || refused) {
        signed.delete(consentId);
        gone.delete(consentId);
      }
    },
    owed: () => [...gone.values()],
  };
}

/** What lies in the outbox goes from there. */
export async function sendOwed(
  owed: readonly OwedErasure[],
  { outbox, device, now }: { outbox: Pick<Outbox, 'add' | 'items'>; device: string; now: () => number },
): Promise<void> {
  const waiting = new Set(outbox.items.map(({ id }) => id));
  for (const { consentId, consentHash, reason, entry } of owed) {
    if (waiting.has(`erasure ${consentId}`)) continue;
    // The consent of what was kept for a case ended with its visit.
    const ended = reason === 'withdrawn' || reason === 'expired' ? reason : 'visit-ended';
    await outbox.add(consentEnd(consentId, ended, now()));
    const held = entry.facts.case !== undefined;
    await outbox.add(await erasureItem({ consentId, consentHash, reason, device, at: now(), entry, held }));
  }
}

export interface EndOptions {
  audit: Pick<AuditLog, 'append'>;
  outbox: Pick<Outbox, 'add'>;
  /** Epoch ms. */
  now: () => number;
  /** Whether a case is still kept. */
  isKept: (caseId: string) => boolean;
  /** Rows of the day list that were closed at this instant (RFC 3339) or after it. */
  rowsSince: (at: string) => Promise<readonly CaseRow[]>;
}

/**
 * Ends them. Their keys were in memory only and went with the process; the windows' storage has been cleared
 * before this is called. SECURITY: S11 S16 S19
 */
export async function endVisits(
  visits: readonly OpenVisit[],
  { audit, outbox, now, isKept, rowsSince }: EndOptions,
): Promise<void> {
  for (const { started, consentId, consentHash, caseId, recorded } of visits) {
    const { sessionId, staffId, subject } = started;
    const fields = {
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(staffId === undefined ? {} : { staffId }),
      ...(subject === undefined ? {} : { subject }),
      ...(consentId === undefined ? {} : { consentId }),
    };
    // What was opened again has ended long ago.
    if (consentHash !== undefined && consentId !== undefined)
      await outbox.add(consentEnd(consentId, 'visit-ended', now()));
    // The power went between the day list and the outbox: central has no other word of the row. No other visit began
    // after this one.
    for (const row of recorded ? [] : await rowsSince(started.at)) {
      const signed = consentId !== undefined && consentHash !== undefined ? { consentId } : {};
      await outbox.add({ kind: 'case', id: `case ${row.caseId}`, row, ...signed });
      await audit.append('case-recorded', { ...fields, facts: { case: row.caseId } });
    }
    if (caseId !== undefined) {
      // What is kept stays; what is not has its own entry and evidence.
      if (isKept(caseId))
        await audit.append('held-closed', { ...fields, facts: { case: caseId, after: 'stop' } });
      await audit.append('session-ended', { ...fields, facts: { outcome: 'stopped', after: 'stop' } });
      continue;
    }
    const entry = await audit.append('keys-destroyed', {
      ...fields,
      facts: { planes: 'core, customer, staff', after: 'stop' },
    });
    if (consentId !== undefined && consentHash !== undefined) {
      const { device } = started;
      const reason = 'visit-ended';
      await outbox.add(await erasureItem({ consentId, consentHash, reason, device, at: now(), entry }));
    }
    await audit.append('session-ended', { ...fields, facts: { outcome: 'stopped', after: 'stop' } });
  }
}

/** Files beside the log that a left visit needs, by the detail of their failure. */
const needed: Readonly<Record<string, { folder: string; zh: string; en: string }>> = {
  outbox: { folder: 'outbox', zh: '待发件箱', en: 'The outbox' },
  'day list': { folder: 'day-list', zh: '日清单', en: 'The day list' },
};

/** Why a visit that was left open cannot be ended, where it is not the log that stands in the way. */
export function leftRefusal(error: unknown, userData: string): StartRefusal | undefined {
  if (!(error instanceof Failure) || error.error.kind !== 'storage-failed') return undefined;
  const { code, detail = '' } = error.error;
  const { folder, zh, en } = needed[detail] ?? { folder: '', zh: '本机数据', en: 'The data of this counter' };
  const place = join(userData, folder);
  return new StartRefusal(
    `${zh}无法读写,上次未结束的办理不能收尾,已停止服务(${code})。位置:${place}。请检查磁盘空间和权限后重新启动。`,
    `${en} cannot be read or written, so a visit that was left open cannot be ended and nobody is served (${code}). It lies in ${place}. Check space and permissions of the disk, then start again.`,
  );
}

function consentEnd(consentId: string, reason: 'visit-ended' | 'withdrawn' | 'expired', at: number) {
  return {
    kind: 'consent-end',
    id: `consent-end ${consentId}`,
    consentId,
    end: { reason, at: new Date(at).toISOString() },
  } as const;
}
