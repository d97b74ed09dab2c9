/** Every time that is stated: each signature in the second of its document, everything in order and within reach. */
import { readPdfSignature } from '../../../shared/canonical/pdf-signature.ts';
import { isSignedAt } from '../../../shared/canonical/signed-document.ts';
import { MAX_CASE_DAYS, MAX_CONSENT_MINUTES } from '../../../shared/domain/policy.ts';
import { REPORT_FILE } from '../../../shared/domain/receipt.ts';
import { type DocumentName, documents, type Evidence } from '../evidence.ts';
import { must } from '../result.ts';
import { cosignedHead } from './head.ts';

/** Clocks of counter and central may differ by this much, as central's own rule has it (docs/central.md). */
const CLOCKS_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;
const ELSEWHEN = 'they are of different visits, or a time was made up';
const UNASKED = 'records were given without a consent';

/** Where each document states when it was signed. */
function statedTimes(evidence: Evidence): Record<DocumentName, string> {
  return {
    consent: givenOf(evidence).at,
    acceptance: evidence.document('acceptance').acceptedAt,
    manifest: evidence.document('manifest').answeredAt,
    receipt: evidence.document('receipt').madeAt,
    witness: evidence.document('witness').validFrom,
  };
}

function givenOf(evidence: Evidence) {
  const [event] = evidence.document('consent').events;
  must(event !== undefined, 'the consent was never given', ELSEWHEN);
  return event;
}

/** From the signature to the receipt. */
export async function checkTimes(evidence: Evidence): Promise<string> {
  const stated = statedTimes(evidence);
  for (const name of Object.keys(documents) as DocumentName[]) {
    const { signingTime } = await evidence.signature(name);
    must(
      isSignedAt(signingTime, stated[name]),
      `${name} was signed at another time than it states`,
      ELSEWHEN,
    );
  }
  const event = givenOf(evidence);
  const { scope } = evidence.document('consent');
  must(event.validUntil === scope.expiresAt, 'it states two expiries', 'it was changed');
  const given = Date.parse(event.at);
  const expires = Date.parse(scope.expiresAt);
  must(given < expires, 'it expired before it was given', 'it allowed nothing');
  const longest = MAX_CONSENT_MINUTES * 60_000;
  must(expires <= given + longest, 'it opens records for longer than any policy lets it', 'it was made up');
  checkHeldUntil(evidence, given);
  const accepted = Date.parse(stated.acceptance);
  const answered = Date.parse(stated.manifest);
  must(accepted >= given - CLOCKS_MS, 'accepted before it was given', ELSEWHEN);
  must(answered >= accepted, 'answered before it was accepted', UNASKED);
  must(answered < expires, 'answered after it had expired', UNASKED);
  checkCounterTimes(evidence, { given, answered, expires });
  return `given ${event.at}, accepted ${stated.acceptance}, answered ${stated.manifest}, expires ${event.validUntil}`;
}

/** Until when records may be kept for a case: as was ticked, and no longer than any policy lets it. */
function checkHeldUntil(evidence: Evidence, given: number): void {
  const { scope, processing } = evidence.document('consent');
  const { heldUntil } = scope;
  const kept = processing.purposes.some((one) => one.purpose === 'keep' && one.given);
  const UNTICKED = 'records were to be kept without a consent';
  must(kept === (heldUntil !== undefined), 'the date for keeping does not fit what was ticked', UNTICKED);
  if (heldUntil === undefined) return;
  const until = Date.parse(heldUntil);
  must(given < until && until <= given + MAX_CASE_DAYS * DAY_MS, `kept until ${heldUntil}`, UNTICKED);
}

/** What the counter's own clock says, which never goes back: log, papers, receipt. */
function checkCounterTimes(
  evidence: Evidence,
  { given, answered, expires }: { given: number; answered: number; expires: number },
): void {
  const { audit, report, madeAt } = evidence.document('receipt');
  const logged = Date.parse(audit.entry.at);
  const made = Date.parse(madeAt);
  must(given <= logged && logged <= made, 'the answer was logged at another time', ELSEWHEN);
  must(Math.abs(logged - answered) <= CLOCKS_MS, 'answered and logged at different times', ELSEWHEN);
  // The visit ends with the consent; a receipt under way may just come after it.
  must(made < expires + CLOCKS_MS, 'the receipt was made long after the visit', ELSEWHEN);
  const whole = Math.floor(logged / 1000) * 1000;
  const within = (name: string, until: number) => {
    const paper = readPdfSignature(evidence.bytes(name));
    const at = paper.ok ? paper.signedAt.getTime() : Number.NaN;
    must(whole <= at && at <= until, `${name} states another time (/M)`, ELSEWHEN);
  };
  within('receipt.pdf', made);
  if (!report) return;
  const reported = Date.parse(report.audit.entry.at);
  must(logged <= reported && reported <= made, 'the report was logged at another time', ELSEWHEN);
  within(REPORT_FILE, reported);
}

/** Central's word for each head of the log came after its key was published, and while the visit lasted. */
export async function checkCosignatures(evidence: Evidence): Promise<string> {
  const { audit, report, madeAt } = evidence.document('receipt');
  const { validFrom } = evidence.document('witness');
  const published = Math.floor(Date.parse(validFrom) / 1000) * 1000;
  for (const { entry, checkpoint } of [audit, ...(report ? [report.audit] : [])]) {
    const { cosignedAt: at } = await cosignedHead(evidence, entry.device, checkpoint, 'a head');
    must(published <= at, `cosigned before the key was valid`, 'the time or the key was made up');
    const near = at >= Date.parse(entry.at) - CLOCKS_MS && at <= Date.parse(madeAt) + CLOCKS_MS;
    must(near, `cosigned at ${new Date(at).toISOString()}`, ELSEWHEN);
  }
  return 'central saw each head of the log while the visit lasted';
}
