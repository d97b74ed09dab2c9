/** PEM (RFC 7468) in and out. */
import { type Bytes, fromBase64, toBase64 } from '../../../shared/canonical/bytes.ts';

export type PemLabel = 'CERTIFICATE' | 'PRIVATE KEY';

/** DER as PEM text with lines of 64 characters. */
export function toPem(der: Uint8Array, label: PemLabel): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * DER of the first block of this label.
 * @throws RangeError when there is none; EncodingError when it is not base64.
 */
export function fromPem(pem: string, label: PemLabel): Bytes {
  const match = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(pem);
  if (!match?.[1]) throw new RangeError(`no PEM block of ${label}`);
  return fromBase64(match[1].replaceAll(/\s/g, ''));
}
