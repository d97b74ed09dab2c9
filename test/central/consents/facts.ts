/** What a consent is checked against: all of it central's own. */
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { RepresentationKind } from '../../../shared/domain/representation.ts';
import type { Device, StaffSession } from '../auth.ts';

/** How far a counter's clock may be off. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
/** A passed identity check, as the service holds it. */
export interface Assertion {
  readonly sessionId: string;
  readonly deviceId: string;
  /** Whose token asked for the check. */
  readonly staffId: string;
  readonly subscriber: string;
  readonly verifiedAt: number;
  readonly representation: RepresentationKind;
}

/** A member of staff's confirmation, as the service holds it. */
export interface Attestation {
  readonly id: string;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly subscriber: string;
  readonly inkSha256: string;
  readonly staffId: string;
  readonly attestedAt: number;
}

/** Whether a consent was signed so long ago that it must have waited for the line. */
export function isLate(consent: ConsentRecord, now: number): boolean {
  return now - signedAt(consent) > CLOCK_TOLERANCE_MS;
}

/** When it was signed, by the counter; epoch ms. */
export function signedAt(consent: ConsentRecord): number {
  return Date.parse(consent.events[0]?.at ?? '');
}

/** The moment whose rules count: that of signing for a consent that comes late, else this one. */
export function decidedAt(consent: ConsentRecord, now: number): number {
  return isLate(consent, now) ? signedAt(consent) : now;
}

/** What a consent is checked against. */
export interface ConsentFacts {
  readonly policy: Policy;
  readonly device: Device;
  readonly staff: StaffSession;
  /** The one that the consent names, if there is one that passed. */
  readonly assertion: Assertion | undefined;
  /** Those that the consent names, as far as there are any. */
  readonly attestations: readonly Attestation[];
  readonly now: number;
}

/**
 * The member of staff that a consent must name: the one whose token this is. Who took one that comes late may be gone
 * by then: it is the one who asked for the identity check, as the service holds it. // SECURITY: S6 S8
 */
export function servedBy(
  consent: ConsentRecord,
  { staff, assertion, now }: Pick<ConsentFacts, 'staff' | 'assertion' | 'now'>,
): string {
  return isLate(consent, now) ? (assertion?.staffId ?? '') : staff.staff.id;
}
