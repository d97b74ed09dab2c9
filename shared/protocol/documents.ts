/** Bodies of central's API that are not in the domain. All JSON, all strict: an unknown field is refused. */
import { z } from 'zod';
import { ACCESS_PAGE_LIMIT, accessCursorSchema, accessPageSchema } from '../domain/accesses.ts';
import { auditEntrySchema, witnessSchema } from '../domain/audit.ts';
import { caseRowSchema } from '../domain/case.ts';
import { consentRecordSchema, witnessesSchema } from '../domain/consent.ts';
import { inkSchema } from '../domain/ink.ts';
import { instantSchema } from '../domain/instant.ts';
import { manifestSchema, wrappedSecretSchema } from '../domain/lookup.ts';
import { policySchema, proofKindSchema } from '../domain/policy.ts';
import { representationKindSchema } from '../domain/representation.ts';
import { grantsSchema, requestSchema, subscriberSchema } from '../domain/scope.ts';
import { credentialsSchema, staffSchema } from '../domain/staff.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** A document with a detached CMS (RFC 5652) over its canonical bytes (RFC 8785), base64 of DER. */
export function signedSchema<S extends z.ZodType>(document: S) {
  return z.strictObject({ document, cms: base64 });
}

export const statusSchema = z.strictObject({
  serverTime: z.iso.datetime(),
  policyVersion: z.number().int().min(1),
});

export const signInRequestSchema = credentialsSchema;
export const signInAnswerSchema = z.strictObject({
  /** JWT (RFC 7519) bound to the counter's certificate (RFC 8705 `cnf.x5t#S256`). */
  token: z.string().max(4_000),
  staff: staffSchema,
  expiresAt: z.iso.datetime(),
});

export const signedPolicySchema = signedSchema(policySchema);

/** Asks central to challenge the subject: it sends the one-time code to their phone. */
export const challengeRequestSchema = z.strictObject({
  sessionId: z.uuid(),
  subscriber: subscriberSchema,
  /** Who will sign; the subject themself when left out. */
  representation: representationKindSchema.optional(),
  /** What the text to the number says it is about; a lookup when left out. */
  about: z.enum(['lookup', 'withdrawal']).optional(),
});
export const challengeAnswerSchema = z.strictObject({
  challengeId: z.uuid(),
  proofs: z.array(proofKindSchema).min(1),
  expiresAt: z.iso.datetime(),
  triesLeft: z.number().int().min(0),
});

/** The subject's proofs. They pass through the core and stay nowhere. */
export const proofsSchema = z.strictObject({
  servicePassword: z.string().min(4).max(64).optional(),
  oneTimeCode: z
    .string()
    .regex(/^\d{4,8}$/)
    .optional(),
  identityNumber: z
    .string()
    .regex(/^\d{17}[\dX]$/)
    .optional(),
  /** Of who signs in the subject's name. */
  representativeIdentityNumber: z
    .string()
    .regex(/^\d{17}[\dX]$/)
    .optional(),
});
export type Proofs = z.infer<typeof proofsSchema>;

/** Passed: who the subject is, for the subject's own screen and the report. */
export const identityAssertionSchema = z.strictObject({
  assertionId: z.uuid(),
  subscriber: subscriberSchema,
  name: z.string().min(1).max(60),
  verifiedAt: z.iso.datetime(),
});
export type IdentityAssertion = z.infer<typeof identityAssertionSchema>;

/** Who looked at the subject: asked for by the subject at the counter, after passing the identity check. */
export const accessesRequestSchema = z.strictObject({
  sessionId: z.uuid(),
  /** Where the page before ended; left out for the newest. */
  cursor: accessCursorSchema.optional(),
  limit: z.number().int().min(1).max(ACCESS_PAGE_LIMIT),
  refusedOnly: z.boolean(),
});
export const accessesAnswerSchema = accessPageSchema;

