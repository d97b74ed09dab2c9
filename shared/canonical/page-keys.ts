import type { Bytes } from './bytes.ts';
import { fromHex } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import { canonicalBytes } from './json.ts';
import { SALT_BYTES } from './row.ts';
import { SealedPageError } from './sealed-page-error.ts';

/** The two layers of every record, each under its own key. // SECURITY: S4 */
export type Layer = 'metadata' | 'content';

/** What a page is sealed to; one field changed and it does not open. // SECURITY: S7 */
export interface PageBinding {
  /** SHA-256 of the signed consent record, lower-case hexadecimal. */
  readonly consentHash: string;
  /** SHA-256 of the canonical scope, lower-case hexadecimal. */
  readonly scopeHash: string;
  readonly lookupId: string;
}

// Key tree (RFC 5869, SHA-256):
//   consent secret, 32 random bytes of central's, one a consent
//   └ layer secret = HKDF(consent secret, salt = consent hash, info = layer, scope, lookup); travels HPKE-wrapped
//     ├ page key   = HKDF(layer secret, no salt, info = layer, page, consent, scope, lookup); AES-256-GCM
//     └ salt key   = HKDF(content secret, no salt, info = page, consent, scope, lookup); AES-256-CTR
// A staff plane that holds the metadata secret can reach neither the content secret nor the consent secret.

/**
 * 32 bytes from which all page keys of one layer of one lookup come.
 * @throws SealedPageError 'invalid-input' when the secret is not 32 bytes or a hash is not 64 hexadecimal digits.
 */
export async function deriveLayerSecret(
  consentSecret: Bytes,
  binding: PageBinding,
  layer: Layer,
): Promise<Bytes> {
  if (consentSecret.length !== HASH_BYTES)
    throw new SealedPageError('invalid-input', 'consent secret length');
  requireBinding(binding);
  const { scopeHash, lookupId } = binding;
  const key = await crypto.subtle.importKey('raw', consentSecret, 'HKDF', false, ['deriveBits']);
  const info = canonicalBytes({ v: 1, use: 'layer', layer, scopeHash, lookupId });
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: fromHex(binding.consentHash), info },
    key,
    8 * HASH_BYTES,
  );
  return new Uint8Array(bits);
}

/**
 * The layer secret as a non-extractable HKDF key: script that gets hold of the object cannot read it out. The
 * caller overwrites its own copy of the bytes.
 */
export async function importLayerKey(layerSecret: Bytes): Promise<CryptoKey> {
  if (layerSecret.length !== HASH_BYTES) throw new SealedPageError('invalid-input', 'layer secret length');
  return crypto.subtle.importKey('raw', layerSecret, 'HKDF', false, ['deriveKey']);
}

/** The non-extractable AES-256-GCM key of one page. */
export async function derivePageKey(
  layerKey: CryptoKey,
  binding: PageBinding,
  layer: Layer,
  page: number,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  requireBinding(binding);
  const { consentHash, scopeHash, lookupId } = binding;
  const info = canonicalBytes({ v: 1, use: 'page', layer, page, consentHash, scopeHash, lookupId });
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    layerKey,
    { name: 'AES-GCM', length: 256 },
    false,
    [usage],
  );
}

/**
 * Salts of the rows of one content page, n × 16 bytes: the first n blocks of the key stream of AES-256-CTR from
 * counter 0 under a key of that page (NIST SP 800-38A). Whoever opens the content layer has them, and nobody else;
 * one that is given away with its row tells nothing of the others. // SECURITY: S4
 * @param layerKey of the content layer, from `importLayerKey`.
 */
export async function derivePageSalts(
  layerKey: CryptoKey,
  binding: PageBinding,
  page: number,
  rows: number,
): Promise<Bytes> {
  requireBinding(binding);
  const { consentHash, scopeHash, lookupId } = binding;
  const info = canonicalBytes({ v: 1, use: 'salts', page, consentHash, scopeHash, lookupId });
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    layerKey,
    { name: 'AES-CTR', length: 256 },
    false,
    ['encrypt'],
  );
  const counter = new Uint8Array(SALT_BYTES);
  const zeros = new Uint8Array(rows * SALT_BYTES);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, key, zeros));
}

function requireBinding({ consentHash, scopeHash, lookupId }: PageBinding): void {
  const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
  // An empty or misspelt binding would still seal, to nothing in particular: refuse.
  if (!isHash(consentHash) || !isHash(scopeHash) || lookupId === '' || !lookupId.isWellFormed()) {
    throw new SealedPageError('invalid-input', 'binding');
  }
}
