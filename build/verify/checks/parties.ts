/** Who: the subject, whoever signed for them, the operator, the counter and its staff; the same everywhere. */
import { subjectField } from '../../../shared/canonical/signed-document.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';

const OTHER = 'it speaks of somebody else';

/** Parties of the consent, against its other parts, the counter's certificate and both proofs. */
export async function checkParties(evidence: Evidence): Promise<string> {
  const consent = evidence.document('consent');
  const { scope, processing, representation } = consent;
  must(consent.header.principalId === scope.subscriber, 'it is about another number', OTHER);
  requireOnly(consent, 'principal', 'natural-person', [scope.subscriber]);
  const represented = representation.kind !== 'self';
  requireOnly(consent, 'representative', 'natural-person', represented ? [representation.name] : []);
  const by = represented ? 'representative' : 'principal';
  must(consent.events[0]?.by === by, `it was not given by the ${by}`, OTHER);
  must(processing.controllers.length === 1, 'it has more than one controller', OTHER);
  requireOnly(consent, 'controller', 'organisation', processing.controllers);
  const { signer } = await evidence.signature('consent');
  // SECURITY: S14 the counter is who its certificate says, not who its document says.
  const counter = subjectField(signer.certificate, 'CN');
  must(counter !== undefined, 'the certificate does not name one counter', OTHER);
  requireOnly(consent, 'counter', 'device', [counter]);
  const staff = consent.parties.find(({ role }) => role === 'staff')?.id ?? '';
  requireOnly(consent, 'staff', 'natural-person', [staff]);
  const seen = consent.signature.witnesses?.map(({ staffId }) => staffId) ?? [];
  must(seen.length === 0 || seen.includes(staff), 'the clerk did not witness it', OTHER);
  requireOnly(
    consent,
    'witness',
    'natural-person',
    seen.filter((id) => id !== staff),
  );
  const { audit, report } = evidence.document('receipt');
  for (const { entry } of [audit, ...(report ? [report.audit] : [])]) {
    must(entry.device === counter, `the log is of ${entry.device}`, 'another counter logged it');
    must(entry.staffId === staff, 'somebody else served', 'the log names other staff than the consent');
  }
  return `${by}, ${processing.controllers[0]}, ${counter}, staff ${staff}: the same everywhere`;
}

type Party = ConsentRecord['parties'][number];

/** Exactly these are named in a role. @throws Wrong */
function requireOnly(
  { parties }: ConsentRecord,
  role: Party['role'],
  type: Party['type'],
  ids: readonly string[],
): void {
  const found = parties.filter((party) => party.role === role);
  const same = found.length === ids.length && ids.every((id, i) => found[i]?.id === id);
  must(same && found.every((party) => party.type === type), `as ${role} it names others`, OTHER);
}
