/** What central answers a lookup with: a signed statement of what there is, and keys for it. */
import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { scopeSchema } from './scope.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
export const layerSchema = z.enum(['metadata', 'content']);
export type LayerName = z.infer<typeof layerSchema>;

/** One sealed page, as the manifest names it. */
export const pageRefSchema = z.strictObject({
  page: z.number().int().min(0),
  rows: z.number().int().min(1).max(512),
  /** Size of the sealed bytes. */
  bytes: z.number().int().min(1),
  sha256: sha256Hex,
});
export type PageRef = z.infer<typeof pageRefSchema>;

/** Central's signed statement of what a lookup holds. Rows are in order of time, oldest first. */
export const manifestSchema = z.strictObject({
  schema: z.literal('zhiqing-manifest/1'),
  lookupId: z.uuid(),
  consentId: z.uuid(),
  /** SHA-256 of the consent record's canonical bytes. */
  consentHash: sha256Hex,
  /** SHA-256 of the scope's canonical bytes. */
  scopeHash: sha256Hex,
  scope: scopeSchema,
  answeredAt: instantSchema,
  /** SHA-256 of the asking counter's certificate (DER). */
  device: sha256Hex,
  policyVersion: z.number().int().min(1),
  rows: z.number().int().min(0),
  counts: z.strictObject({
    received: z.number().int().min(0),
    sent: z.number().int().min(0),
    byCategory: z.record(z.string(), z.number().int().min(0)),
  }),
  /** RFC 6962 root over the row commitments in order. */
  merkleRoot: sha256Hex,
  /**
   * The same over each page's commitments. All pages but the last are full, so that these are nodes of the whole
   * tree: a page can be checked by itself, as soon as it is there.
   */
  pageRoots: z.array(sha256Hex),
  pages: z.strictObject({ metadata: z.array(pageRefSchema), content: z.array(pageRefSchema) }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A 32-byte layer secret under HPKE (RFC 9180), wrapped to the consent's recipientKey; base64url. */
export const wrappedSecretSchema = z.strictObject({
  enc: z.string().regex(/^[A-Za-z0-9_-]+$/),
  ciphertext: z.string().regex(/^[A-Za-z0-9_-]+$/),
});
export type WrappedSecret = z.infer<typeof wrappedSecretSchema>;
