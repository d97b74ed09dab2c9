/** The visit as the whole log tells it, from the identity check to the end: nothing of it was cut off or left out. */
import { fromUtf8 } from '../../../shared/canonical/bytes.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { type AuditAction, type AuditEntry, auditEntrySchema } from '../../../shared/domain/audit.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';
import { LOG_FILE } from './files.ts';

const CUT = 'the log was cut, or tells of another visit';

/** Entries of this visit in order. The log itself is checked by `checkLog`. */
function visitOf(evidence: Evidence): AuditEntry[] {
  const { sessionId } = evidence.document('consent');
  const lines = fromUtf8(evidence.bytes(LOG_FILE)).trimEnd().split('\n');
  return lines
    .map((line) => auditEntrySchema.parse(JSON.parse(line)))
    .filter((entry) => entry.sessionId === sessionId);
}

export async function checkStory(evidence: Evidence): Promise<string> {
  const entries = visitOf(evidence);
  const consent = evidence.document('consent');
  const receipt = evidence.document('receipt');
  const id = consent.header.recordId;
  must(
    entries.every(({ consentId }) => consentId === undefined || consentId === id),
    'the visit has another consent too',
    CUT,
  );
  const of = (action: AuditAction) => entries.filter((entry) => entry.action === action);
  /** The one entry of an action with such facts. */
  const only = (action: AuditAction, facts: AuditEntry['facts']): AuditEntry => {
    const found = of(action).filter((entry) => Object.entries(facts).every(([k, v]) => entry.facts[k] === v));
    const [entry] = found;
    must(entry !== undefined && found.length === 1, `'${action}' is ${found.length} times in it`, CUT);
    return entry;
  };
  const consentHash = await evidence.sha256('consent.json');
  const steps = [
    only('identity-passed', { assertion: consent.evidence.identityAssertion }),
    only('consent-signed', { consentHash }),
    only('consent-accepted', { consentHash }),
    receipt.audit.entry,
    ...(receipt.report ? [receipt.report.audit.entry] : []),
    only('receipt-made', {
      sha256: await evidence.sha256('receipt.json'),
      paperSha256: await evidence.sha256('receipt.pdf'),
    }),
  ];
  const strangers = [...of('consent-signed'), ...of('consent-accepted')].some(
    ({ facts }) => facts.consentHash !== consentHash,
  );
  must(!strangers, 'another consent was signed in it', CUT);
  must(
    of('lookup-answered').every((entry) => canonicalJson(entry) === canonicalJson(receipt.audit.entry)),
    'there was another answer',
    CUT,
  );
  for (const [i, step] of steps.entries())
    must(i === 0 || (steps[i - 1]?.seq ?? 0) < step.seq, `'${step.action}' stands too early`, CUT);
  const made = steps.at(-1)?.seq ?? 0;
  for (const action of ['keys-destroyed', 'session-ended'] as const)
    must(
      of(action).some(({ seq }) => seq > made),
      `no '${action}' after the receipt`,
      'the log was cut: what happened to the keys is not told',
    );
  const released = of('rows-released').length;
  const release = consent.processing.purposes.some(({ purpose, given }) => purpose === 'release' && given);
  must(released === 0 || release, 'rows were released', 'staff saw what the customer did not agree to');
  return `${entries.length} entries of this visit, from the identity check to its end`;
}
