/** What a counter states once keys are gone: the evidence that central and the customer get. SECURITY: S11 */
import { hashOf } from '../../shared/canonical/hash.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { Outcome } from '../../shared/domain/case.ts';
import {
  type ErasureEvidence,
  type ErasureReason,
  heldParts,
  visitParts,
} from '../../shared/domain/erasure.ts';
import type { NewOutboxItem } from '../central/outbox-item.ts';

/** Why the keys of a visit went, from how it ended. */
export function erasureReason(
  outcome: Outcome | undefined,
): Extract<ErasureReason, 'visit-ended' | 'withdrawn' | 'expired'> {
  return outcome === 'withdrawn' || outcome === 'expired' ? outcome : 'visit-ended';
}

/** The outbox item of one consent's erasure: made once, whatever is tried again. */
export async function erasureItem(facts: {
  consentId: string;
  consentHash: string;
  reason: ErasureReason;
  device: string;
  /** By the trusted clock, epoch ms. */
  at: number;
  /** The entry of the audit log that says the same. */
  entry: AuditEntry;
  /** Whether something was kept for a case, and went too. */
  held?: boolean;
}): Promise<NewOutboxItem> {
  const { consentId, consentHash, reason, device, at, entry, held = false } = facts;
  const evidence: ErasureEvidence = {
    schema: 'zhiqing-erasure/1',
    consentId,
    consentHash,
    reason,
    destroyed: held ? [...visitParts, ...heldParts] : [...visitParts],
    at: new Date(at).toISOString(),
    device,
    auditEntry: { seq: entry.seq, sha256: await hashOf(entry) },
  };
  return { kind: 'erasure', id: `erasure ${consentId}`, evidence };
}
