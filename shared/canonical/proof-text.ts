/**
 * What the QR code on a receipt and a report says: enough to check offline that this counter stood for this
 * consent, this manifest and this head of its audit log. One line of the QR code's alphanumeric mode
 * (ISO/IEC 18004 section 7.4.4: upper-case letters, digits, ` $%*+-./:`):
 *
 *     ZHIQING/1 C:<consent> M:<manifest> T:<size>:<root> K:<key> S:<signature>
 *
 * Hashes are SHA-256, everything is upper-case hexadecimal but the size, which is decimal. `K` is the first four
 * bytes of SHA-256 over the device key's SubjectPublicKeyInfo. `S` is the ECDSA P-256/SHA-256 signature in DER
 * (RFC 3279 section 2.2.3, as openssl takes it) over the ASCII bytes of everything before ` S:`.
 */
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts';
import { derSignature, rawSignature } from './ecdsa-signature.ts';
import { sha256 } from './hash.ts';

/** What a code states. Hashes are lower-case hexadecimal. */
export interface ProofStatement {
  readonly consentSha256: string;
  readonly manifestSha256: string;
  /** Head of the counter's audit log (RFC 6962): leaves and root. */
  readonly size: number;
  readonly root: string;
}

/** A code, read; `signed` is what the signature is over. */
export interface ProofText extends ProofStatement {
  readonly keyId: string;
  /** r ‖ s. */
  readonly signature: Bytes;
  readonly signed: Bytes;
}

const PATTERN =
  /^(ZHIQING\/1 C:([0-9A-F]{64}) M:([0-9A-F]{64}) T:(0|[1-9]\d{0,14}):([0-9A-F]{64}) K:([0-9A-F]{8})) S:((?:[0-9A-F]{2}){8,72})$/;
const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

/** First four bytes of SHA-256 over a SubjectPublicKeyInfo (DER), lower-case hexadecimal. */
export async function proofKeyId(publicKey: Bytes): Promise<string> {
  return toHex((await sha256(publicKey)).slice(0, 4));
}

/**
 * Makes a code.
 * @param privateKey ECDSA P-256, usage 'sign'
 * @param publicKey the same key's SubjectPublicKeyInfo, DER
 */
export async function makeProofText(
  statement: ProofStatement,
  privateKey: CryptoKey,
  publicKey: Bytes,
): Promise<string> {
  const { consentSha256, manifestSha256, size, root } = statement;
  const keyId = await proofKeyId(publicKey);
  const signed =
    `ZHIQING/1 C:${consentSha256} M:${manifestSha256} T:${size}:${root} K:${keyId}`.toUpperCase();
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, utf8(signed)));
  return `${signed} S:${toHex(derSignature(signature)).toUpperCase()}`;
}

/** Reads a code; undefined when it is none. Its signature is not looked at. */
export function readProofText(text: string): ProofText | undefined {
  const [, signed, consent, manifest, size, root, keyId, signature] = PATTERN.exec(text) ?? [];
  if (!signed || !consent || !manifest || !size || !root || !keyId || !signature) return undefined;
  const raw = rawSignature(fromHex(signature.toLowerCase()));
  if (!raw) return undefined;
  return {
    consentSha256: consent.toLowerCase(),
    manifestSha256: manifest.toLowerCase(),
    size: Number(size),
    root: root.toLowerCase(),
    keyId: keyId.toLowerCase(),
    signature: raw,
    signed: utf8(signed),
  };
}

/** Whether a code's key id and signature are those of a device key (SubjectPublicKeyInfo, DER). */
export async function verifyProofText(proof: ProofText, publicKey: Bytes): Promise<boolean> {
  if (proof.keyId !== (await proofKeyId(publicKey))) return false;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('spki', publicKey, algorithm, false, ['verify']);
  return crypto.subtle.verify(ALGORITHM, key, new Uint8Array(proof.signature), new Uint8Array(proof.signed));
}
