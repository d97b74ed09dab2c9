/** What a counter does about a change that central tells it of. Each may be told twice. */
import { assertNever } from '../../shared/domain/errors.ts';
import type { Change } from '../../shared/protocol/changes.ts';
import type { AuditLog } from '../audit/log.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Outbox } from '../central/outbox.ts';
import type { PolicyKeeper } from '../central/policy-keeper.ts';
import type { CounterSession } from './counter-session.ts';
import { erasureItem } from './erasure.ts';
import type { StaffSession } from './staff-session.ts';

export interface ApplyOptions {
  session: Pick<CounterSession, 'withdraw' | 'holds' | 'withdrawPurposes' | 'refresh' | 'context' | 'end'>;
  staff: StaffSession;
  policies: PolicyKeeper;
  audit: Pick<AuditLog, 'append'>;
  outbox: Pick<Outbox, 'add'>;
  clock: Pick<TrustedClock, 'now'>;
  deviceId: string;
}

export function changeApplier(options: ApplyOptions): (change: Change) => Promise<void> {
  const { session, policies } = options;
  return async (change) => {
    switch (change.kind) {
      case 'policy':
        policies.heard(change.policyVersion);
        // Of changes heard late only the newest policy is there to be had.
        if ((policies.known?.version ?? 0) < change.policyVersion) await policies.fetch();
        // A visit before its signature learns of it: the session compares its own with the one known.
        return session.refresh();
      case 'consent-ended':
        return endConsent(options, change);
      case 'purposes-withdrawn':
        session.withdrawPurposes(change.consentId, change.purposes);
        await received(options, change, change.consentId);
        return;
      case 'staff-revoked':
        return revokeStaff(options, change);
      default:
        return assertNever(change);
    }
  };
}

/** They serve nobody from this moment on; a customer they were serving is thanked, and nothing of theirs stays. */
async function revokeStaff(
  options: ApplyOptions,
  change: Extract<Change, { kind: 'staff-revoked' }>,
): Promise<void> {
  const { session, staff } = options;
  const { staffId } = change;
  // SECURITY: S1 S16 before the log is asked: what may not go on does not wait for the disk.
  const signedIn = staff.current?.id === staffId;
  const signedOut = signedIn ? staff.signOut('revoked') : Promise.resolve();
  const served = session.context.staffId === staffId && session.end();
  const facts = { kind: change.kind, seq: change.seq, signedIn, served };
  await Promise.all([options.audit.append('change-received', { staffId, facts }), signedOut]);
}

async function endConsent(
  options: ApplyOptions,
  change: Extract<Change, { kind: 'consent-ended' }>,
): Promise<void> {
  const { session, outbox, clock, deviceId } = options;
  const { consentId, consentHash, reason } = change;
  // SECURITY: S11 keys first; the entry that says so may wait for the disk, they may not.
  const held = session.holds(consentId);
  if (held) session.withdraw(consentId);
  const entry = await received(options, change, consentId, held);
  // What is held goes through the visit's own end, which brings the evidence. What is not held has gone before:
  // that is what this counter can state.
  if (held) return;
  await outbox.add(
    await erasureItem({ consentId, consentHash, reason, device: deviceId, at: clock.now(), entry }),
  );
}

function received({ audit }: ApplyOptions, { kind, seq }: Change, consentId?: string, held?: boolean) {
  return audit.append('change-received', {
    ...(consentId === undefined ? {} : { consentId }),
    facts: { kind, seq, ...(held === undefined ? {} : { held }) },
  });
}
