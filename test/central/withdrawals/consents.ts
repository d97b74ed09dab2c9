/** Consents as their subject is shown them, and who may ask. */
import type { Kysely, Selectable } from 'kysely';
import { withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import { consentRecordSchema } from '../../../shared/domain/consent.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import type { GrantName } from '../../../shared/domain/scope.ts';
import {
  type ConsentState,
  type CounterErasure,
  lastingPurposes,
  type StandingConsent,
} from '../../../shared/domain/withdrawal.ts';
import type { WithdrawalAuthority } from '../../../shared/protocol/withdrawals.ts';
import type { Device } from '../auth.ts';
import type { Tables } from '../database/tables.ts';
import { heldUntil } from '../held/standing.ts';
import { takeTry, WITHDRAWAL_CODE_LIMIT, WITHDRAWAL_DEVICE_LIMIT } from '../tries.ts';

export type ConsentRow = Selectable<Tables['consents']>;

/** How long a passed identity check is good for a withdrawal. */
const ASSERTION_MS = 30 * 60_000;

/**
 * The consents that an authority opens: the one of the code, or all of the subject who was proven.
 * @throws Failure 'too-many-tries', 'withdrawal-code-unknown' with the tries left, 'identity-failed'
 */
export async function consentsOf(
  db: Kysely<Tables>,
  authority: WithdrawalAuthority,
  device: Device,
  now: number,
): Promise<ConsentRow[]> {
  if (authority.by === 'identity') return consentsOfSubject(db, authority, device, now);
  const hash = await withdrawalCodeHash(authority.code);
  // SECURITY: S17 counted before anything is looked at: for this counter, and for this code at all counters.
  const triesLeft = await takeTry(db, `withdrawal:${device.id}`, WITHDRAWAL_DEVICE_LIMIT, now);
  await takeTry(db, `withdrawal-code:${hash}`, WITHDRAWAL_CODE_LIMIT, now);
  const row = await db
    .selectFrom('consents')
    .selectAll()
    .where('withdrawal_code_sha256', '=', hash)
    .executeTakeFirst();
  if (!row) throw new Failure('withdrawal-code-unknown', { triesLeft });
  return [row];
}

async function consentsOfSubject(
  db: Kysely<Tables>,
  { assertionId, sessionId }: Extract<WithdrawalAuthority, { by: 'identity' }>,
  device: Device,
  now: number,
): Promise<ConsentRow[]> {
  const proven = await db
    .selectFrom('challenges')
    .select(['subscriber', 'verified_at'])
    .where('assertion_id', '=', assertionId)
    // SECURITY: S1 the subject themself; who acts for them takes back with the code on the receipt.
    .where('representation', '=', 'self')
    .where('session_id', '=', sessionId)
    .where('device_id', '=', device.id)
    .executeTakeFirst();
  if (!proven?.verified_at) throw new Failure('identity-failed', { detail: 'assertion' });
  if (now - proven.verified_at.getTime() > ASSERTION_MS)
    throw new Failure('identity-failed', { detail: 'old' });
  return db
    .selectFrom('consents')
    .selectAll()
    .where('subscriber', '=', proven.subscriber)
    .where('withdrawn_at', 'is', null)
    .orderBy('accepted_at', 'desc')
    .limit(100)
    .execute();
}

/** How a consent stands. @param held whether its counter may keep what it was given (held/standing.ts) */
function stateOf(row: ConsentRow, held: boolean, now: number): ConsentState {
  if (row.withdrawn_at) return 'withdrawn';
  const expired = row.expires_at.getTime() <= now;
  if (!expired && !row.ended_at) return 'open';
  if (held) return 'held';
  return expired ? 'expired' : 'ended';
}

/** What was agreed and still counts: once records can't be opened any more, nor are kept, only what outlasts both. */
export async function standingPurposes(
  db: Kysely<Tables>,
  row: ConsentRow,
  now: number,
): Promise<GrantName[]> {
  const state = stateOf(row, (await heldUntil(db, row, now)) !== undefined, now);
  if (state === 'withdrawn') return [];
  const taken = await db
    .selectFrom('withdrawn_purposes')
    .select('purpose')
    .where('consent_id', '=', row.id)
    .execute();
  const { processing } = consentRecordSchema.parse(JSON.parse(row.document));
  return processing.purposes
    .filter(({ purpose, given }) => given && !taken.some((one) => one.purpose === purpose))
    .map(({ purpose }) => purpose)
    .filter((purpose) => state === 'open' || state === 'held' || lastingPurposes.includes(purpose));
}

export async function shownConsent(
  db: Kysely<Tables>,
  row: ConsentRow,
  now: number,
): Promise<StandingConsent> {
  const { events, scope } = consentRecordSchema.parse(JSON.parse(row.document));
  const until = await heldUntil(db, row, now);
  return {
    consentId: row.id,
    givenAt: events[0]?.at ?? row.accepted_at.toISOString(),
    hall: row.hall,
    maskedNumber: maskNumber(scope.subscriber),
    categories: scope.categories,
    period: scope.period,
    purpose: scope.purpose,
    purposes: await standingPurposes(db, row, now),
    state: stateOf(row, until !== undefined, now),
    ...(until === undefined ? {} : { heldUntil: new Date(until).toISOString() }),
  };
}

/** Where keys of a consent were held, and whether they are gone: `erased` only on signed evidence. */
export async function countersOf(db: Kysely<Tables>, row: ConsentRow): Promise<CounterErasure[]> {
  const erased = await db
    .selectFrom('erasures')
    .select('erased_at')
    .where('consent_id', '=', row.id)
    .where('device_id', '=', row.device_id)
    .executeTakeFirst();
  const counter = { device: row.device_id, hall: row.hall };
  return [
    erased
      ? { ...counter, state: 'erased', erasedAt: erased.erased_at.toISOString() }
      : { ...counter, state: 'pending' },
  ];
}
