/** Who signed in whose name, how, and who saw it. // SECURITY: S6 S8 */
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Policy, SignerRule } from '../../../shared/domain/policy.ts';
import { representationProblem, signerRule } from '../../../shared/domain/policy.ts';
import {
  type Assertion,
  type Attestation,
  CLOCK_TOLERANCE_MS,
  type ConsentFacts,
  decidedAt,
  servedBy,
} from './facts.ts';
import { reject } from './reject.ts';

/** How long a witness's confirmation counts. */
const ATTESTATION_MS = 30 * 60_000;

/** @throws Failure 'consent-rejected' naming the field. */
export function checkSigner(consent: ConsentRecord, facts: ConsentFacts): void {
  const rule = checkRepresentation(consent, facts.policy, facts.assertion);
  checkRepresentative(consent);
  checkWitnesses(consent, rule, facts);
}

/** Deny by default: a kind, a paper or a purpose that the policy does not name is refused. */
function checkRepresentation(
  { representation, scope }: ConsentRecord,
  policy: Policy,
  assertion: Assertion | undefined,
): SignerRule {
  const rule = signerRule(policy, representation.kind);
  const wrong = representationProblem(policy, representation, scope);
  if (!rule || wrong) reject(`representation: ${wrong ?? 'kind'}`);
  // Proven as a guardian is not proven as the subject, and the other way round.
  if (assertion?.representation !== representation.kind) reject('evidence.identityAssertion: representation');
  return rule;
}

/** The record names the representative where there is one, and nowhere else. */
function checkRepresentative({ representation, parties, events }: ConsentRecord): void {
  const named = parties.filter(({ role }) => role === 'representative').map(({ id }) => id);
  const wanted = representation.kind === 'self' ? [] : [representation.name];
  if (named.length !== wanted.length || named[0] !== wanted[0]) reject('parties.representative');
  const by = representation.kind === 'self' ? 'principal' : 'representative';
  if (events[0]?.by !== by) reject('events.0.by');
}

function checkWitnesses(consent: ConsentRecord, rule: SignerRule, facts: ConsentFacts): void {
  const { signature, parties, sessionId, scope, evidence } = consent;
  const { device, attestations, now } = facts;
  const served = servedBy(consent, facts);
  const { witnesses } = signature;
  const second = witnesses?.find(({ staffId }) => staffId !== served);
  const named = parties.filter(({ role }) => role === 'witness').map(({ id }) => id);
  if (named.length !== (second ? 1 : 0) || named[0] !== second?.staffId) reject('parties.witness');
  if (!witnesses) {
    if (rule.witnessed) reject('signature.witnesses');
    return;
  }
  if (!second || !witnesses.some(({ staffId }) => staffId === served)) reject('signature.witnesses');
  const at = decidedAt(consent, now);
  const holds = (row: Attestation) =>
    row.sessionId === sessionId &&
    row.deviceId === device.id &&
    row.subscriber === scope.subscriber &&
    row.inkSha256 === evidence.inkSha256 &&
    at - row.attestedAt <= ATTESTATION_MS &&
    row.attestedAt - at <= CLOCK_TOLERANCE_MS;
  for (const { staffId, assertion } of witnesses) {
    const row = attestations.find(({ id }) => id === assertion);
    if (row?.staffId !== staffId || !holds(row)) reject('signature.witnesses: assertion');
  }
}
