import type { Bytes } from './bytes.ts';

// Signatures; the bodies follow in the next commit.

export interface SignDetachedInput {
  readonly content: Bytes;
  /** ECDSA P-256, usage 'sign'. */
  readonly privateKey: CryptoKey;
  /** DER. */
  readonly certificate: Bytes;
  /** DER, issuer first; the root may be left out. */
  readonly chain?: readonly Bytes[];
  readonly signingTime: Date;
}

export interface VerifyDetachedInput {
  readonly content: Bytes;
  /** DER. */
  readonly cms: Bytes;
  /** DER; the only anchors. */
  readonly trustedCertificates: readonly Bytes[];
  /** When given, the chain must be valid at this time as well as at the signing time. */
  readonly at?: Date;
  /** DER. When given, every certificate below the anchor must be covered by a current list. */
  readonly crls?: readonly Bytes[];
}

export interface CmsSigner {
  /** RFC 4514-like text, e.g. 'CN=…,OU=device'. */
  readonly subject: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  /** DER. */
  readonly certificate: Bytes;
  /** Lower-case hexadecimal. */
  readonly certificateSha256: string;
}

export type CmsRefusal =
  | 'malformed'
  | 'digest-mismatch'
  | 'bad-signature'
  | 'untrusted-signer'
  | 'not-valid-at-time'
  | 'no-signed-attributes'
  | 'weak-digest'
  | 'signer-count';

export type CmsVerdict =
  | { readonly ok: true; readonly signer: CmsSigner; readonly signingTime: Date }
  | { readonly ok: false; readonly reason: CmsRefusal; readonly detail: string };

export declare function signDetached(input: SignDetachedInput): Promise<Bytes>;
export declare function verifyDetached(input: VerifyDetachedInput): Promise<CmsVerdict>;
