/** What an auditor may ask for. Who watches is watched: every answer and every denial is an entry itself. */

import { toHex } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import type { AuditExport, AuditState, AuditVerified } from '../../../shared/contract/audit.ts';
import { auditProgressSchema } from '../../../shared/contract/audit.ts';
import type { EventPayload, Handlers } from '../../../shared/contract/contract.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { AuditLog } from '../../audit/log.ts';
import { noted } from '../noted.ts';
import { requireAuditor } from '../roles.ts';
import type { StaffSession } from '../staff-session.ts';
import { findEntries } from './find-entries.ts';
import { verifyLog } from './verify-log.ts';

type AuditorHandlers = Pick<
  Handlers<'staff'>,
  'auditState' | 'auditPage' | 'auditDetail' | 'auditVerify' | 'auditExport'
>;

export interface AuditorOptions {
  log: AuditLog;
  device: string;
  staff: Pick<StaffSession, 'require'>;
  /** Epoch ms. */
  now: () => number;
  /** Writes the log with its proofs, all of it or nothing. @throws Failure 'save-failed', 'audit-failed' */
  exportLog: () => Promise<AuditExport>;
  progress: (progress: EventPayload<'staff', 'auditProgress'>) => void;
}

/** To be made when the log has just been opened: opening verifies all of it. */
export function auditorHandlers(options: AuditorOptions): AuditorHandlers {
  const { log, device, staff, now, exportLog, progress } = options;
  let verified: AuditVerified = {
    at: new Date(now()).toISOString(),
    entries: log.size,
    root: rootOf(log),
    when: 'start',
  };
  let verifying: Promise<AuditVerified> | undefined;

  const denied = async (staffId: string, what: string, error: unknown): Promise<never> => {
    await log.append('log-denied', { staffId, facts: { what, kind: toAppError(error).kind } });
    throw noted(error);
  };

  /** Only for auditors. SECURITY: S10 the entry is on the disk before the answer goes out. */
  const watched = async <T>(
    what: string,
    work: () => Promise<T>,
    factsOf: (answer: T) => Record<string, string | number> = () => ({}),
    action: 'log-viewed' | 'log-exported' = 'log-viewed',
  ): Promise<T> => {
    const member = staff.require();
    const { id: staffId } = member;
    let answer: T;
    try {
      requireAuditor(member);
      answer = await work();
      // Somebody else by now. SECURITY: S16
      if (staff.require().id !== staffId) throw new Failure('forbidden', { detail: 'staff' });
    } catch (error) {
      return denied(staffId, what, error);
    }
    await log.append(action, { staffId, facts: { what, ...factsOf(answer) } });
    return answer;
  };

  const verify = async (): Promise<AuditVerified> => {
    const { entries, root } = await verifyLog(log, (done, total) => {
      progress(auditProgressSchema.parse({ done, total }));
    });
    verified = { at: new Date(now()).toISOString(), entries, root, when: 'asked' };
    return verified;
  };

  return {
    // Of the state there is no entry: it says nothing of anybody, and the window asks for it every few seconds.
    auditState: async () => {
      const member = staff.require();
      try {
        requireAuditor(member);
      } catch (error) {
        return denied(member.id, 'state', error);
      }
      return stateOf(log, device, verified);
    },
    auditPage: ({ filter, before, limit }) =>
      watched(
        'entries',
        () => findEntries(log, { filter, before, limit }),
        ({ entries }) => ({
          entries: entries.length,
          ...(before === undefined ? {} : { before }),
          by: Object.keys(filter).join(','),
        }),
      ),
    auditDetail: ({ seq }) =>
      watched(
        'proof',
        async () => {
          const proof = await log.prove(seq);
          return { proof, canonical: canonicalJson(proof.entry), hash: await hashOf(proof.entry) };
        },
        () => ({ seq }),
      ),
    auditVerify: () =>
      watched(
        'verification',
        () => {
          // Asked twice, read once.
          verifying ??= verify().finally(() => {
            verifying = undefined;
          });
          return verifying;
        },
        ({ entries }) => ({ entries }),
      ),
    auditExport: () =>
      watched('log', exportLog, ({ entries, files }) => ({ entries, files }), 'log-exported'),
  };
}

const rootOf = (log: AuditLog): string => toHex(log.rootAt(log.size) ?? new Uint8Array(32));

function stateOf(log: AuditLog, device: string, verified: AuditVerified): AuditState {
  const { cosigned, central, segments, reason, ...status } = log.status();
  const seen = (what: { size: number; at: number }) => ({
    size: what.size,
    at: new Date(what.at).toISOString(),
  });
  return {
    device,
    size: status.size,
    checkpoint: status.checkpoint,
    segments: { ...segments },
    oldest: status.oldest,
    retentionMonths: status.retentionMonths,
    intact: status.intact,
    verified,
    ...(cosigned ? { cosigned: seen(cosigned) } : {}),
    ...(central ? { central: seen(central) } : {}),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }),
  };
}