/** A second member of staff confirms, in person, what was signed in this visit. */
export const attestRequestSchema = credentialsSchema.extend({
  sessionId: z.uuid(),
  subscriber: subscriberSchema,
  /** What they saw: the ink, by its hash in the consent. */
  inkSha256: sha256Hex,
});
/** Who witnessed: the member of staff of the session, then the second one. */
export const attestAnswerSchema = z.strictObject({ witnesses: witnessesSchema });

/** What the consent's hashes bind, kept by central as evidence. */
export const consentEvidenceSchema = z.strictObject({
  noticeText: z.string().max(100_000),
  /** PNG of the customer's window at signing. */
  picture: base64.max(8_000_000),
  ink: inkSchema,
  answers: z.strictObject({ questionId: z.string(), answerId: z.string(), grants: grantsSchema }),
});
export type ConsentEvidence = z.infer<typeof consentEvidenceSchema>;

export const consentSubmissionSchema = z.strictObject({
  consent: consentRecordSchema,
  /** Detached CMS by the counter's device key over the canonical bytes of `consent`. */
  cms: base64,
  evidence: consentEvidenceSchema,
});
export type ConsentSubmission = z.infer<typeof consentSubmissionSchema>;

/** Central's countersignature: it has checked and stored the consent. */
export const consentAcceptanceSchema = z.strictObject({
  schema: z.literal('zhiqing-acceptance/1'),
  consentId: z.uuid(),
  consentHash: sha256Hex,
  acceptedAt: instantSchema,
});
export type ConsentAcceptance = z.infer<typeof consentAcceptanceSchema>;
export const signedAcceptanceSchema = signedSchema(consentAcceptanceSchema);

export const lookupRequestSchema = z.strictObject({
  /** Chosen by the counter; the same id again answers the same (idempotent). */
  lookupId: z.uuid(),
  consentId: z.uuid(),
  request: requestSchema,
});
export const lookupAnswerSchema = z.strictObject({
  manifest: signedSchema(manifestSchema),
  secrets: z.strictObject({ metadata: wrappedSecretSchema, content: wrappedSecretSchema }),
});
export type LookupAnswer = z.infer<typeof lookupAnswerSchema>;

/** A consent's end: the subject withdrew, or the visit is over. Final; central gives no key under it again. */
export const consentEndSchema = z.strictObject({
  reason: z.enum(['visit-ended', 'withdrawn', 'expired']),
  at: z.iso.datetime(),
});

/** Audit entries in order; central refuses a batch that does not continue the chain it holds. */
export const auditBatchSchema = z.strictObject({ entries: z.array(auditEntrySchema).min(1).max(500) });
export const auditHeadSchema = z.strictObject({
  /** Number of entries held of this device. */
  size: z.number().int().min(0),
  /** SHA-256 of the last entry's canonical bytes; 64 zeros when empty. */
  head: sha256Hex,
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** Keys that central cosigns with, in its name. */
export const signedWitnessSchema = signedSchema(witnessSchema);

const hashPath = z.array(sha256Hex).max(64);
/** A signed note (C2SP) as text. */
const noteText = z.string().min(1).max(4_000);

/** A checkpoint of the counter's tree, and how much of central's own log the counter has seen. */
export const auditCheckpointRequestSchema = z.strictObject({
  checkpoint: noteText,
  seen: z.number().int().min(0),
});
/** The checkpoint with central's cosignature, and proof that central has written that down in its own log. */
export const auditCheckpointAnswerSchema = z.strictObject({
  checkpoint: noteText,
  log: z.strictObject({
    /** Head of central's own log, signed. */
    checkpoint: noteText,
    /** RFC 6962 consistency proof from `seen` leaves to this head, hex. */
    consistency: hashPath,
    /** Canonical JSON of central's entry about this very checkpoint. */
    event: z.string().max(2_000),
    index: z.number().int().min(0),
    /** RFC 6962 audit path of that entry, hex. */
    inclusion: hashPath,
  }),
});
export type AuditCheckpointAnswer = z.infer<typeof auditCheckpointAnswerSchema>;

export const caseSubmissionSchema = caseRowSchema;
export const dayCasesSchema = z.strictObject({ rows: z.array(caseRowSchema) });
export const emptySchema = z.strictObject({});
