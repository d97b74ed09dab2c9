/** Builds the consent record of a visit: pure, from what was agreed, shown and signed. */

import { type Bytes, toBase64, utf8 } from '../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../shared/canonical/hash.ts';
import { type ConsentRecord, consentRecordSchema } from '../../shared/domain/consent.ts';
import type { Ink } from '../../shared/domain/ink.ts';
import { type Language, noticeText, type Policy } from '../../shared/domain/policy.ts';
import type { Grants, LookupRequest, Scope } from '../../shared/domain/scope.ts';
import type { ConsentEvidence } from '../../shared/protocol/documents.ts';

export interface ConsentParts {
  recordId: string;
  sessionId: string;
  /** 32 hexadecimal digits, used once. */
  nonce: string;
  request: LookupRequest;
  policy: Policy;
  display: { language: Language; largeType: boolean };
  grants: Grants;
  answerId: string;
  /** PNG of the customer's window, taken before it changed. */
  picture: Bytes;
  ink: Ink;
  identityAssertion: string;
  recipientKey: string;
  deviceId: string;
  /** Of the code on the receipt, hexadecimal. */
  withdrawalCodeSha256: string;
  staffId: string;
  /** Epoch ms. */
  at: number;
}

const MINUTE_MS = 60_000;

/** What the customer agreed to, as data. */
export function scopeOf({ request, grants, policy, at }: ConsentParts): Scope {
  return {
    ...request,
    recipients: grants.release ? ['subject', 'staff-released-rows'] : ['subject'],
    expiresAt: new Date(at + policy.consentMinutes * MINUTE_MS).toISOString(),
  };
}

/** What the record's hashes stand for; central keeps it. */
export function evidenceOf(parts: ConsentParts): ConsentEvidence {
  const { policy, display, answerId, grants, ink, picture } = parts;
  return {
    noticeText: noticeText(policy, display.language),
    picture: toBase64(picture),
    ink,
    answers: { questionId: policy.questions[display.language].id, answerId, grants },
  };
}

/** The record, every field of it. SECURITY: S9 the hashes are of exactly the bytes that go along as evidence. */
export async function consentRecord(
  parts: ConsentParts,
): Promise<{ record: ConsentRecord; evidence: ConsentEvidence }> {
  const { policy, request, grants, display } = parts;
  const scope = scopeOf(parts);
  const evidence = evidenceOf(parts);
  const record = consentRecordSchema.parse({
    header: { schema: 'zhiqing-consent/1', recordId: parts.recordId, principalId: request.subscriber },
    processing: {
      privacyNotice: { policyVersion: policy.version, ...display },
      // What was asked, each with its answer; what the policy does not offer was not asked.
      purposes: policy.grants.map((purpose) => ({ purpose, given: grants[purpose] })),
      reason: request.purpose,
      lawfulBasis: 'consent',
      piiCategories: request.categories,
      controllers: [policy.operator.name],
      collectionMethod: 'in-person-counter',
      processingMethod: 'display-and-report-on-subject-screen',
      storageLocations: [
        'counter: sealed, while the visit lasts',
        'central service of the controller: this record',
      ],
      retention:
        'records on the counter: until the visit ends or the scope expires; this record: as long as the law asks of the controller',
      processingLocations: ['service hall counter', 'central service of the controller'],
      jurisdictions: ['CN'],
      recipients: scope.recipients,
      withdrawalMethod: `'stop and leave' on the customer's screen at any time, the hall's staff, or ${policy.operator.contact}`,
      privacyRights: [
        'know and decide',
        'access and copy',
        'correct',
        'delete',
        'withdraw',
        'explanation',
        'complain',
      ],
    },
    parties: [
      { role: 'principal', id: request.subscriber },
      { role: 'controller', id: policy.operator.name },
      { role: 'counter', id: parts.deviceId },
      // SECURITY: S8 staff are a party of their own, never the signer.
      { role: 'staff', id: parts.staffId },
    ],
    events: [{ type: 'given', at: new Date(parts.at).toISOString(), validUntil: scope.expiresAt }],
    scope,
    evidence: {
      noticeSha256: await sha256Hex(utf8(evidence.noticeText)),
      pictureSha256: await sha256Hex(parts.picture),
      inkSha256: await hashOf(evidence.ink),
      answersSha256: await hashOf(evidence.answers),
      identityAssertion: parts.identityAssertion,
    },
    withdrawalCodeSha256: parts.withdrawalCodeSha256,
    recipientKey: parts.recipientKey,
    sessionId: parts.sessionId,
    nonce: parts.nonce,
  });
  return { record, evidence };
}
