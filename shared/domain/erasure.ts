/** Erasure evidence (销毁凭证): a counter's signed statement that the keys of one consent are destroyed there. */
import { z } from 'zod';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Why the keys went. Of what was kept for a case: `case-closed`, the case is done; `damaged`, its files were lost,
 * altered or exchanged, so that nothing of them is opened.
 */
export const erasureReasons = ['visit-ended', 'withdrawn', 'expired', 'case-closed', 'damaged'] as const;
export const erasureReasonSchema = z.enum(erasureReasons);
export type ErasureReason = z.infer<typeof erasureReasonSchema>;

/** What is destroyed at the end of a visit, in the order of destruction: keys first. */
export const visitParts = [
  'core-keys',
  'customer-keys',
  'staff-keys',
  'customer-pages',
  'staff-pages',
] as const;
/** And of what was kept for a case: its wrapping key, its secrets, its pages. */
export const heldParts = ['held-key', 'held-secrets', 'held-pages'] as const;
const erasedParts = [...visitParts, ...heldParts] as const;
const erasedPartSchema = z.enum(erasedParts);

/** The entry of the counter's audit log that says the same: central holds a copy of the chain. */
export const auditReferenceSchema = z.strictObject({
  /** Number of the entry. */
  seq: z.number().int().min(0),
  /** SHA-256 (hex) of the entry's canonical bytes. */
  sha256: sha256Hex,
});

/** What the counter signs (detached CMS over the canonical bytes). */
export const erasureEvidenceSchema = z.strictObject({
  schema: z.literal('zhiqing-erasure/1'),
  consentId: z.uuid(),
  /** SHA-256 of the consent record's canonical bytes. */
  consentHash: sha256Hex,
  reason: erasureReasonSchema,
  destroyed: z
    .array(erasedPartSchema)
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'each part once'),
  /** When the last of it was gone, by the counter's trusted clock. */
  at: z.iso.datetime(),
  device: z.string().min(1).max(80),
  auditEntry: auditReferenceSchema,
});
export type ErasureEvidence = z.infer<typeof erasureEvidenceSchema>;
