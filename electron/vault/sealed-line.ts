/**
 * One line of a file, sealed: AES-256-GCM under a key of the vault, bound to its place, so that lines can't be
 * moved, doubled or taken from another file. SECURITY: S12 S14
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../shared/canonical/bytes.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param place File, generation and number of the line: the additional authenticated data. */
export function sealLine(key: Buffer, place: string, value: unknown): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(utf8(place));
  const text = Buffer.concat([cipher.update(utf8(JSON.stringify(value))), cipher.final()]);
  return toBase64url(Buffer.concat([nonce, text, cipher.getAuthTag()]));
}

/** The value of a line; undefined when it is not what was sealed for this place. */
export function unsealLine(key: Buffer, place: string, sealed: string): unknown {
  try {
    const bytes = fromBase64url(sealed);
    // The last character has bits that say nothing: altered, they are an alteration all the same.
    if (toBase64url(bytes) !== sealed) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(utf8(place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(fromUtf8(text));
  } catch {
    return undefined;
  }
}
