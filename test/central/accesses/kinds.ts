/** Which of central's requests and of the counters' audit entries are accesses to a subject's data. */
import type { AccessKind } from '../../../shared/domain/accesses.ts';
import type { AuditAction } from '../../../shared/domain/audit.ts';
import type { ApiName } from '../../../shared/protocol/api.ts';

/**
 * By endpoint: answered is allowed, anything else refused. What is not here is not about anybody's data, or (evidence
 * of erasure) is told from the counter's log.
 */
export const centralKinds: Readonly<Partial<Record<ApiName, AccessKind>>> = {
  challenge: 'identity-challenge',
  prove: 'identity-check',
  submitConsent: 'consent',
  endConsent: 'consent-ended',
  standingConsents: 'consents-listed',
  withdraw: 'consent-withdrawn',
  lookup: 'lookup',
  page: 'content-served',
  reopenHeld: 'held-opened',
  accesses: 'accesses-viewed',
};

interface CounterKind {
  readonly kind: AccessKind;
  readonly outcome: 'allowed' | 'refused';
}

/** By action of a counter's audit log. What central has written down itself is not told a second time. */
export const counterKinds: Readonly<Partial<Record<AuditAction, CounterKind>>> = {
  'lookup-denied': { kind: 'lookup', outcome: 'refused' },
  'records-held': { kind: 'held', outcome: 'allowed' },
  'held-denied': { kind: 'held-opened', outcome: 'refused' },
  'layer-opened': { kind: 'layer-opened', outcome: 'allowed' },
  'rows-released': { kind: 'rows-released', outcome: 'allowed' },
  'release-denied': { kind: 'rows-released', outcome: 'refused' },
  'report-made': { kind: 'report-made', outcome: 'allowed' },
  'report-printed': { kind: 'report-printed', outcome: 'allowed' },
  'report-saved': { kind: 'report-saved', outcome: 'allowed' },
  'receipt-made': { kind: 'receipt-made', outcome: 'allowed' },
  'receipt-saved': { kind: 'receipt-saved', outcome: 'allowed' },
  'keys-destroyed': { kind: 'erased', outcome: 'allowed' },
};
