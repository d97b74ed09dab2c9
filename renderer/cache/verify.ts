import type { Bytes } from '../../shared/canonical/bytes.ts';
import {
  type ContentPage,
  decodeContent,
  decodeMetadata,
  type Layer,
  type LayerKey,
  type MetadataPage,
  openPage,
  SealedPageError,
} from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/lookup.ts';
import { instantsOf } from '../../shared/domain/period.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { Columns } from './columns.ts';

/** @throws Failure 'page-unreadable', 'records-incomplete' when it holds fewer or more rows than were promised. */
export async function openMetadataPage(
  key: LayerKey,
  page: number,
  rows: number,
  sealed: Bytes,
): Promise<MetadataPage> {
  const plain = await open(key, page, sealed);
  return decoded('metadata', page, rows, () => decodeMetadata(plain));
}

/**
 * Plain bytes and their columns; the caller overwrites the bytes when done.
 * @throws as `openMetadataPage` does
 */
export async function openContentPage(
  key: LayerKey,
  page: number,
  rows: number,
  sealed: Bytes,
): Promise<{ plain: Bytes; content: ContentPage }> {
  const plain = await open(key, page, sealed);
  return { plain, content: decoded('content', page, rows, () => decodeContent(plain)) };
}

async function open(key: LayerKey, page: number, sealed: Bytes): Promise<Bytes> {
  try {
    return await openPage(key, page, sealed);
  } catch (thrown) {
    throw unreadable(thrown, key.layer, page);
  }
}

function decoded<P extends { readonly length: number }>(
  layer: Layer,
  page: number,
  rows: number,
  decode: () => P,
): P {
  let opened: P;
  try {
    opened = decode();
  } catch (thrown) {
    throw unreadable(thrown, layer, page);
  }
  if (opened.length !== rows)
    throw new Failure('records-incomplete', { detail: `${layer} page ${page} rows` });
  return opened;
}

function unreadable(thrown: unknown, layer: Layer, page: number): unknown {
  if (!(thrown instanceof SealedPageError)) return thrown;
  return new Failure('page-unreadable', { detail: `${layer} page ${page}: ${thrown.kind}` });
}

/**
 * What the core cannot see, because it never opens a page: every row lies in the consent's categories and
 * period, and the counts are those that were signed. // SECURITY: S5
 * @throws Failure 'records-incomplete'
 */
export function verifyAgainstManifest({ length, at, flags }: Columns, manifest: Manifest): void {
  const { from, until } = instantsOf(manifest.scope.period);
  // Rows are in order of time: the first and the last bound them all.
  if (length > 0 && ((at[0] ?? 0) < from || (at[length - 1] ?? 0) >= until)) {
    throw new Failure('records-incomplete', { detail: 'row out of scope' });
  }
  const byFlags = new Uint32Array(2 * categories.length);
  for (const flag of flags) byFlags[flag] = (byFlags[flag] ?? 0) + 1;
  let sent = 0;
  for (const [i, category] of categories.entries()) {
    const out = byFlags[2 * i + 1] ?? 0;
    const rows = (byFlags[2 * i] ?? 0) + out;
    sent += out;
    if (rows > 0 && !manifest.scope.categories.includes(category)) {
      throw new Failure('records-incomplete', { detail: 'row out of scope' });
    }
    if (rows !== (manifest.counts.byCategory[category] ?? 0)) throw wrongCounts();
  }
  if (manifest.counts.sent !== sent || manifest.counts.received !== length - sent) throw wrongCounts();
}

function wrongCounts(): Failure {
  return new Failure('records-incomplete', { detail: 'counts' });
}
