/** Builds the consent record of a visit: pure, from what was agreed, shown and signed. */

import { type Bytes, toBase64, utf8 } from '../../shared/canonical/bytes.ts';
import { hashOf, sha256Hex } from '../../shared/canonical/hash.ts';
import {
  type ConsentRecord,
  consentRecordSchema,
  purposeTypes,
  type Signature,
  type SignatureMethod,
  sensitiveCategories,
  type Witnesses,
} from '../../shared/domain/consent.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Ink } from '../../shared/domain/ink.ts';
import { grantsOffered, type Language, noticeText, type Policy } from '../../shared/domain/policy.ts';
import type { Representation } from '../../shared/domain/representation.ts';
import type { Grants, LookupRequest, Scope } from '../../shared/domain/scope.ts';
import type { ConsentEvidence } from '../../shared/protocol/documents.ts';

export interface ConsentParts {
  recordId: string;
  sessionId: string;
  /** 32 hexadecimal digits, used once. */
  nonce: string;
  request: LookupRequest;
  representation: Representation;
  method: SignatureMethod;
  /** Who confirmed it, where that is needed. */
  witnesses: Witnesses | undefined;
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
const DAY_MS = 86_400_000;

/** What the customer agreed to, as data. @throws Failure 'consent-required' where something is kept for no stated time */
export function scopeOf({ request, grants, policy, at }: ConsentParts): Scope {
  const { caseDays } = policy;
  if (grants.keep && caseDays === undefined) throw new Failure('consent-required', { detail: 'caseDays' });
  return {
    ...request,
    recipients: grants.release ? ['subject', 'staff-released-rows'] : ['subject'],
    expiresAt: new Date(at + policy.consentMinutes * MINUTE_MS).toISOString(),
    // SECURITY: S7 part of the scope, so of every page key: with another date nothing opens.
    ...(grants.keep && caseDays !== undefined
      ? { heldUntil: new Date(at + caseDays * DAY_MS).toISOString() }
      : {}),
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

/** How it was signed, with who saw it. @throws Failure 'consent-required' for a mark that nobody saw */
function signatureOf({ method, witnesses }: ConsentParts): Signature {
  if (method === 'signature') return witnesses ? { method, witnesses } : { method };
  if (!witnesses) throw new Failure('consent-required', { detail: 'witnesses' });
  return { method, witnesses };
}

/** In words, for who reads the record without this code. */
function retentionOf({ heldUntil }: Scope): string {
  const records =
    heldUntil === undefined
      ? 'until the visit ends or the scope expires'
      : `sealed, until the case is done or keeping is withdrawn, at the latest until ${heldUntil}`;
  return `records on the counter: ${records}; this record: as long as the law asks of the controller`;
}

/** The record, every field of it. SECURITY: S9 the hashes are of exactly the bytes that go along as evidence. */
export async function consentRecord(
  parts: ConsentParts,
): Promise<{ record: ConsentRecord; evidence: ConsentEvidence }> {
  const { policy, request, grants, display, representation } = parts;
  const represented = representation.kind !== 'self';
  const scope = scopeOf(parts);
  const evidence = evidenceOf(parts);
  const record = consentRecordSchema.parse({
    header: { schema: 'zhiqing-consent/1', recordId: parts.recordId, principalId: request.subscriber },
    processing: {
      privacyNotice: { policyVersion: policy.version, ...display },
      // What was asked, each with its answer; what the policy does not offer was not asked.
      purposes: grantsOffered(policy, representation.kind).map((purpose) => ({
        purpose,
        purposeType: purposeTypes[purpose],
        given: grants[purpose],
      })),
      reason: request.purpose,
      lawfulBasis: 'consent',
      piiCategories: [
        ...request.categories.map((category) => ({ category, sensitive: sensitiveCategories[category] })),
        { category: 'identity-proof', sensitive: true },
        { category: 'signature-ink', sensitive: grants.richInk },
      ],
      controllers: [policy.operator.name],
      service: 'own-records-lookup',
      collectionMethod: 'in-person-counter',
      processingMethod: 'display-and-report-on-subject-screen',
      storageLocations: [
        grants.keep ? 'counter: sealed, until the case is done' : 'counter: sealed, while the visit lasts',
        'central service of the controller: this record',
      ],
      retention: retentionOf(scope),
      processingLocations: ['service hall counter', 'central service of the controller'],
      geographicRestrictions: ['not-outside-CN'],
      jurisdictions: ['CN'],
      recipients: scope.recipients,
      withdrawalMethods: [
        { method: 'customer-screen', at: "'stop and leave', at any time of the visit" },
        { method: 'any-counter', at: 'any counter of the controller, with proof of identity' },
        { method: 'receipt-code', at: 'any counter of the controller, with the code on the receipt' },
        { method: 'hotline', at: policy.operator.contact },
      ],
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
      { role: 'principal', type: 'natural-person', id: request.subscriber },
      ...(represented
        ? [{ role: 'representative', type: 'natural-person', id: representation.name } as const]
        : []),
      {
        role: 'controller',
        type: 'organisation',
        id: policy.operator.name,
        contact: policy.operator.contact,
      },
      { role: 'counter', type: 'device', id: parts.deviceId },
      // SECURITY: S8 staff are a party of their own, never the signer.
      { role: 'staff', type: 'natural-person', id: parts.staffId },
      ...(parts.witnesses ?? [])
        .filter(({ staffId }) => staffId !== parts.staffId)
        .map(({ staffId }) => ({ role: 'witness', type: 'natural-person', id: staffId }) as const),
    ],
    events: [
      {
        type: 'given',
        by: represented ? 'representative' : 'principal',
        at: new Date(parts.at).toISOString(),
        validUntil: scope.expiresAt,
      },
    ],
    representation,
    signature: signatureOf(parts),
    scope,
    evidence: {
      noticeSha256: await sha256Hex(utf8(evidence.noticeText)),
      pictureSha256: await sha256Hex(parts.picture),
      inkSha256: await hashOf(evidence.ink),
      answersSha256: await hashOf(evidence.answers),
      scopeSha256: await hashOf(scope),
      identityAssertion: parts.identityAssertion,
    },
    withdrawalCodeSha256: parts.withdrawalCodeSha256,
    recipientKey: parts.recipientKey,
    sessionId: parts.sessionId,
    nonce: parts.nonce,
  });
  return { record, evidence };
}
