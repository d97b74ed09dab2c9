/** The consent: signed at the counter, hashed with what was shown and signed, accepted by central in time. */
import { equal, fromBase64 } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import { inkSchema } from '../../../shared/domain/ink.ts';
import { consentEvidenceSchema } from '../../../shared/protocol/documents.ts';
import { type Evidence, short } from '../evidence.ts';
import { must } from '../result.ts';

/** Clocks of counter and central may differ by this much, as central's own rule has it (docs/central.md). */
const CLOCKS_MS = 5 * 60_000;
const SWAPPED = 'they are of different visits, or one was changed';

/** The receipt carries this very consent. */
export async function checkReceiptConsent(evidence: Evidence): Promise<string> {
  const receipt = evidence.document('receipt');
  const consent = evidence.document('consent');
  must(
    (await hashOf(receipt.consent)) === (await hashOf(consent)),
    'the receipt holds another consent',
    SWAPPED,
  );
  const cms = fromBase64(receipt.consentCms);
  must(equal(cms, evidence.bytes('consent.p7s')), 'the receipt holds another signature', SWAPPED);
  return `consent ${consent.header.recordId}, as in the receipt`;
}

/** The scope's own rules, and the hours of everything that followed. */
export async function checkTimes(evidence: Evidence): Promise<string> {
  const consent = evidence.document('consent');
  const acceptance = evidence.document('acceptance');
  const manifest = evidence.document('manifest');
  const [event] = consent.events;
  must(event !== undefined, 'the consent was never given', SWAPPED);
  const given = Date.parse(event.at);
  const expires = Date.parse(consent.scope.expiresAt);
  must(event.validUntil === consent.scope.expiresAt, 'it states two expiries', 'it was changed');
  must(given < expires, 'it expired before it was given', 'it allowed nothing');
  const { heldUntil } = consent.scope;
  const kept = consent.processing.purposes.some((one) => one.purpose === 'keep' && one.given);
  must(
    kept === (heldUntil !== undefined) && (heldUntil === undefined || Date.parse(heldUntil) > given),
    'the date until which records may be kept does not fit what was ticked',
    'records were to be kept without a consent',
  );
  const { signingTime } = await evidence.signature('consent');
  must(
    Math.floor(given / 1000) * 1000 === signingTime.getTime(),
    'signed at another time than it states',
    SWAPPED,
  );
  const accepted = Date.parse(acceptance.acceptedAt);
  const answered = Date.parse(manifest.answeredAt);
  must(accepted >= given - CLOCKS_MS && accepted < expires + CLOCKS_MS, 'accepted outside its time', SWAPPED);
  must(answered >= accepted, 'answered before it was accepted', 'records were given without a consent');
  must(answered < expires, 'answered after it had expired', 'records were given without a consent');
  const made = Date.parse(evidence.document('receipt').madeAt);
  must(made >= given - CLOCKS_MS, 'the receipt is older than the consent', SWAPPED);
  return `given ${event.at}, accepted ${acceptance.acceptedAt}, answered ${manifest.answeredAt}, expires ${event.validUntil}${heldUntil === undefined ? '' : `, kept until ${heldUntil} at the latest`}`;
}

/** Central's countersignature is of this consent. */
export async function checkAcceptance(evidence: Evidence): Promise<string> {
  const acceptance = evidence.document('acceptance');
  const consent = evidence.document('consent');
  must(acceptance.consentId === consent.header.recordId, 'it names another consent', SWAPPED);
  const hash = await evidence.sha256('consent.json');
  must(acceptance.consentHash === hash, `it is of consent ${short(acceptance.consentHash)}`, SWAPPED);
  return `central accepted consent ${short(hash)}`;
}

/** What was shown, drawn and answered is what the consent's hashes stand for. */
export async function checkShown(evidence: Evidence): Promise<string> {
  const { evidence: hashes } = evidence.document('consent');
  const files = {
    'notice.txt': hashes.noticeSha256,
    'window.png': hashes.pictureSha256,
    'ink.json': hashes.inkSha256,
    'answers.json': hashes.answersSha256,
  };
  for (const [name, sha256] of Object.entries(files)) {
    must(
      (await evidence.sha256(name)) === sha256,
      `${name} is not what was signed`,
      'the customer saw or did something else',
    );
  }
  const scope = await hashOf(evidence.document('consent').scope);
  must(scope === hashes.scopeSha256, 'the scope is not what was signed', 'it was changed');
  evidence.parsed('ink.json', inkSchema);
  const answers = evidence.parsed('answers.json', consentEvidenceSchema.shape.answers);
  const { processing } = evidence.document('consent');
  const same = processing.purposes.every(({ purpose, given }) => answers.grants[purpose] === given);
  must(
    same && answers.grants.lookup,
    'ticks and consent differ',
    'the consent claims what was not agreed to',
  );
  return 'notice, picture, ink and answers are the ones that were signed';
}

/** The code on the receipt is the one that withdraws this consent. */
export async function checkCode(evidence: Evidence): Promise<string> {
  const { withdrawal } = evidence.document('receipt');
  const { withdrawalCodeSha256 } = evidence.document('consent');
  const hash = await withdrawalCodeHash(withdrawal.code);
  must(hash === withdrawalCodeSha256, 'it is of another consent', 'it would not withdraw this one');
  return 'the code withdraws this consent';
}
