import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { Bytes } from './bytes.ts';
import { fromBase64url, toBase64url } from './bytes.ts';
import { canonicalBytes } from './json.ts';
import type { Layer, PageBinding } from './page-keys.ts';

/** HPKE output: both unpadded base64url. */
export interface WrappedSecret {
  /** Encapsulated key, 65 bytes. */
  readonly enc: string;
  /** Secret and 16-byte tag. */
  readonly ciphertext: string;
}

/** Why a secret could not be wrapped or unwrapped. */
export class WrapError extends Error {
  /**
   * `invalid-key`: not a P-256 key of the form asked for. `malformed`: not base64url, or a wrong length.
   * `cannot-unwrap`: another recipient, another info, or a changed bit.
   */
  readonly kind: 'invalid-key' | 'malformed' | 'cannot-unwrap';
  constructor(kind: WrapError['kind']) {
    super(`wrapped secret: ${kind}`);
    this.name = 'WrapError';
    this.kind = kind;
  }
}

const POINT_BYTES = 65;
const TAG_BYTES = 16;

/** What a wrapped layer secret is bound to: unwrapped under another consent, scope or layer, it fails. */
export function layerSecretInfo(binding: PageBinding, layer: Layer): Bytes {
  const { consentHash, scopeHash, lookupId } = binding;
  return canonicalBytes({ use: 'zhiqing/layer-secret', layer, consentHash, scopeHash, lookupId });
}

/**
 * Wraps a secret to one recipient: HPKE base mode (RFC 9180), DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
 * AES-256-GCM, empty AAD; `info` carries the binding.
 * @throws WrapError 'invalid-key' when the public key is no uncompressed point of the curve.
 */
export async function wrapSecret(input: {
  /** 65 bytes: 0x04 ‖ x ‖ y. */
  readonly recipientPublicKey: Bytes;
  readonly info: Bytes;
  readonly secret: Bytes;
}): Promise<WrappedSecret> {
  let recipientPublicKey: CryptoKey;
  try {
    recipientPublicKey = await importPoint(input.recipientPublicKey);
  } catch {
    throw new WrapError('invalid-key');
  }
  const sealed = await suite().seal({ recipientPublicKey, info: input.info }, input.secret);
  return {
    enc: toBase64url(new Uint8Array(sealed.enc)),
    ciphertext: toBase64url(new Uint8Array(sealed.ct)),
  };
}

/**
 * Unwraps what `wrapSecret` made.
 *
 * A non-extractable private key must come with its public key: HPKE mixes the recipient's public key in, and it
 * cannot be told from such a key alone.
 * @throws WrapError
 */
export async function unwrapSecret(input: {
  /** ECDH P-256, usage 'deriveBits': a pair, or an extractable private key. */
  readonly recipientKey: CryptoKey | CryptoKeyPair;
  readonly info: Bytes;
  readonly wrapped: WrappedSecret;
}): Promise<Bytes> {
  const { recipientKey, info } = input;
  // The library would guess the sign of y from a lone non-extractable key and fail every second time.
  if (!('privateKey' in recipientKey) && !recipientKey.extractable) throw new WrapError('invalid-key');
  let enc: Bytes;
  let ciphertext: Bytes;
  try {
    enc = fromBase64url(input.wrapped.enc);
    ciphertext = fromBase64url(input.wrapped.ciphertext);
  } catch {
    throw new WrapError('malformed');
  }
  if (enc.length !== POINT_BYTES || ciphertext.length < TAG_BYTES) throw new WrapError('malformed');
  try {
    return new Uint8Array(await suite().open({ recipientKey, enc, info }, ciphertext));
  } catch {
    throw new WrapError('cannot-unwrap');
  }
}

function suite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

async function importPoint(point: Bytes): Promise<CryptoKey> {
  // Web Crypto would also take a compressed point: one spelling only.
  if (point.length !== POINT_BYTES || point[0] !== 4) throw new WrapError('invalid-key');
  return crypto.subtle.importKey('raw', point, { name: 'ECDH', namedCurve: 'P-256' }, true, []);
}
