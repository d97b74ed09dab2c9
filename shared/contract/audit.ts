/**
 * The auditor's part of the staff window: the counter's audit log and its proofs, never a customer's data.
 * SECURITY: S4 an entry holds numbers only as keyed pseudonyms, and no text of a record.
 */
import { z } from 'zod';
import { auditActionSchema, auditEntrySchema, auditProofSchema } from '../domain/audit.ts';

const nothing = z.strictObject({});
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

/** What the auditor looks for; everything when left out. */
export const auditFilterSchema = z.strictObject({
  action: auditActionSchema.optional(),
  staffId: z
    .string()
    .regex(/^\d{3,8}$/)
    .optional(),
  /** Day of the counter's clock in China. */
  day: z.iso.date().optional(),
  /** Of a session or of a consent. */
  id: z.uuid().optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const AUDIT_PAGE_LIMIT = 200;

export const auditPageSchema = z.strictObject({
  /** Newest first. */
  entries: z.array(auditEntrySchema).max(AUDIT_PAGE_LIMIT),
  /** `before` of the next page; left out at the end. A page may be empty and still not the last. */
  next: count.optional(),
});
export type AuditPageAnswer = z.infer<typeof auditPageSchema>;

/** A verification of the whole log from its files. */
export const auditVerifiedSchema = z.strictObject({
  at: z.iso.datetime(),
  entries: count,
  /** RFC 6962 root over these entries. */
  root: hash,
  /** `start`: when the core opened the log. */
  when: z.enum(['start', 'asked']),
});
export type AuditVerified = z.infer<typeof auditVerifiedSchema>;

const seenSchema = z.strictObject({ size: count, at: z.iso.datetime() });

export const auditStateSchema = z.strictObject({
  device: z.string(),
  /** Entries ever written. */
  size: count,
  /** Entries under the newest signed checkpoint. */
  checkpoint: count,
  /** Entries that central has cosigned. */
  cosigned: seenSchema.optional(),
  /** Central's own log as this counter has last seen it. */
  central: seenSchema.optional(),
  segments: z.strictObject({ kept: count, retired: count, bytes: count }),
  /** Number of the oldest entry that is still there. */
  oldest: count,
  retentionMonths: count,
  intact: z.boolean(),
  /** Why not; for IT. */
  reason: z.string().max(300).optional(),
  verified: auditVerifiedSchema,
});
export type AuditState = z.infer<typeof auditStateSchema>;

export const auditDetailSchema = z.strictObject({
  proof: auditProofSchema,
  /** Canonical bytes of the entry (RFC 8785) as text: what is hashed. */
  canonical: z.string(),
  /** SHA-256 of the canonical bytes: the next entry's `previous`. */
  hash,
});
export type AuditDetail = z.infer<typeof auditDetailSchema>;

export const auditExportSchema = z.strictObject({
  /** Name of the folder that was made in the hand-over folder. */
  folder: z.string().max(200),
  entries: count,
  files: count,
});
export type AuditExport = z.infer<typeof auditExportSchema>;

export const auditCommands = {
  auditState: { args: nothing, result: auditStateSchema },
  auditPage: {
    args: z.strictObject({
      filter: auditFilterSchema,
      before: count.optional(),
      limit: z.number().int().min(1).max(AUDIT_PAGE_LIMIT),
    }),
    result: auditPageSchema,
  },
  auditDetail: { args: z.strictObject({ seq: count }), result: auditDetailSchema },
  /** Reads the files again and verifies all of it; `auditProgress` tells how far. */
  auditVerify: { args: nothing, result: auditVerifiedSchema },
  /** Puts the log with its proofs into the hand-over folder: all of it or nothing. */
  auditExport: { args: nothing, result: auditExportSchema },
} as const;

export const auditProgressSchema = z.strictObject({ done: count, total: count });
