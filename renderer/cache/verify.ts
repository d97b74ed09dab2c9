import { type Bytes, equal, toHex } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { rowCommitment } from '../../shared/canonical/row.ts';
import {
  type ContentPage,
  decodeContent,
  decodeMetadata,
  type Layer,
  type MetadataPage,
  openPage,
  type PageBinding,
  SealedPageError,
} from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/lookup.ts';
import { instantsOf } from '../../shared/domain/period.ts';
import { categories } from '../../shared/domain/scope.ts';
import { type Columns, categoryOf, directionOf, metaOf } from './columns.ts';
import type { RowTree } from './row-tree.ts';

/** What opens the pages of one layer. The key is non-extractable. */
export interface LayerOpener {
  readonly layerKey: CryptoKey;
  readonly binding: PageBinding;
}

/** @throws Failure 'page-unreadable' */
export async function openMetadataPage(
  opener: LayerOpener,
  page: number,
  sealed: Bytes,
): Promise<MetadataPage> {
  const plain = await open(opener, 'metadata', page, sealed);
  try {
    return decodeMetadata(plain);
  } catch (thrown) {
    throw unreadable(thrown, 'metadata', page);
  }
}

/** Plain bytes and their columns; the caller overwrites the bytes when done. @throws Failure 'page-unreadable' */
export async function openContentPage(
  opener: LayerOpener,
  page: number,
  sealed: Bytes,
): Promise<{ plain: Bytes; content: ContentPage }> {
  const plain = await open(opener, 'content', page, sealed);
  try {
    return { plain, content: decodeContent(plain) };
  } catch (thrown) {
    throw unreadable(thrown, 'content', page);
  }
}

async function open(opener: LayerOpener, layer: Layer, page: number, sealed: Bytes): Promise<Bytes> {
  try {
    return await openPage({ ...opener, layer, page, sealed });
  } catch (thrown) {
    throw unreadable(thrown, layer, page);
  }
}

function unreadable(thrown: unknown, layer: Layer, page: number): unknown {
  if (!(thrown instanceof SealedPageError)) return thrown;
  return new Failure('page-unreadable', { detail: `${layer} page ${page}: ${thrown.kind}` });
}

/**
 * n of n rows, and these rows in this order: the root over all commitments is the signed one.
 * @throws Failure 'records-incomplete'
 */
export function verifyRoot(tree: RowTree, merkleRoot: string): void {
  if (toHex(tree.root()) !== merkleRoot) throw new Failure('records-incomplete', { detail: 'Merkle root' });
}

/**
 * What the core cannot see, because it never opens a page: every row lies in the consent's categories and
 * period, and the counts are those that were signed. // SECURITY: S5
 * @throws Failure 'records-incomplete'
 */
export function verifyAgainstManifest(columns: Columns, manifest: Manifest): void {
  const { from, until } = instantsOf(manifest.scope.period);
  const counts = new Map<string, number>();
  let sent = 0;
  for (let i = 0; i < columns.length; i++) {
    const at = columns.at[i] ?? 0;
    const category = categoryOf(columns, i);
    if (at < from || at >= until || !manifest.scope.categories.includes(category)) {
      throw new Failure('records-incomplete', { detail: 'row out of scope' });
    }
    counts.set(category, (counts.get(category) ?? 0) + 1);
    if (directionOf(columns, i) === 'out') sent++;
  }
  const signed = manifest.counts;
  const isCounted =
    signed.sent === sent &&
    signed.received === columns.length - sent &&
    categories.every((category) => (signed.byCategory[category] ?? 0) === (counts.get(category) ?? 0));
  if (!isCounted) throw new Failure('records-incomplete', { detail: 'counts' });
}

/**
 * Every row's content is the one that its metadata committed to.
 * @param start first row of the page.
 * @throws Failure 'records-incomplete' when rows are missing, 'page-unreadable' when one was altered.
 */
export function verifyContent(columns: Columns, start: number, rows: number, content: ContentPage): void {
  if (content.length !== rows) throw new Failure('records-incomplete', { detail: 'content page rows' });
  for (let i = 0; i < rows; i++) {
    const { at, direction, category, maskedPeer } = metaOf(columns, start + i);
    const commitment = rowCommitment({ at, direction, category, maskedPeer }, content.row(i));
    const promised = columns.commitments.subarray((start + i) * HASH_BYTES, (start + i + 1) * HASH_BYTES);
    if (!equal(commitment, promised)) throw new Failure('page-unreadable', { detail: 'row commitment' });
  }
}
