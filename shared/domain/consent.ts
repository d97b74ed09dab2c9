/**
 * The consent record: the signed statement of scope. Fields after ISO/IEC TS 27560:2023 (by the W3C DPV
 * guide): header, processing, parties, events; evidence hashes bind what was shown and signed.
 * `consent.schema.json` beside this file is generated from it (build/schema/consent.ts).
 */
import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { languageSchema } from './policy.ts';
import { representationSchema } from './representation.ts';
import {
  type Category,
  categories,
  type GrantName,
  grantNames,
  purposeSchema,
  scopeSchema,
  subscriberSchema,
} from './scope.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What kind of processing each purpose is (TS 27560 purpose type). */
export const purposeTypes = {
  lookup: 'service-provision',
  analysis: 'on-device-analysis',
  release: 'disclosure-to-staff',
  keep: 'storage-for-the-case',
  contact: 'customer-care',
  marketing: 'direct-marketing',
  richInk: 'proof-of-signature',
} as const satisfies Record<GrantName, string>;

/** Information of the record, and whether the law counts it as sensitive (PIPL 28, Civil Code 1033). */
export const sensitiveCategories = {
  sms: true,
  call: true,
  transaction: false,
} as const satisfies Record<Category, boolean>;

const piiCategorySchema = z.strictObject({
  /** `signature-ink` is sensitive when it carries the fine timing of the hand. */
  category: z.enum([...categories, 'identity-proof', 'signature-ink']),
  sensitive: z.boolean(),
});

/** Ways to withdraw. `at` says where, in words or as a number to call. */
const withdrawalMethodSchema = z.strictObject({
  method: z.enum(['customer-screen', 'any-counter', 'receipt-code', 'hotline']),
  at: z.string().min(1).max(200),
});

/** A member of staff who confirmed what was signed, with central's id of that confirmation. */
const witnessSchema = z.strictObject({
  staffId: z.string().regex(/^\d{3,8}$/),
  assertion: z.uuid(),
});
/** Two members of staff: who serves, and a second one. */
export const witnessesSchema = z
  .array(witnessSchema)
  .length(2)
  .refine(([a, b]) => a?.staffId !== b?.staffId && a?.assertion !== b?.assertion, 'two different people');
export type Witnesses = z.infer<typeof witnessesSchema>;

/** How it was signed. A mark always has its witnesses; a signature where the policy wants them. */
const signatureSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('signature'), witnesses: witnessesSchema.optional() }),
  z.strictObject({ method: z.literal('witnessed-mark'), witnesses: witnessesSchema }),
]);
export type Signature = z.infer<typeof signatureSchema>;
export type SignatureMethod = Signature['method'];

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
    purposes: z
      .array(
        z.strictObject({
          purpose: z.enum(grantNames),
          purposeType: z.enum(Object.values(purposeTypes)),
          given: z.boolean(),
        }),
      )
      .min(1),
    reason: purposeSchema,
    /** PIPL 13(1), 14, 29: separate consent. */
    lawfulBasis: z.literal('consent'),
    piiCategories: z.array(piiCategorySchema).min(1),
    controllers: z.array(z.string()).min(1),
    service: z.literal('own-records-lookup'),
    collectionMethod: z.literal('in-person-counter'),
    processingMethod: z.literal('display-and-report-on-subject-screen'),
    storageLocations: z.array(z.string()).min(1),
    retention: z.string(),
    processingLocations: z.array(z.string()).min(1),
    /** Where it must not go. */
    geographicRestrictions: z.array(z.literal('not-outside-CN')).min(1),
    jurisdictions: z.array(z.literal('CN')).min(1),
    recipients: z.array(z.string()).min(1),
    withdrawalMethods: z.array(withdrawalMethodSchema).min(1),
    privacyRights: z.array(z.string()).min(1),
  }),
  parties: z.array(
    z.strictObject({
      role: z.enum(['principal', 'representative', 'controller', 'counter', 'staff', 'witness']),
      type: z.enum(['natural-person', 'organisation', 'device']),
      id: z.string().min(1),
      /** How to reach the controller. */
      contact: z.string().min(1).optional(),
    }),
  ),
  events: z
    .array(
      z.strictObject({
        type: z.literal('given'),
        /** Who gave it. */
        by: z.enum(['principal', 'representative']),
        at: instantSchema,
        validUntil: instantSchema,
      }),
    )
    .length(1),
  /** Who signed in whose name, and the papers that were shown. */
  representation: representationSchema,
  signature: signatureSchema,
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
    /** SHA-256 of canonical JSON of `scope`; the manifest and the page keys carry the same. */
    scopeSha256: sha256Hex,
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
