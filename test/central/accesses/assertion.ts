/** Whether a passed identity check still counts for the subject's own list. */
import { sql } from 'kysely';
import { maySeeAccesses } from '../../../shared/domain/accesses.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import type { Device } from '../auth.ts';
import type { Context } from '../context.ts';

/** How long a passed check counts by itself; a consent given with it keeps it alive for as long as it lives. */
export const ASSERTION_MS = 30 * 60_000;

/**
 * The number that proved itself in this session at this counter.
 * @throws Failure 'forbidden' for a check of another counter or session, for none, or for one that somebody passed who
 * may not see the subject's list; 'identity-expired' when its time is over or the counter has reported the end of the
 * visit.
 */
export async function requireLiveAssertion(
  { db }: Pick<Context, 'db'>,
  asked: { assertionId: string; sessionId: string; device: Device; now: number },
): Promise<{ subscriber: string }> {
  const { assertionId, sessionId, device, now } = asked;
  const check = await db
    .selectFrom('challenges')
    .select(['subscriber', 'session_id', 'device_id', 'verified_at', 'representation'])
    .where('assertion_id', '=', assertionId)
    .executeTakeFirst();
  if (!check?.verified_at || check.device_id !== device.id || check.session_id !== sessionId) {
    throw new Failure('forbidden', { detail: 'assertionId' });
  }
  // SECURITY: S1 a power of attorney for a lookup, or kinship, is no right to see who else looked.
  if (!maySeeAccesses(check.representation)) throw new Failure('forbidden', { detail: 'representation' });
  if (now - check.verified_at.getTime() > ASSERTION_MS && !(await hasLiveConsent(db, assertionId, now))) {
    throw new Failure('identity-expired');
  }
  // SECURITY: S16 S19 a visit that is over shows nobody anything more.
  if (await isOver(db, device.id, sessionId))
    throw new Failure('identity-expired', { detail: 'visit is over' });
  return { subscriber: check.subscriber };
}

async function hasLiveConsent(db: Context['db'], assertionId: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('consents')
    .select('id')
    .where('assertion_id', '=', assertionId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst();
  return row !== undefined;
}

async function isOver(db: Context['db'], deviceId: string, sessionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('audit_entries')
    .select('seq')
    .where('device_id', '=', deviceId)
    .where(sql<boolean>`(document::jsonb ->> 'sessionId') = ${sessionId}`)
    .where(sql<boolean>`(document::jsonb ->> 'action') = 'session-ended'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
