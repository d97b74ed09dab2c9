/** Sealing of some pages of a lookup: pure work on bytes, in this thread or another. */
import { type Bytes, randomBytes } from '../../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { leafHashes } from '../../../shared/canonical/merkle.ts';
import { rowCommitment, SALT_BYTES } from '../../../shared/canonical/row.ts';
import {
  encodeContent,
  encodeMetadata,
  importLayerKey,
  PAGE_ROWS,
  type PageBinding,
  sealPage,
} from '../../../shared/canonical/sealed-page.ts';
import type { LayerName, PageRef } from '../../../shared/domain/lookup.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import type { SourceRecord } from '../record-source.ts';

export interface SealJob {
  readonly binding: PageBinding;
  /** From deriveLayerSecret. */
  readonly secrets: Readonly<Record<LayerName, Bytes>>;
  /** Number of the first page. */
  readonly firstPage: number;
  readonly records: readonly SourceRecord[];
}

export interface SealedPages {
  readonly pages: readonly { readonly layer: LayerName; readonly ref: PageRef; readonly sealed: Bytes }[];
  /** Merkle leaf hashes of the rows' commitments, 32 bytes each, in order. */
  readonly leafHashes: Bytes;
}

/** Seals records in order of time, 512 a page, each page in both layers. */
export async function sealRecords({ binding, secrets, firstPage, records }: SealJob): Promise<SealedPages> {
  const keys = {
    metadata: await importLayerKey(secrets.metadata),
    content: await importLayerKey(secrets.content),
  };
  const hashes = new Uint8Array(records.length * 32);
  const jobs: Promise<SealedPages['pages'][number]>[] = [];
  for (let start = 0; start < records.length; start += PAGE_ROWS) {
    const rows = records.slice(start, start + PAGE_ROWS).map(toRow);
    const commitments = new Uint8Array(rows.length * 32);
    for (const [i, row] of rows.entries()) commitments.set(row.commitment, i * 32);
    hashes.set(leafHashes(commitments), start * 32);
    const page = firstPage + start / PAGE_ROWS;
    const plain = { metadata: encodeMetadata(rows), content: encodeContent(rows) };
    for (const layer of ['metadata', 'content'] as const) {
      jobs.push(sealOne(layer, page, rows.length, plain[layer], keys[layer], binding));
    }
  }
  return { pages: await Promise.all(jobs), leafHashes: hashes };
}

async function sealOne(
  layer: LayerName,
  page: number,
  rows: number,
  plain: Bytes,
  layerKey: CryptoKey,
  binding: PageBinding,
): Promise<SealedPages['pages'][number]> {
  const sealed = await sealPage({ layerKey, binding, layer, page, plain });
  const ref = { page, rows, bytes: sealed.length, sha256: await sha256Hex(sealed) };
  return { layer, ref, sealed };
}

/** A row of both layers. A lone surrogate from an old switch becomes U+FFFD: canonical JSON refuses it. */
function toRow(record: SourceRecord) {
  const { at, direction, category } = record;
  const peer = record.peer.toWellFormed();
  const text = record.text.toWellFormed();
  // SECURITY: S4 the metadata layer never holds the counterpart in full.
  const maskedPeer = maskNumber(peer);
  const salt = randomBytes(SALT_BYTES);
  const metadata = { at, direction, category, maskedPeer };
  return { ...metadata, peer, text, salt, commitment: rowCommitment(metadata, { peer, text, salt }) };
}
