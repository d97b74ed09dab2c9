/** What was shown and signed, against the hashes in the consent. // SECURITY: S9 */
import { type Bytes, fromBase64url, utf8 } from '../../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../../shared/canonical/hash.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import { isCoarse, isSignature } from '../../../shared/domain/ink.ts';
import { noticeText, type Policy } from '../../../shared/domain/policy.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import type { ConsentEvidence } from '../../../shared/protocol/documents.ts';
import { decodeBase64, reject } from './reject.ts';

const PNG_MAGIC = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** @returns the picture's bytes. @throws Failure 'consent-rejected' naming the field. */
export async function checkEvidence(
  consent: ConsentRecord,
  evidence: ConsentEvidence,
  policy: Policy,
): Promise<Bytes> {
  const { language } = consent.processing.privacyNotice;
  // The very text of the policy that central itself published: another notice is no notice.
  if (evidence.noticeText !== noticeText(policy, language)) reject('evidence.noticeText');
  const hashes = consent.evidence;
  if ((await sha256Hex(utf8(evidence.noticeText))) !== hashes.noticeSha256) reject('evidence.noticeSha256');

  const picture = decodeBase64(evidence.picture, 'evidence.picture');
  if (!startsWith(picture, PNG_MAGIC)) reject('evidence.picture');
  if ((await sha256Hex(picture)) !== hashes.pictureSha256) reject('evidence.pictureSha256');

  if ((await hashOf(evidence.ink)) !== hashes.inkSha256) reject('evidence.inkSha256');
  if (consent.signature.method === 'signature' && !isSignature(evidence.ink)) reject('evidence.ink');
  // Fine timing may be biometric: nobody keeps it without its own consent.
  const richInk = consent.processing.purposes.some(({ purpose, given }) => purpose === 'richInk' && given);
  if (!richInk && !isCoarse(evidence.ink)) reject('evidence.ink: timing');
  if ((await hashOf(consent.scope)) !== hashes.scopeSha256) reject('evidence.scopeSha256');

  if ((await hashOf(evidence.answers)) !== hashes.answersSha256) reject('evidence.answersSha256');
  checkAnswers(consent, evidence, policy);
  await checkRecipientKey(consent.recipientKey);
  return picture;
}

/** The question was answered rightly, and the ticks are the ones that the consent states. */
function checkAnswers(consent: ConsentRecord, { answers }: ConsentEvidence, policy: Policy): void {
  const question = policy.questions[consent.processing.privacyNotice.language];
  if (answers.questionId !== question.id) reject('evidence.answers.questionId');
  if (answers.answerId !== question.correct) reject('evidence.answers.answerId');
  for (const name of grantNames) {
    const stated = consent.processing.purposes.some(({ purpose, given }) => purpose === name && given);
    if (answers.grants[name] !== stated) reject('evidence.answers.grants');
  }
}

/** A key that nothing can be wrapped to would show only at the lookup. */
async function checkRecipientKey(key: string): Promise<void> {
  try {
    const point = fromBase64url(key);
    if (point[0] !== 4) reject('recipientKey');
    await crypto.subtle.importKey('raw', point, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  } catch {
    reject('recipientKey');
  }
}

function startsWith(bytes: Bytes, magic: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
