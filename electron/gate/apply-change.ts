/** What a counter does about a change that central tells it of. Each may be told twice. */
import { assertNever } from '../../shared/domain/errors.ts';
import type { Change } from '../../shared/protocol/changes.ts';
import type { AuditLog } from '../audit/log.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Outbox } from '../central/outbox.ts';
import type { PolicyKeeper } from '../central/policy-keeper.ts';
import type { CounterSession } from './counter-session.ts';
import { erasureItem } from './erasure.ts';
import type { HeldCases } from './held/held-cases.ts';
import type { StaffSession } from './staff-session.ts';

export interface ApplyOptions {
  session: Pick<
    CounterSession,
    'withdraw' | 'holds' | 'withdrawPurposes' | 'refresh' | 'phase' | 'context' | 'end'
  >;
  staff: StaffSession;
  policies: PolicyKeeper;
  audit: Pick<AuditLog, 'append'>;
  outbox: Pick<Outbox, 'add'>;
  clock: Pick<TrustedClock, 'now'>;
  deviceId: string;
  held: Pick<HeldCases, 'holdsConsent' | 'destroyConsent'>;
}

export function changeApplier(options: ApplyOptions): (change: Change) => Promise<void> {
  const { session, policies } = options;
  return async (change) => {
    switch (change.kind) {
      case 'policy':
        policies.heard(change.policyVersion);
        // Thousands of counters hear it in one moment. Whoever serves nobody asks for it with their next question to
        // central, within ten seconds, each at a time of their own; a visit that begins before asks by itself.
        if (session.phase === 'idle') return;
        // Of changes heard late only the newest policy is there to be had.
        if ((policies.known?.version ?? 0) < change.policyVersion) await policies.fetch();
        // A visit before its signature learns of it: the session compares its own with the one known.
        return session.refresh();
      case 'consent-ended':
        return endConsent(options, change);
      case 'purposes-withdrawn':
        return withdrawPurposes(options, change);
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
  const open = session.holds(consentId);
  const kept = options.held.holdsConsent(consentId);
  if (open) session.withdraw(consentId);
  const destroyed = options.held.destroyConsent(consentId, reason);
  const [entry] = await Promise.all([received(options, change, consentId, open || kept), destroyed]);
  // What is open goes through the visit's own end, what is kept through the case's: these bring the evidence. What
  // is neither has gone before: that is what this counter can state.
  if (open || kept) return;
  await outbox.add(
    await erasureItem({ consentId, consentHash, reason, device: deviceId, at: clock.now(), entry }),
  );
}

async function withdrawPurposes(
  options: ApplyOptions,
  change: Extract<Change, { kind: 'purposes-withdrawn' }>,
): Promise<void> {
  const { session, held } = options;
  const { consentId, purposes } = change;
  // SECURITY: S11 keys first, here too.
  const destroyed = purposes.includes('keep') ? held.destroyConsent(consentId, 'withdrawn') : undefined;
  session.withdrawPurposes(consentId, purposes);
  await Promise.all([received(options, change, consentId), destroyed]);
}

function received({ audit }: ApplyOptions, { kind, seq }: Change, consentId?: string, held?: boolean) {
  return audit.append('change-received', {
    ...(consentId === undefined ? {} : { consentId }),
    facts: { kind, seq, ...(held === undefined ? {} : { held }) },
  });
}
