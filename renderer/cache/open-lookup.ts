/** What is needed of a lookup before anything of it is shown, and the rest of it afterwards. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { importLayerKey, type MetadataPage } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, joinColumns } from './columns.ts';
import { ContentPages } from './content-pages.ts';
import { type LayerLayout, type LookupLayout, layoutOf } from './layout.ts';
import { LANES, loadPages, QUIET_LANES } from './loader.ts';
import type { DirectoryEntry, PageDatabase } from './page-database.ts';
import type { FetchPages } from './page-source.ts';
import { PutQueue } from './put-queue.ts';
import type { OpenProgress } from './records.ts';
import { RowTree } from './row-tree.ts';
import { SealedLayer } from './sealed-layer.ts';
import { type LayerOpener, openMetadataPage, verifyAgainstManifest, verifyRoot } from './verify.ts';

/** Progress is told at most so often: a window that draws every page's arrival loads slower. Milliseconds. */
const PROGRESS_MS = 100;

export interface LookupParts {
  readonly database: PageDatabase;
  readonly fetchPages: FetchPages;
  /** Stops everything for good. */
  readonly signal: AbortSignal;
}

export interface OpenLookup {
  readonly columns: Columns;
  readonly tree: RowTree;
  /** Absent with the metadata layer alone. // SECURITY: S4 */
  readonly content: ContentPages | undefined;
  /**
   * Stores all that is not stored yet, newest rows first, then the directory entry that says so. After a failure
   * it may be called again and goes on from there.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'
   */
  hold(): Promise<void>;
  /** Writes nothing more; resolves when no write is under way. */
  close(): Promise<void>;
}

/**
 * Fetches and opens the metadata layer and checks it against the manifest: from then on every row is known and
 * each content page is read when it is needed.
 * @throws Failure 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'; nothing is written after
 * that, and pages that came are found again by the next try.
 */
export async function openLookup(
  parts: LookupParts,
  access: MetadataAccess | RecordsAccess,
  onProgress: (progress: OpenProgress) => void,
): Promise<OpenLookup> {
  const layout = layoutOf(access);
  const { lookupId } = layout.binding;
  const { database, fetchPages } = parts;
  const openers = await openersOf(access, layout);
  const entry = directoryEntry(layout);
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.signal, stop.signal]);
  const writes = new PutQueue(database);
  const layerParts = { lookupId, database, writes, fetchPages, signal };
  try {
    const [known, metadata, content] = await Promise.all([
      database.directory(lookupId),
      SealedLayer.find(layerParts, layout.metadata),
      layout.content && SealedLayer.find(layerParts, layout.content),
      database.keepOnly(lookupId),
    ]);
    // One lookup has one manifest: another one for the same id is an answer of another time.
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(entry)) {
      throw new Failure('records-incomplete', { detail: 'another manifest for this lookup' });
    }
    // What is read first comes while the metadata does.
    if (content !== undefined) content.bring(newestPages(content.layout));
    const tree = new RowTree(layout.rows);
    const pages = await loadMetadata(
      metadata,
      tree,
      openers.metadata,
      content ? LANES : QUIET_LANES,
      onProgress,
    );
    const columns = joinColumns(layout.metadata, pages);
    verifyRoot(tree, layout.merkleRoot);
    if (layout.manifest !== undefined) verifyAgainstManifest(columns, layout.manifest);
    const layers = content === undefined ? [metadata] : [content, metadata];
    return {
      columns,
      tree,
      content: content && openers.content && new ContentPages(content, columns, openers.content),
      hold: async () => {
        await holdLayers(layers, writes);
        await database.commit(entry);
      },
      close: () => writes.close(),
    };
  } catch (thrown) {
    stop.abort();
    await writes.flush();
    await writes.close();
    throw thrown;
  }
}

/** Pages of the newest rows: the last one may hold few. The core lets this many pass before staff's metadata. */
const FIRST_PAGES = 2;

/** What a window reads first. */
export function newestPages({ refs }: LayerLayout): number[] {
  return refs.slice(-FIRST_PAGES).map(({ page }) => page);
}

async function openersOf(access: MetadataAccess | RecordsAccess, { binding }: LookupLayout) {
  const open = async (secret: Uint8Array): Promise<LayerOpener> => ({
    layerKey: await importLayerKey(owned(secret)),
    binding,
  });
  return {
    metadata: await open(access.metadataSecret),
    content: 'contentSecret' in access ? await open(access.contentSecret) : undefined,
  };
}

async function loadMetadata(
  layer: SealedLayer,
  tree: RowTree,
  opener: LayerOpener,
  lanes: number,
  onProgress: (progress: OpenProgress) => void,
): Promise<(MetadataPage | undefined)[]> {
  const { refs } = layer.layout;
  const pagesTotal = refs.length;
  const opened: (MetadataPage | undefined)[] = refs.map(() => undefined);
  let pagesDone = 0;
  let told = performance.now();
  onProgress({ pagesDone, pagesTotal });
  await loadPages(layer, lanes, async (page, sealed) => {
    const metadata = await openMetadataPage(opener, page, sealed);
    if (metadata.length !== layer.layout.ref(page).rows) {
      throw new Failure('records-incomplete', { detail: `metadata page ${page} rows` });
    }
    opened[page] = metadata;
    // Hashed while the next pages are on their way.
    tree.add(layer.layout.start(page), metadata.commitments);
    pagesDone++;
    const now = performance.now();
    if (pagesDone < pagesTotal && now - told < PROGRESS_MS) return;
    told = now;
    onProgress({ pagesDone, pagesTotal });
  });
  return opened;
}

async function holdLayers(layers: readonly SealedLayer[], writes: PutQueue): Promise<void> {
  const stores: Promise<void>[] = [];
  try {
    void writes.flush();
    for (const layer of layers) stores.push(...(await loadPages(layer, QUIET_LANES)));
  } finally {
    // What came before a failure is kept.
    await writes.flush();
  }
  await Promise.all(stores);
}

function directoryEntry({ binding, rows, merkleRoot, metadata, content }: LookupLayout): DirectoryEntry {
  return {
    lookupId: binding.lookupId,
    rows,
    merkleRoot,
    metadataPages: metadata.refs.length,
    contentPages: content?.refs.length ?? 0,
  };
}

/** The secret in an ArrayBuffer of the kind that Web Crypto takes; the same bytes, so that one fill clears it. */
function owned(secret: Uint8Array): Bytes {
  if (secret.buffer instanceof ArrayBuffer)
    return new Uint8Array(secret.buffer, secret.byteOffset, secret.length);
  throw new Failure('bad-input', { detail: 'secret' });
}
