import type { Bytes } from './bytes.ts';
import { concat, equal, randomBytes, utf8 } from './bytes.ts';
import { packPage, unpackPage } from './packed-page.ts';
import { peekPlain } from './page-columns.ts';
import type { Layer, LayerKey } from './page-keys.ts';
import { PAGE_ROWS } from './row.ts';
import { SealedPageError } from './sealed-page-error.ts';

export type { ContentPage, MetadataPage } from './page-columns.ts';
export { decodeContent, decodeMetadata, encodeContent, encodeMetadata } from './page-columns.ts';
export type { Layer, LayerKey, PageBinding } from './page-keys.ts';
export { deriveKey, deriveLayerSecret, importLayerKey, pageSalts } from './page-keys.ts';
export { PAGE_ROWS } from './row.ts';
export { SealedPageError } from './sealed-page-error.ts';

// Sealed page, version 2: the wire format is the cache format.
//
//   offset  bytes  header (numbers little-endian), authenticated
//        0      4  'ZQSP'
//        4      1  version, 2
//        5      1  layer: 0 metadata, 1 content
//        6      2  rows
//        8      4  page number, from 0
//       12     12  nonce
//       24      …  AES-256-GCM ciphertext of the packed page (packed-page.ts) ‖ 16-byte tag
//
//   AAD = header ‖ canonical JSON of {schema, consentHash, scopeHash, lookupId}

/** Bytes before the ciphertext. */
export const HEADER_BYTES = 24;
const VERSION = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_PAGE = 0xffff_ffff;
const MAGIC = utf8('ZQSP');

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

/**
 * Seals one page.
 * @param key from `importLayerKey`, to seal.
 * @param page from 0 to 2^32 - 1.
 * @param plain from `encodeMetadata` or `encodeContent`; its row count goes into the header.
 * @param nonce 12 bytes, for test vectors only. Left out, it is random.
 * @throws SealedPageError 'invalid-input' for a page number or nonce out of range, 'malformed' when `plain` is not a
 * page of this layer.
 */
export async function sealPage(key: LayerKey, page: number, plain: Bytes, nonce?: Bytes): Promise<Bytes> {
  const iv = nonce ?? randomBytes(NONCE_BYTES);
  if (iv.length !== NONCE_BYTES) throw new SealedPageError('invalid-input', 'nonce length');
  requirePage(page);
  const inner = peekPlain(plain);
  if (inner.layer !== key.layer) throw new SealedPageError('malformed', 'rows of another layer');
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  header[4] = VERSION;
  header[5] = key.layer === 'metadata' ? 0 : 1;
  view.setUint16(6, inner.rows, true);
  view.setUint32(8, page, true);
  header.set(iv, 12);
  const packed = packPage(plain);
  try {
    const sealed = await crypto.subtle.encrypt(gcm(iv, header, key), key.pages, packed);
    return concat(header, new Uint8Array(sealed));
  } finally {
    packed.fill(0);
  }
}

/**
 * Opens one page: its plain bytes, for `decodeMetadata` or `decodeContent`.
 * @param key from `importLayerKey`, to open; of the layer that the caller expects: the header's word is not taken.
 * @param page the one that the caller expects.
 * @throws SealedPageError 'cannot-open' when key, binding, layer, page number or any bit differs from what was
 * sealed (which of them is not told, because it is not known), 'malformed' or 'unsupported-version' when the
 * bytes are no page at all.
 */
export async function openPage(key: LayerKey, page: number, sealed: Bytes): Promise<Bytes> {
  requirePage(page);
  const header = readPageHeader(sealed);
  if (header.layer !== key.layer || header.page !== page) {
    throw new SealedPageError('cannot-open', 'another layer or page');
  }
  let packed: Bytes;
  try {
    const parameters = gcm(header.nonce, sealed.subarray(0, HEADER_BYTES), key);
    const opened = await crypto.subtle.decrypt(parameters, key.pages, sealed.subarray(HEADER_BYTES));
    packed = new Uint8Array(opened);
  } catch {
    // Web Crypto says OperationError for every reason alike.
    throw new SealedPageError('cannot-open', 'authentication failed');
  }
  let plain: Bytes;
  try {
    plain = unpackPage(packed);
  } finally {
    // SECURITY: S11 the caller overwrites the plain page; of this one nobody knows.
    packed.fill(0);
  }
  const inner = peekPlain(plain);
  if (inner.layer !== key.layer || inner.rows !== header.rows) {
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

function gcm(iv: Bytes, header: Bytes, { bound }: LayerKey): AesGcmParams {
  const additionalData = concat(header, bound);
  // The tag length is written out: a shorter tag would be a weaker page.
  return { name: 'AES-GCM', iv, additionalData, tagLength: 8 * TAG_BYTES };
}

function requirePage(page: number): void {
  if (!Number.isInteger(page) || page < 0 || page > MAX_PAGE) {
    throw new SealedPageError('invalid-input', 'page number');
  }
}
