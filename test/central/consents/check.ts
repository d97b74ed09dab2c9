/**
 * What makes a consent acceptable. Every check is central's own: nothing that the counter concluded is input.
 * Each rejection names the field. // SECURITY: S6
 */
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { type ConsentRecord, purposeTypes, sensitiveCategories } from '../../../shared/domain/consent.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { dayOf, periodProblem } from '../../../shared/domain/period.ts';
import { grantsOffered, isPolicyCurrent, type Policy } from '../../../shared/domain/policy.ts';
import type { Category } from '../../../shared/domain/scope.ts';
import type { ConsentSubmission } from '../../../shared/protocol/documents.ts';
import { checkEvidence } from './evidence.ts';
import { CLOCK_TOLERANCE_MS, type ConsentFacts, decidedAt, servedBy } from './facts.ts';
import { reject } from './reject.ts';
import { checkSigner } from './signer.ts';

/** How long a passed identity check counts. */
const ASSERTION_MS = 30 * 60_000;
const DAY_MS = 86_400_000;

/**
 * All checks of what a consent says, in the order of docs/central.md; the signature is checked before.
 * @returns the bytes of the picture that belongs to it.
 * @throws Failure
 */
export async function checkConsent(submission: ConsentSubmission, facts: ConsentFacts): Promise<Bytes> {
  const { consent, evidence } = submission;
  checkPolicy(consent, facts);
  checkTimes(consent, facts);
  checkHolding(consent, facts);
  checkScope(consent, facts);
  checkParties(consent, facts);
  checkGrants(consent, facts.policy);
  checkAssertion(consent, facts);
  checkSigner(consent, facts);
  return checkEvidence(consent, evidence, facts.policy);
}

function checkPolicy(consent: ConsentRecord, { policy, now: arrived }: ConsentFacts): void {
  const now = decidedAt(consent, arrived);
  if (consent.processing.privacyNotice.policyVersion !== policy.version) throw new Failure('policy-changed');
  if (!isPolicyCurrent(policy, now)) throw new Failure('policy-expired');
}

function checkTimes(consent: ConsentRecord, { policy, now }: ConsentFacts): void {
  const event = consent.events[0];
  if (!event) reject('events');
  const at = Date.parse(event.at);
  // Late is no fault, the line may have been down; ahead of central's clock nobody signs.
  if (at - now > CLOCK_TOLERANCE_MS) reject('events.0.at');
  if (event.validUntil !== consent.scope.expiresAt) reject('events.0.validUntil');
  const expires = Date.parse(consent.scope.expiresAt);
  if (expires <= at || expires > at + policy.consentMinutes * 60_000) reject('scope.expiresAt');
}

/** What may outlast the visit was asked for, and for no longer than the policy has it. */
function checkHolding({ scope, processing, events }: ConsentRecord, { policy }: ConsentFacts): void {
  const kept = processing.purposes.some(({ purpose, given }) => purpose === 'keep' && given);
  if (kept !== (scope.heldUntil !== undefined)) reject('scope.heldUntil');
  if (scope.heldUntil === undefined) return;
  const at = Date.parse(events[0]?.at ?? '');
  const until = Date.parse(scope.heldUntil);
  if (until <= at || until > at + (policy.caseDays ?? 0) * DAY_MS) reject('scope.heldUntil');
}

function checkScope({ scope, processing, events }: ConsentRecord, { policy }: ConsentFacts): void {
  if (!scope.categories.every((category) => policy.categories.includes(category))) reject('scope.categories');
  if (!policy.purposes.includes(scope.purpose)) reject('scope.purpose');
  if (processing.reason !== scope.purpose) reject('processing.reason');
  checkCategories(processing, scope.categories);
  // The day of signing, so that midnight between signing and arrival makes no difference.
  const today = dayOf(Date.parse(events[0]?.at ?? ''));
  const problem = periodProblem(scope.period, today, policy.maxPeriodMonths);
  if (problem) throw new Failure(problem, { detail: 'scope.period' });
  const shownToStaff = scope.recipients.includes('staff-released-rows');
  if (!scope.recipients.includes('subject') || new Set(scope.recipients).size !== scope.recipients.length) {
    reject('scope.recipients');
  }
  // A recipient nobody ticked is a wider scope than the consent.
  const released = processing.purposes.some(({ purpose, given }) => purpose === 'release' && given);
  if (shownToStaff && !released) reject('scope.recipients');
}

/** Exactly what is processed, each marked as the law marks it. */
function checkCategories({ piiCategories, purposes }: ConsentRecord['processing'], asked: Category[]): void {
  const richInk = purposes.some(({ purpose, given }) => purpose === 'richInk' && given);
  const wanted = [
    ...asked.map((category) => `${category} ${sensitiveCategories[category]}`),
    'identity-proof true',
    `signature-ink ${richInk}`,
  ];
  const stated = piiCategories.map(({ category, sensitive }) => `${category} ${sensitive}`);
  if (!sameSet(stated, wanted)) reject('processing.piiCategories');
}

function checkParties(consent: ConsentRecord, facts: ConsentFacts): void {
  const { header, parties, scope } = consent;
  if (header.principalId !== scope.subscriber) reject('header.principalId');
  const ids = (role: string) => parties.filter((party) => party.role === role).map((party) => party.id);
  const only = (role: string, id: string) => sameSet(ids(role), [id]) || reject(`parties.${role}`);
  only('principal', scope.subscriber);
  only('counter', facts.device.id);
  // SECURITY: S8 who serves is not who signs.
  only('staff', servedBy(consent, facts));
  if (ids('controller').length !== 1) reject('parties.controller');
}

/** Every grant that the policy offers this signer was asked, once; only `lookup` is needed. */
function checkGrants({ processing, representation }: ConsentRecord, policy: Policy): void {
  const asked = processing.purposes.map(({ purpose }) => purpose);
  if (!sameSet(asked, grantsOffered(policy, representation.kind))) reject('processing.purposes');
  if (processing.purposes.some(({ purpose, purposeType }) => purposeTypes[purpose] !== purposeType)) {
    reject('processing.purposes.purposeType');
  }
  if (!processing.purposes.some(({ purpose, given }) => purpose === 'lookup' && given)) {
    reject('processing.purposes.lookup');
  }
}

function checkAssertion(consent: ConsentRecord, { assertion, device, now }: ConsentFacts): void {
  const same =
    assertion &&
    assertion.subscriber === consent.scope.subscriber &&
    assertion.deviceId === device.id &&
    assertion.sessionId === consent.sessionId;
  if (!same) reject('evidence.identityAssertion');
  // SECURITY: S6 central's own time of the identity check bounds the time that the counter states for the signature.
  const at = decidedAt(consent, now);
  if (at - assertion.verifiedAt > ASSERTION_MS) reject('evidence.identityAssertion: too old');
  if (assertion.verifiedAt - at > CLOCK_TOLERANCE_MS) reject('evidence.identityAssertion: after signing');
}

/** Whether both hold the same values, each once. */
function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set(a).size === a.length && a.every((value) => b.includes(value));
}
