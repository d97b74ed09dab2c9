/** One entry of the audit log: who, what, when, under which consent; never what a record says. And its proof. */
import { z } from 'zod';
import { instantSchema } from './instant.ts';

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
  'consent-refused',
  'consent-withdrawn',
  'withdrawal-refused',
  'consent-expired',
  'representative-noted',
  'lookup-answered',
  'lookup-denied',
  /** What was found is sealed on the disk, for a case. */
  'records-held',
  /** It is opened again. */
  'held-opened',
  'held-denied',
  /** A visit that leaves it there, sealed, is over: windows and memory are clear. */
  'held-closed',
  /** Its files were lost, altered, exchanged or another's: nothing of them is opened. */
  'held-damaged',
  'layer-opened',
  'layer-denied',
  'page-denied',
  'rows-released',
  'release-denied',
  'report-made',
  'report-saved',
  'report-printed',
  'receipt-made',
  'receipt-saved',
  'screen-handed-over',
  'screen-returned',
  'screen-return-refused',
  'session-ended',
  'keys-destroyed',
  'erasure-evidenced',
  'case-recorded',
  'mark-witnessed',
  'withdrawal-started',
  'withdrawal-ended',
  'change-received',
  'ipc-denied',
  'command-refused',
  'accesses-viewed',
  'accesses-denied',
  'log-viewed',
  'log-exported',
  'log-denied',
  'log-rotated',
  'settings-changed',
  'role-changed',
  'policy-adopted',
  'witness-signed',
  'witness-adopted',
  'certificate-renewed',
  'delivery-refused',
  'file-repaired',
] as const;
export const auditActionSchema = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** Facts about the action: short strings and numbers, never content. */
const factsSchema = z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()]));

export const auditEntrySchema = z.strictObject({
  schema: z.literal('zhiqing-audit/1'),
  /** 0-based, without gaps. */
  seq: z.number().int().min(0),
  /** The counter's clock, which follows central's. */
  at: instantSchema,
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
  /** 16 random bytes, base64url: the entry's leaf in the Merkle tree is a commitment that nobody can guess at. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** SHA-256 (hex) of the canonical bytes of the entry before; 64 zeros for the first. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/**
 * An entry with the proof that it is in the log (RFC 6962 section 2.1.1). The leaf's data are the entry's
 * canonical bytes (RFC 8785).
 */
export const auditProofSchema = z.strictObject({
  entry: auditEntrySchema,
  /** 0-based place in the tree; the entry's `seq`. */
  index: z.number().int().min(0),
  /** Leaves of the tree that the checkpoint states. */
  size: z.number().int().min(1),
  /** SHA-256 hashes (hex), from the leaf's sibling up to the root. */
  proof: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
  /** Signed note (C2SP tlog-checkpoint) over that tree, with central's cosignature where the counter has it. */
  checkpoint: z.string().max(4_000),
});
export type AuditProof = z.infer<typeof auditProofSchema>;

/** The keys that central vouches for counters' logs with, and signs its own log with; in a document it signs (CMS). */
export const witnessSchema = z.strictObject({
  schema: z.literal('zhiqing-witness/1'),
  /** C2SP verifier key of central's cosignatures, type 0x04. */
  witnessKey: z.string().max(300),
  /** C2SP verifier key of the checkpoints of central's own log, type 0x01. */
  logKey: z.string().max(300),
  validFrom: instantSchema,
});
export type Witness = z.infer<typeof witnessSchema>;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** One entry of central's own log. Its leaf's data are the canonical bytes (RFC 8785). */
export const centralEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    schema: z.literal('zhiqing-central-event/1'),
    event: z.literal('checkpoint-cosigned'),
    seq: z.number().int().min(0),
    at: z.iso.datetime(),
    device: z.string(),
    size: z.number().int().min(0),
    root: sha256Hex,
  }),
  z.strictObject({
    schema: z.literal('zhiqing-central-event/1'),
    /** A counter's entries or checkpoint contradict what central holds: an incident. */
    event: z.literal('counter-refused'),
    seq: z.number().int().min(0),
    at: z.iso.datetime(),
    device: z.string(),
    reason: z.enum(['fork', 'rollback', 'signature']),
  }),
  z.strictObject({
    schema: z.literal('zhiqing-central-event/1'),
    /** Central's first entry; another one for each document about its keys that comes later. */
    event: z.literal('witness-published'),
    seq: z.number().int().min(0),
    at: z.iso.datetime(),
    /** SHA-256 of the witness document's canonical bytes. */
    witness: sha256Hex,
  }),
]);
export type CentralEvent = z.infer<typeof centralEventSchema>;

/** What an export of a counter's log holds; signed by its device key (CMS). */
export const auditExportStatementSchema = z.strictObject({
  schema: z.literal('zhiqing-audit-export/1'),
  device: z.string(),
  at: z.iso.datetime(),
  /** Entries ever written, and the RFC 6962 root over them. */
  size: z.number().int().min(0),
  root: sha256Hex,
  /** Number of the oldest entry that is there in full; of those before only the leaves' hashes are. */
  oldest: z.number().int().min(0),
  files: z.array(
    z.strictObject({
      name: z.string().regex(/^[\w.-]{1,60}$/),
      bytes: z.number().int().min(0),
      sha256: sha256Hex,
    }),
  ),
});
export type AuditExportStatement = z.infer<typeof auditExportStatementSchema>;
