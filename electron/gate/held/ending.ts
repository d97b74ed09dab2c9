/** How a kept case goes for good: its key at once, then the rest, then the entry and the evidence. SECURITY: S11 */
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { HeldCase, HeldEnding } from '../../../shared/domain/held.ts';
import type { AuditLog } from '../../audit/log.ts';
import type { AuditFields } from '../../audit/writer.ts';
import type { TrustedClock } from '../../central/clock.ts';
import type { Outbox } from '../../central/outbox.ts';
import type { NewOutboxItem } from '../../central/outbox-item.ts';
import type { HeldStore } from '../../vault/held/store.ts';
import { erasureItem } from '../erasure.ts';
import type { LoggedCase } from './follower.ts';

export interface HeldDeps {
  store: HeldStore;
  audit: Pick<AuditLog, 'append'>;
  outbox: Pick<Outbox, 'add'>;
  clock: Pick<TrustedClock, 'now' | 'hasPassed'>;
  deviceId: string;
}

/** A case as the core has it. */
export interface KeptState {
  readonly logged: LoggedCase;
  readonly maskedNumber: string | undefined;
  /** A case of the list; before, only what a visit has sealed. */
  kept: boolean;
  /** A visit has it: whose end brings entry and evidence, when the windows are clear as well. */
  lent: boolean;
  /** From the moment on in which it shall go: nothing of it is opened any more. */
  ending:
    | {
        readonly reason: HeldEnding;
        readonly fields: AuditFields;
        /** The entry that says so, once it is written. */
        entry: AuditEntry | undefined;
      }
    | undefined;
}

/**
 * Goes on with an ending as far as it can go now; may be repeated.
 * @returns whether all of it is done
 * @throws Failure 'erase-failed', 'audit-failed', 'storage-failed'
 */
export async function endCase(deps: HeldDeps, one: KeptState): Promise<boolean> {
  const { store, audit, outbox } = deps;
  const { logged, ending } = one;
  const { caseId, consentId, subject } = logged;
  if (!ending) return false;
  const { reason, fields } = ending;
  await store.destroy(caseId, reason).catch(() => {
    throw new Failure('erase-failed', { detail: 'held' });
  });
  // Not before the windows of a visit that has it are clear: evidence says that all of it is gone.
  if (one.lent) return false;
  ending.entry ??= await audit.append('keys-destroyed', {
    ...(subject === undefined ? {} : { subject }),
    ...fields,
    consentId,
    facts: { planes: 'core, customer, staff, held', reason, case: caseId },
  });
  await outbox.add(await evidenceOf(deps, logged, reason, ending.entry));
  await store.forget(caseId);
  return true;
}

export function evidenceOf(
  { deviceId, clock }: Pick<HeldDeps, 'deviceId' | 'clock'>,
  { consentId, consentHash }: LoggedCase,
  reason: HeldEnding,
  entry: AuditEntry,
): Promise<NewOutboxItem> {
  return erasureItem({
    consentId,
    consentHash,
    reason,
    device: deviceId,
    at: clock.now(),
    entry,
    held: true,
  });
}

/** What staff may know of a case. */
export function shownCase(
  { caseId, at, until }: LoggedCase,
  maskedNumber: string | undefined,
  state: HeldCase['state'],
): HeldCase {
  return { caseId, heldAt: at, until, state, ...(maskedNumber === undefined ? {} : { maskedNumber }) };
}
