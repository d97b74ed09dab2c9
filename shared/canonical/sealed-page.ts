import type { Bytes } from './bytes.ts';
import { concat, equal, randomBytes, utf8 } from './bytes.ts';
import { canonicalBytes } from './json.ts';
import { PAGE_ROWS, peekPlain } from './page-columns.ts';
import type { Layer, PageBinding } from './page-keys.ts';
import { derivePageKey } from './page-keys.ts';
import { SealedPageError } from './sealed-page-error.ts';

export type { ContentPage, MetadataPage } from './page-columns.ts';
export { decodeContent, decodeMetadata, encodeContent, encodeMetadata, PAGE_ROWS } from './page-columns.ts';
export type { Layer, PageBinding } from './page-keys.ts';
export { deriveLayerSecret, derivePageSalts, importLayerKey } from './page-keys.ts';
export { SealedPageError } from './sealed-page-error.ts';

// Sealed page, version 1: the wire format is the cache format.
//
//   offset  bytes  header (numbers little-endian), authenticated
//        0      4  'ZQSP'
//        4      1  version, 1
//        5      1  layer: 0 metadata, 1 content
//        6      2  rows
//        8      4  page number, from 0
//       12     12  nonce
//       24      …  AES-256-GCM ciphertext ‖ 16-byte tag
//
//   AAD = header ‖ canonical JSON of {schema, consentHash, scopeHash, lookupId}

/** Bytes before the ciphertext. */
export const HEADER_BYTES = 24;
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_PAGE = 0xffff_ffff;
const MAGIC = utf8('ZQSP');
const SCHEMA = 'zhiqing/sealed-page/1';

/** What stands before the ciphertext. A claim only, until `openPage` has succeeded. */
export interface PageHeader {
  readonly version: number;
  readonly layer: Layer;
  /** Number of the page within its layer, from 0. */
  readonly page: number;
  /** Rows on the page. */
  readonly rows: number;
  readonly nonce: Bytes;
}

/** What `sealPage` takes. */
export interface SealPageInput {
  /** From `importLayerKey`. */
  readonly layerKey: CryptoKey;
  readonly binding: PageBinding;
  readonly layer: Layer;
  /** From 0 to 2^32 - 1. */
  readonly page: number;
  /** From `encodeMetadata` or `encodeContent`; its row count goes into the header. */
  readonly plain: Bytes;
  /** 12 bytes, for test vectors only. Left out, the nonce is random. */
  readonly nonce?: Bytes;
}

/** What `openPage` takes. */
export interface OpenPageInput {
  readonly layerKey: CryptoKey;
  readonly binding: PageBinding;
  /** The layer that the caller expects: the header's word is not taken for it. */
  readonly layer: Layer;
  /** The page that the caller expects. */
  readonly page: number;
  readonly sealed: Bytes;
}

/**
 * Seals one page.
 * @throws SealedPageError 'invalid-input' for a page number, nonce or binding out of range, 'malformed' when
 * `plain` is not a page of this layer.
 */
export async function sealPage(input: SealPageInput): Promise<Bytes> {
  const { layerKey, binding, layer, page, plain } = input;
  const nonce = input.nonce ?? randomBytes(NONCE_BYTES);
  if (nonce.length !== NONCE_BYTES) throw new SealedPageError('invalid-input', 'nonce length');
  requirePage(page);
  const inner = peekPlain(plain);
  if (inner.layer !== layer) throw new SealedPageError('malformed', 'rows of another layer');
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  header[4] = VERSION;
  header[5] = layer === 'metadata' ? 0 : 1;
  view.setUint16(6, inner.rows, true);
  view.setUint32(8, page, true);
  header.set(nonce, 12);
  const key = await derivePageKey(layerKey, binding, layer, page, 'encrypt');
  const sealed = await crypto.subtle.encrypt(gcm(nonce, header, binding), key, plain);
  return concat(header, new Uint8Array(sealed));
}

/**
 * Opens one page: its plain bytes, for `decodeMetadata` or `decodeContent`.
 * @throws SealedPageError 'cannot-open' when key, binding, layer, page number or any bit differs from what was
 * sealed (which of them is not told, because it is not known), 'malformed' or 'unsupported-version' when the
 * bytes are no page at all.
 */
export async function openPage({ layerKey, binding, layer, page, sealed }: OpenPageInput): Promise<Bytes> {
  requirePage(page);
  const header = readPageHeader(sealed);
  if (header.layer !== layer || header.page !== page) {
    throw new SealedPageError('cannot-open', 'another layer or page');
  }
  const key = await derivePageKey(layerKey, binding, layer, page, 'decrypt');
  let plain: Bytes;
  try {
    const parameters = gcm(header.nonce, sealed.subarray(0, HEADER_BYTES), binding);
    plain = new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed.subarray(HEADER_BYTES)));
  } catch {
    // Web Crypto says OperationError for every reason alike.
    throw new SealedPageError('cannot-open', 'authentication failed');
  }
  const inner = peekPlain(plain);
  if (inner.layer !== layer || inner.rows !== header.rows) {
    throw new SealedPageError('malformed', 'header and rows differ');
  }
  return plain;
}

/**
 * Reads what stands before the ciphertext, without any key.
 * @throws SealedPageError 'malformed' or 'unsupported-version'.
 */
export function readPageHeader(sealed: Bytes): PageHeader {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || !equal(sealed.subarray(0, 4), MAGIC)) {
    throw new SealedPageError('malformed', 'no sealed page');
  }
  const view = new DataView(sealed.buffer, sealed.byteOffset, HEADER_BYTES);
  const version = view.getUint8(4);
  if (version !== VERSION) throw new SealedPageError('unsupported-version', String(version));
  const layerCode = view.getUint8(5);
  if (layerCode > 1) throw new SealedPageError('malformed', 'layer');
  const rows = view.getUint16(6, true);
  if (rows > PAGE_ROWS) throw new SealedPageError('malformed', 'row count');
  return {
    version,
    layer: layerCode === 0 ? 'metadata' : 'content',
    page: view.getUint32(8, true),
    rows,
    nonce: sealed.slice(12, HEADER_BYTES),
  };
}

function gcm(iv: Bytes, header: Bytes, binding: PageBinding): AesGcmParams {
  const { consentHash, scopeHash, lookupId } = binding;
  const additionalData = concat(header, canonicalBytes({ schema: SCHEMA, consentHash, scopeHash, lookupId }));
  // The tag length is written out: a shorter tag would be a weaker page.
  return { name: 'AES-GCM', iv, additionalData, tagLength: 8 * TAG_BYTES };
}

function requirePage(page: number): void {
  if (!Number.isInteger(page) || page < 0 || page > MAX_PAGE) {
    throw new SealedPageError('invalid-input', 'page number');
  }
}
