/** The receipt (同意回执): the subject's copy of the consent, with what proves it and how to take it back. */
import { z } from 'zod';
import { withdrawalCodePattern } from '../canonical/withdrawal-code.ts';
import { auditProofSchema } from './audit.ts';
import { consentRecordSchema } from './consent.ts';
import { instantSchema } from './instant.ts';
import { languageSchema } from './policy.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const inBothLanguages = z.strictObject({
  'zh-CN': z.string().min(1).max(1_000),
  en: z.string().min(1).max(1_000),
});

/** Files that lie beside every receipt. `receipt.json` and `receipt.p7s` come to them. */
export const evidenceFiles = [
  'acceptance.json',
  'acceptance.p7s',
  'answers.json',
  'ca.pem',
  'checkpoint',
  'consent.json',
  'consent.p7s',
  'ink.json',
  'manifest.json',
  'manifest.p7s',
  'notice.txt',
  'receipt.pdf',
  'window.png',
  'witness.json',
  'witness.p7s',
] as const;
/** Beside the receipt where the customer had a report made. */
export const REPORT_FILE = 'report.pdf';

export const receiptSchema = z.strictObject({
  schema: z.literal('zhiqing-receipt/1'),
  /** Of the printed receipt. */
  language: languageSchema,
  madeAt: instantSchema,
  consent: consentRecordSchema,
  /** `consent.p7s`, base64. */
  consentCms: z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/),
  /** SHA-256 of `manifest.json`. */
  manifestSha256: sha256Hex,
  /** That the counter logged the lookup's answer before anybody saw it. */
  audit: auditProofSchema,
  /** The report beside it, as the counter logged it. */
  report: z
    .strictObject({
      sha256: sha256Hex,
      pages: z.number().int().min(1),
      audit: auditProofSchema,
      /**
       * RFC 6962 consistency proof from the smaller of both checkpoints' trees to the larger: the counter has one log
       * and not one for each of them.
       */
      consistency: z.array(sha256Hex).max(64),
    })
    .optional(),
  withdrawal: z.strictObject({ code: z.string().regex(withdrawalCodePattern), how: inBothLanguages }),
  verify: inBothLanguages,
  /** Text of the QR code on the printed receipt and the report (shared/canonical/proof-text). */
  qr: z.string().max(1_000),
  /** SHA-256 of every file beside this one and its signature, by name. */
  files: z.record(z.string().max(40), sha256Hex),
});
export type Receipt = z.infer<typeof receiptSchema>;
