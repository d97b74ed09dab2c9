/** The service's own log of who did or was denied what. No content, no numbers. // SECURITY: S10 S12 */
import type { Kysely } from 'kysely';
import type { Tables } from './database/tables.ts';

export interface AccessEntry {
  readonly at: number;
  readonly deviceId?: string | undefined;
  readonly staffId?: string | undefined;
  /** Name of the endpoint. */
  readonly action: string;
  /** `answered`, or the kind of the denial. */
  readonly outcome: string;
  readonly consentId?: string | undefined;
  readonly lookupId?: string | undefined;
  /** Records given. */
  readonly rows?: number | undefined;
  /** Keyed pseudonym of the number that was asked about, see accesses/subject.ts. */
  readonly subject?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** Writes an entry; it is durable before the answer goes out. */
export async function writeAccess(db: Kysely<Tables>, entry: AccessEntry): Promise<void> {
  await db
    .insertInto('access_log')
    .values({
      at: new Date(entry.at),
      device_id: entry.deviceId ?? null,
      staff_id: entry.staffId ?? null,
      action: entry.action,
      outcome: entry.outcome,
      consent_id: entry.consentId ?? null,
      lookup_id: entry.lookupId ?? null,
      rows: entry.rows ?? null,
      subject: entry.subject ?? null,
      session_id: entry.sessionId ?? null,
    })
    .execute();
}
