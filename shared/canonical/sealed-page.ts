import type { Bytes } from './bytes.ts';
import type { ContentRow, MetadataRow, RowCategory, RowDirection } from './row.ts';

// Signatures; the bodies follow in the next commit.

/** Rows of a full page. */
export const PAGE_ROWS = 512;
/** The two layers of every record, each under its own key. */
export type Layer = 'metadata' | 'content';

/** What a page is sealed to; one field changed and it does not open. // SECURITY: S7 */
export interface PageBinding {
  /** SHA-256 of the signed consent record, lower-case hexadecimal. */
  readonly consentHash: string;
  /** SHA-256 of the canonical scope, lower-case hexadecimal. */
  readonly scopeHash: string;
  readonly lookupId: string;
}

/** Why a page could not be made, read or opened. */
export declare class SealedPageError extends Error {
  readonly kind: 'malformed' | 'unsupported-version' | 'cannot-open' | 'invalid-row' | 'invalid-input';
  constructor(kind: SealedPageError['kind'], detail: string);
}

export interface MetadataPage {
  readonly length: number;
  readonly at: Float64Array<ArrayBuffer>;
  /** n × 32 bytes. */
  readonly commitments: Bytes;
  /** Distinct masked counterparts; `peerIndex[i]` points into it. */
  readonly peers: readonly string[];
  readonly peerIndex: Uint16Array<ArrayBuffer>;
  direction(i: number): RowDirection;
  category(i: number): RowCategory;
  maskedPeer(i: number): string;
  commitment(i: number): Bytes;
  row(i: number): MetadataRow;
}

export interface ContentPage {
  readonly length: number;
  /** UTF-16 units of all texts; text i is units textOffsets[i] to textOffsets[i + 1]. */
  readonly texts: Uint16Array<ArrayBuffer>;
  readonly textOffsets: Uint32Array<ArrayBuffer>;
  /** Distinct full counterparts; `peerIndex[i]` points into it. */
  readonly peers: readonly string[];
  readonly peerIndex: Uint16Array<ArrayBuffer>;
  peer(i: number): string;
  text(i: number): string;
  salt(i: number): Bytes;
  row(i: number): ContentRow;
}

/** Unauthenticated until `openPage` succeeds. */
export interface PageHeader {
  readonly version: number;
  readonly layer: Layer;
  readonly page: number;
  readonly rows: number;
  readonly nonce: Bytes;
}

export declare function encodeMetadata(rows: readonly MetadataRow[]): Bytes;
export declare function decodeMetadata(plain: Bytes): MetadataPage;
export declare function encodeContent(rows: readonly ContentRow[]): Bytes;
export declare function decodeContent(plain: Bytes): ContentPage;
export declare function deriveLayerSecret(
  consentSecret: Bytes,
  binding: PageBinding,
  layer: Layer,
): Promise<Bytes>;
export declare function importLayerKey(layerSecret: Bytes): Promise<CryptoKey>;
export declare function readPageHeader(sealed: Bytes): PageHeader;
/** `plain` comes from encodeMetadata or encodeContent; its row count goes into the header. */
export declare function sealPage(input: {
  readonly layerKey: CryptoKey;
  readonly binding: PageBinding;
  readonly layer: Layer;
  readonly page: number;
  readonly plain: Bytes;
  /** For test vectors only; otherwise random. */
  readonly nonce?: Bytes;
}): Promise<Bytes>;
/** The page's plain bytes, for decodeMetadata or decodeContent. */
export declare function openPage(input: {
  readonly layerKey: CryptoKey;
  readonly binding: PageBinding;
  readonly layer: Layer;
  readonly page: number;
  readonly sealed: Bytes;
}): Promise<Bytes>;
