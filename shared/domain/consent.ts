/**
 * The consent record: the signed statement of scope. Fields after ISO/IEC TS 27560:2023 (by the W3C DPV
 * guide): header, processing, parties, events; evidence hashes bind what was shown and signed.
 */
import { z } from 'zod';
import { languageSchema } from './policy.ts';
import { categorySchema, grantNames, purposeSchema, scopeSchema, subscriberSchema } from './scope.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const consentRecordSchema = z.strictObject({
  header: z.strictObject({
    schema: z.literal('zhiqing-consent/1'),
    recordId: z.uuid(),
    /** The subject is known to the operator by the number. */
    principalId: subscriberSchema,
  }),
  processing: z.strictObject({
    privacyNotice: z.strictObject({
      policyVersion: z.number().int().min(1),
      language: languageSchema,
      largeType: z.boolean(),
    }),
    /** Each tick on its own, refusals too. */
    purposes: z.array(z.strictObject({ purpose: z.enum(grantNames), given: z.boolean() })).min(1),
    reason: purposeSchema,
    lawfulBasis: z.literal('consent'),
    piiCategories: z.array(categorySchema).min(1),
    controllers: z.array(z.string()).min(1),
    collectionMethod: z.literal('in-person-counter'),
    processingMethod: z.literal('display-and-report-on-subject-screen'),
    storageLocations: z.array(z.string()).min(1),
    retention: z.string(),
    processingLocations: z.array(z.string()).min(1),
    jurisdictions: z.array(z.literal('CN')).min(1),
    recipients: z.array(z.string()).min(1),
    withdrawalMethod: z.string(),
    privacyRights: z.array(z.string()).min(1),
  }),
  parties: z.array(
    z.strictObject({ role: z.enum(['principal', 'controller', 'counter', 'staff']), id: z.string().min(1) }),
  ),
  events: z
    .array(z.strictObject({ type: z.literal('given'), at: z.iso.datetime(), validUntil: z.iso.datetime() }))
    .length(1),
  scope: scopeSchema,
  evidence: z.strictObject({
    /** SHA-256 of UTF-8 noticeText(policy, language). */
    noticeSha256: sha256Hex,
    /** SHA-256 of the PNG of the customer's window at the moment of signing. */
    pictureSha256: sha256Hex,
    /** SHA-256 of canonical JSON of the ink. */
    inkSha256: sha256Hex,
    /** SHA-256 of canonical JSON of {questionId, answerId, grants}. */
    answersSha256: sha256Hex,
    /** Central's id of the identity check that passed. */
    identityAssertion: z.uuid(),
  }),
  /** SHA-256 of the code on the receipt (shared/canonical/withdrawal-code): whoever holds it can withdraw. */
  withdrawalCodeSha256: sha256Hex,
  /** The only key that layer secrets are wrapped to (raw P-256 point, base64url): made for this session. */
  recipientKey: z.string().regex(/^[A-Za-z0-9_-]{87}$/),
  sessionId: z.uuid(),
  /** Used once. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});
export type ConsentRecord = z.infer<typeof consentRecordSchema>;
