/** What a counter states once keys are gone: the evidence that central and the customer get. SECURITY: S11 */
import { hashOf } from '../../shared/canonical/hash.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import type { Outcome } from '../../shared/domain/case.ts';
import { type ErasureEvidence, type ErasureReason, erasedParts } from '../../shared/domain/erasure.ts';
import type { NewOutboxItem } from '../central/outbox-item.ts';

/** Why the keys went, from how the visit ended. */
export function erasureReason(outcome: Outcome | undefined): ErasureReason {
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
}): Promise<NewOutboxItem> {
  const { consentId, consentHash, reason, device, at, entry } = facts;
  const evidence: ErasureEvidence = {
    schema: 'zhiqing-erasure/1',
    consentId,
    consentHash,
    reason,
    destroyed: [...erasedParts],
    at: new Date(at).toISOString(),
    device,
    auditEntry: { seq: entry.seq, sha256: await hashOf(entry) },
  };
  return { kind: 'erasure', id: `erasure ${consentId}`, evidence };
}
