/** Which cases the audit log says are kept: the one list that nobody can edit. SECURITY: S10 */
import { z } from 'zod';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { type HeldEnding, heldEndingSchema } from '../../../shared/domain/held.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const factsSchema = z.object({
  case: z.uuid(),
  until: z.iso.datetime(),
  consentHash: sha256Hex,
  key: sha256Hex,
  secrets: sha256Hex,
});

/** A case as the log has it. */
export interface LoggedCase {
  readonly caseId: string;
  readonly consentId: string;
  readonly consentHash: string;
  readonly until: string;
  /** When it was sealed, by the counter's clock. */
  readonly at: string;
  /** Of its sealed files. */
  readonly hashes: { readonly key: string; readonly file: string };
  /** Visit that sealed it. */
  readonly sessionId: string;
  readonly staffId: string | undefined;
  readonly subject: string | undefined;
}

/** A case whose destruction the log has. */
export interface EndedCase {
  readonly held: LoggedCase;
  readonly entry: AuditEntry;
  readonly ending: HeldEnding;
}

/** The case that an entry of its sealing stands for. */
export function loggedCase(entry: AuditEntry): LoggedCase | undefined {
  const { action, at, consentId, sessionId, staffId, subject, facts } = entry;
  const parsed = action === 'records-held' ? factsSchema.safeParse(facts).data : undefined;
  if (!parsed || consentId === undefined || sessionId === undefined) return undefined;
  const { case: caseId, until, consentHash, key, secrets: file } = parsed;
  return { caseId, consentId, consentHash, until, at, hashes: { key, file }, sessionId, staffId, subject };
}

/** Follows a log entry by entry. */
export function heldFollower(): {
  see(entry: AuditEntry): void;
  held(): LoggedCase[];
  /** Destroyed, by case. */
  ended(): ReadonlyMap<string, EndedCase>;
} {
  const held = new Map<string, LoggedCase>();
  const ended = new Map<string, EndedCase>();
  return {
    see(entry) {
      const begun = loggedCase(entry);
      if (begun) held.set(begun.caseId, begun);
      if (entry.action !== 'keys-destroyed') return;
      const { case: caseId, reason } = entry.facts;
      const one = typeof caseId === 'string' ? held.get(caseId) : undefined;
      if (!one) return;
      held.delete(one.caseId);
      ended.set(one.caseId, { held: one, entry, ending: heldEndingSchema.catch('damaged').parse(reason) });
    },
    held: () => [...held.values()],
    ended: () => ended,
  };
}
