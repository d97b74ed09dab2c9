import type { Bytes } from './bytes.ts';
import type { Layer, PageBinding } from './sealed-page.ts';

// Signatures; the bodies follow in the next commit.

/** HPKE output (RFC 9180): both unpadded base64url. */
export interface WrappedSecret {
  readonly enc: string;
  readonly ciphertext: string;
}

export declare class WrapError extends Error {
  readonly kind: 'invalid-key' | 'malformed' | 'cannot-unwrap';
  constructor(kind: WrapError['kind']);
}

/** The info of a wrapped layer secret: canonical bytes of {use, layer, consentHash, scopeHash, lookupId}. */
export declare function layerSecretInfo(binding: PageBinding, layer: Layer): Bytes;
export declare function wrapSecret(input: {
  /** 65 bytes, uncompressed P-256 point. */
  readonly recipientPublicKey: Bytes;
  readonly info: Bytes;
  readonly secret: Bytes;
}): Promise<WrappedSecret>;
export declare function unwrapSecret(input: {
  /** ECDH P-256, usage 'deriveBits'; a pair spares computing the public key. */
  readonly recipientKey: CryptoKey | CryptoKeyPair;
  readonly info: Bytes;
  readonly wrapped: WrappedSecret;
}): Promise<Bytes>;
