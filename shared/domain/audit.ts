/** One entry of the audit log: who, what, when, under which consent; never what a record says. */
import { z } from 'zod';

export const auditActions = [
  'core-started',
  'core-crashed',
  'staff-signed-in',
  'staff-sign-in-refused',
  'staff-signed-out',
  'session-started',
  'session-refused',
  'identity-challenged',
  'identity-passed',
  'identity-failed',
  'consent-signed',
  'consent-accepted',
  'consent-rejected',
  'lookup-answered',
  'lookup-denied',
  'layer-opened',
  'rows-released',
  'release-denied',
  'report-made',
  'report-saved',
  'screen-handed-over',
  'screen-returned',
  'screen-return-refused',
  'session-ended',
  'keys-destroyed',
  'case-recorded',
  'ipc-denied',
] as const;
export const auditActionSchema = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** Facts about the action: short strings and numbers, never content. */
const factsSchema = z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()]));

export const auditEntrySchema = z.strictObject({
  schema: z.literal('zhiqing-audit/1'),
  /** 0-based, without gaps. */
  seq: z.number().int().min(0),
  /** RFC 3339, UTC, the counter's clock. */
  at: z.iso.datetime(),
  device: z.string(),
  action: auditActionSchema,
  staffId: z.string().optional(),
  sessionId: z.uuid().optional(),
  consentId: z.uuid().optional(),
  /** Keyed pseudonym of the subject (HMAC-SHA-256, hex). */
  subject: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  facts: factsSchema,
  /** SHA-256 (hex) of the canonical bytes of the entry before; 64 zeros for the first. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
