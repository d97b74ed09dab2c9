import type { Bytes } from './bytes.ts';
import { fromHex } from './bytes.ts';
import { HASH_BYTES } from './hash.ts';
import { canonicalBytes } from './json.ts';
import { PAGE_ROWS, SALT_BYTES } from './row.ts';
import { SealedPageError } from './sealed-page-error.ts';

const SCHEMA = 'zhiqing/sealed-page/2';

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
//     ├ page key   = HKDF(layer secret, no salt, info = layer, consent, scope, lookup); AES-256-GCM
//     └ salt key   = HKDF(content secret, no salt, info = consent, scope, lookup); AES-256-CTR
// A staff plane that holds the metadata secret can reach neither the content secret nor the consent secret.

/**
 * 32 bytes from which all keys of one layer of one lookup come.
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

/** What seals and opens the pages of one layer of one lookup. No key of it can be read out. */
export interface LayerKey {
  readonly binding: PageBinding;
  readonly layer: Layer;
  /** The binding's bytes, as every page is authenticated with them. */
  readonly bound: Bytes;
  /** HKDF: where the layer's keys come from. */
  readonly secret: CryptoKey;
  /** AES-256-GCM, for all pages: each has a random nonce, and there are far fewer than 2^32 (NIST SP 800-38D, 8.3). */
  readonly pages: CryptoKey;
  /** AES-256-CTR, for rows' salts; in the content layer only. */
  readonly salts: CryptoKey | undefined;
}

/**
 * The keys of a layer. The caller overwrites its own copy of the secret.
 * @param use `open` for who only reads: its key can seal nothing.
 * @throws SealedPageError 'invalid-input' when the secret is not 32 bytes, or a binding is none.
 */
export async function importLayerKey(
  layerSecret: Bytes,
  binding: PageBinding,
  layer: Layer,
  use: 'seal' | 'open',
): Promise<LayerKey> {
  if (layerSecret.length !== HASH_BYTES) throw new SealedPageError('invalid-input', 'layer secret length');
  requireBinding(binding);
  const secret = await crypto.subtle.importKey('raw', layerSecret, 'HKDF', false, ['deriveKey']);
  const [pages, salts] = await Promise.all([
    deriveKey(secret, binding, { use: 'pages', layer }, 'AES-GCM', use === 'seal' ? 'encrypt' : 'decrypt'),
    layer === 'content' ? deriveKey(secret, binding, { use: 'salts' }, 'AES-CTR', 'encrypt') : undefined,
  ]);
  const { consentHash, scopeHash, lookupId } = binding;
  const bound = canonicalBytes({ schema: SCHEMA, consentHash, scopeHash, lookupId });
  return { binding, layer, bound, secret, pages, salts };
}

/** A non-extractable 256-bit key of a layer's secret, for one use. @param what names the use */
export function deriveKey(
  secret: CryptoKey,
  { consentHash, scopeHash, lookupId }: PageBinding,
  what: { readonly use: string; readonly layer?: Layer },
  name: 'AES-GCM' | 'AES-CTR',
  ...usages: readonly ('encrypt' | 'decrypt')[]
): Promise<CryptoKey> {
  const info = canonicalBytes({ v: 2, ...what, consentHash, scopeHash, lookupId });
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    secret,
    { name, length: 256 },
    false,
    usages,
  );
}

/**
 * Salts of the rows of one content page, n × 16 bytes: blocks of one key stream of AES-256-CTR (NIST SP 800-38A), row i
 * of page p the one of counter 512p + i. Whoever opens the content layer has them, and nobody else; one that is given
 * away with its row tells nothing of the others. // SECURITY: S4
 * @throws SealedPageError 'invalid-input' for a key of the other layer, or more rows than a page has.
 */
export async function pageSalts({ salts }: LayerKey, page: number, rows: number): Promise<Bytes> {
  if (salts === undefined || rows > PAGE_ROWS) throw new SealedPageError('invalid-input', 'salts');
  const counter = new Uint8Array(SALT_BYTES);
  new DataView(counter.buffer).setBigUint64(8, BigInt(page) * BigInt(PAGE_ROWS));
  const zeros = new Uint8Array(rows * SALT_BYTES);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, salts, zeros));
}

function requireBinding({ consentHash, scopeHash, lookupId }: PageBinding): void {
  const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
  // An empty or misspelt binding would still seal, to nothing in particular: refuse.
  if (!isHash(consentHash) || !isHash(scopeHash) || lookupId === '' || !lookupId.isWellFormed()) {
    throw new SealedPageError('invalid-input', 'binding');
  }
}
