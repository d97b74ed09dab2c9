/** Sealing of some pages of a lookup: pure work on bytes, in this thread or another. */
import { hash } from 'node:crypto';
import { type Bytes, concat } from '../../../shared/canonical/bytes.ts';
import { HASH_BYTES, sha256Hex } from '../../../shared/canonical/hash.ts';
import { leafHashes, rootOfLeafHashes } from '../../../shared/canonical/merkle.ts';
import { committedBytes, SALT_BYTES } from '../../../shared/canonical/row.ts';
import {
  encodeContent,
  encodeMetadata,
  importLayerKey,
  type LayerKey,
  PAGE_ROWS,
  type PageBinding,
  pageSalts,
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
  /**
   * Merkle roots of the pages' commitments, 32 bytes each, in order. A full page holds 512 = 2^9 rows and is a
   * subtree of the whole (RFC 6962 section 2.1), so the root over these is the root over all rows.
   */
  readonly pageRoots: Bytes;
}

/** Seals records in order of time, 512 a page, each page in both layers. */
export async function sealRecords({ binding, secrets, firstPage, records }: SealJob): Promise<SealedPages> {
  const keys = {
    metadata: await importLayerKey(secrets.metadata, binding, 'metadata', 'seal'),
    content: await importLayerKey(secrets.content, binding, 'content', 'seal'),
  };
  const slices = Array.from({ length: Math.ceil(records.length / PAGE_ROWS) }, (_, index) =>
    records.slice(index * PAGE_ROWS, (index + 1) * PAGE_ROWS),
  );
  const salts = await Promise.all(
    slices.map((slice, index) => pageSalts(keys.content, firstPage + index, slice.length)),
  );
  const pageRoots = new Uint8Array(slices.length * HASH_BYTES);
  const jobs: Promise<SealedPages['pages'][number]>[] = [];
  for (const [index, slice] of slices.entries()) {
    const rows = makeRows(slice, salts[index] ?? new Uint8Array(0));
    const commitments = concat(...rows.map((row) => row.commitment));
    pageRoots.set(rootOfLeafHashes(leafHashes(commitments)), index * HASH_BYTES);
    const plain = { metadata: encodeMetadata(rows), content: encodeContent(rows) };
    for (const layer of ['metadata', 'content'] as const) {
      jobs.push(sealOne(keys[layer], firstPage + index, rows.length, plain[layer]));
    }
  }
  return { pages: await Promise.all(jobs), pageRoots };
}

async function sealOne(
  key: LayerKey,
  page: number,
  rows: number,
  plain: Bytes,
): Promise<SealedPages['pages'][number]> {
  const sealed = await sealPage(key, page, plain);
  const ref = { page, rows, bytes: sealed.length, sha256: await sha256Hex(sealed) };
  return { layer: key.layer, ref, sealed };
}

/** Rows of both layers. @param salts 16 bytes a row */
function makeRows(records: readonly SourceRecord[], salts: Bytes) {
  return records.map((record, i) => {
    const { at, direction, category } = record;
    // A lone surrogate from an old switch becomes U+FFFD: canonical JSON refuses it.
    const peer = record.peer.toWellFormed();
    const text = record.text.toWellFormed();
    // SECURITY: S4 the metadata layer never holds the counterpart in full.
    const metadata = { at, direction, category, maskedPeer: maskNumber(peer) };
    const content = { peer, text };
    const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    // `rowCommitment` by OpenSSL: half the time, twenty thousand times.
    const commitment = new Uint8Array(
      hash('sha256', committedBytes(metadata, { ...content, salt }), 'buffer'),
    );
    return { ...metadata, ...content, commitment };
  });
}
