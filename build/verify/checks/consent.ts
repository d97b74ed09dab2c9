/** The consent: signed at the counter, hashed with what was shown and signed, accepted by central. */
import { equal, fromBase64, fromUtf8 } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { withdrawalCodeHash } from '../../../shared/canonical/withdrawal-code.ts';
import { inkSchema } from '../../../shared/domain/ink.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import { consentEvidenceSchema } from '../../../shared/protocol/documents.ts';
import { type Evidence, short } from '../evidence.ts';
import { must } from '../result.ts';

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
  // A text: bytes that are none would be shown as something else by each program.
  fromUtf8(evidence.bytes('notice.txt'));
  evidence.parsed('ink.json', inkSchema);
  const answers = evidence.parsed('answers.json', consentEvidenceSchema.shape.answers);
  const { purposes } = evidence.document('consent').processing;
  const given = new Set(purposes.filter((purpose) => purpose.given).map(({ purpose }) => purpose));
  // Whatever was not asked was not given.
  const same = grantNames.every((name) => answers.grants[name] === given.has(name));
  must(same, 'ticks and consent differ', 'the consent claims what was not agreed to');
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
