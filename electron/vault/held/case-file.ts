/**
 * What is kept of a case beside its pages, under a key of its own: the layer secrets, and what a later reading needs
 * to check them. A line in front says in plain what staff may know.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Bytes, concat, fromUtf8, utf8 } from '../../../shared/canonical/bytes.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { consentRecordSchema } from '../../../shared/domain/consent.ts';
import { heldCaseSchema } from '../../../shared/domain/held.ts';
import { manifestSchema } from '../../../shared/domain/lookup.ts';

const SCHEMA = 'zhiqing-held/1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 32;
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What a case is bound to. The audit log says it, not the file: a file with another date does not open. */
export interface HeldBinding {
  caseId: string;
  consentHash: string;
  /** RFC 3339, as in the signed scope. */
  heldUntil: string;
}

/** In plain: what the list shows. */
export const heldAboutSchema = heldCaseSchema
  .pick({ maskedNumber: true })
  .required()
  .extend({
    /** Sizes of the files of pages. */
    bytes: z.strictObject({ metadata: z.number().int().min(0), content: z.number().int().min(0) }),
  });
export type HeldAbout = z.infer<typeof heldAboutSchema>;

/** Sealed: whose it is and under which consent, and what proves the pages. The rest follows from these. */
export const heldDetailsSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  consent: z.strictObject({ record: consentRecordSchema, hash: sha256Hex, cms: z.base64() }),
  manifest: z.strictObject({ document: manifestSchema, cms: z.base64() }),
});
export type HeldDetails = z.infer<typeof heldDetailsSchema>;

export interface HeldSecrets {
  metadata: Bytes;
  content: Bytes;
}

/** A file that is not what was written, or not for this case. The message names the part, never a value. */
export class HeldFileError extends Error {
  override readonly name = 'HeldFileError';
}

/** The file's bytes. @param key 32 bytes, used for this file alone. */
export function sealCase(
  key: Bytes,
  binding: HeldBinding,
  content: { about: HeldAbout; details: HeldDetails; secrets: HeldSecrets },
): Bytes {
  const { about, details, secrets } = content;
  const line = canonicalBytes(heldAboutSchema.parse(about));
  const both = concat(secrets.metadata, secrets.content);
  try {
    return concat(
      line,
      utf8('\n'),
      seal(key, aadOf(binding, 'secrets', about), both),
      seal(key, aadOf(binding, 'details', about), utf8(JSON.stringify(heldDetailsSchema.parse(details)))),
    );
  } finally {
    both.fill(0);
  }
}

/** What the list shows; nothing is opened for it. @throws HeldFileError */
export function readAbout(file: Bytes): HeldAbout {
  try {
    return heldAboutSchema.parse(JSON.parse(fromUtf8(file.subarray(0, endOfLine(file)))));
  } catch {
    throw new HeldFileError('about');
  }
}

/** @throws HeldFileError */
export function openDetails(key: Bytes, binding: HeldBinding, file: Bytes): HeldDetails {
  const { details } = partsOf(file);
  const plain = unseal(key, aadOf(binding, 'details', readAbout(file)), details, 'details');
  try {
    return heldDetailsSchema.parse(JSON.parse(fromUtf8(plain)));
  } catch {
    throw new HeldFileError('details');
  }
}

/** Copies that the caller overwrites. @throws HeldFileError */
export function openSecrets(key: Bytes, binding: HeldBinding, file: Bytes): HeldSecrets {
  const plain = unseal(key, aadOf(binding, 'secrets', readAbout(file)), partsOf(file).secrets, 'secrets');
  const secrets = { metadata: plain.slice(0, SECRET_BYTES), content: plain.slice(SECRET_BYTES) };
  plain.fill(0);
  return secrets;
}

type Part = 'secrets' | 'details';

// SECURITY: S7 one part of one case under one consent until one date, and the line in front of it.
function aadOf(binding: HeldBinding, part: Part, about: HeldAbout): Bytes {
  return canonicalBytes({ schema: SCHEMA, part, ...binding, about });
}

function endOfLine(file: Bytes): number {
  const end = file.indexOf(0x0a);
  if (end < 0) throw new HeldFileError('about');
  return end;
}

function partsOf(file: Bytes): Record<Part, Bytes> {
  const start = endOfLine(file) + 1;
  const middle = start + NONCE_BYTES + 2 * SECRET_BYTES + TAG_BYTES;
  if (file.length <= middle + NONCE_BYTES + TAG_BYTES) throw new HeldFileError('length');
  return { secrets: file.subarray(start, middle), details: file.subarray(middle) };
}

function seal(key: Bytes, aad: Bytes, plain: Bytes): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return concat(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

function unseal(key: Bytes, aad: Bytes, sealed: Bytes, part: Part): Bytes {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return concat(opened, decipher.final());
  } catch {
    throw new HeldFileError(part);
  } finally {
    opened.fill(0);
  }
}
