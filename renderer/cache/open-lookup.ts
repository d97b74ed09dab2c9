/** What is needed of a lookup before anything of it is shown, and the rest of it afterwards. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { LayerKey } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, ColumnsBuilder } from './columns.ts';
import { ContentPages } from './content-pages.ts';
import { directoryKeyOf, type Held, openDirectory, sealDirectory } from './directory.ts';
import { layerKeysOf } from './layer-keys.ts';
import { type LookupLayout, layoutOf, requireRoots } from './layout.ts';
import { LANES, loadPages, QUIET_LANES } from './loader.ts';
import { metadataOpener, type OpenMetadata } from './metadata-opener.ts';
import { newestPages, openNewest } from './newest-rows.ts';
import { overviewOf } from './overview.ts';
import type { FetchPages } from './page-source.ts';
import type { PageStorage } from './page-storage.ts';
import { PutQueue } from './put-queue.ts';
import { allRows } from './query.ts';
import type { OpenProgress, Overview, RowFull } from './records.ts';
import { RowCheck } from './row-check.ts';
import { type LayerParts, SealedLayer } from './sealed-layer.ts';
import { Together } from './together.ts';
import { verifyAgainstManifest } from './verify.ts';

/** Sealed content kept in memory: that of some 200,000 messages, so that the first search of nearly all needs no disk. */
const KEEP_BYTES = 8 * 1024 * 1024;

/** Progress is told at most so often: a window that draws every page's arrival loads slower. Milliseconds. */
const PROGRESS_MS = 100;

export interface LookupParts {
  /** Being opened: what needs no disk is done meanwhile. */
  readonly storage: Promise<PageStorage>;
  readonly fetchPages: FetchPages;
  /** Stops everything for good. */
  readonly signal: AbortSignal;
}

export type TellProgress = (progress: OpenProgress) => void;

/** The content layer, where it may be opened. // SECURITY: S4 */
interface Content {
  readonly sealed: SealedLayer;
  readonly directoryKey: Promise<CryptoKey>;
  readonly pages: ContentPages;
}

/** A lookup of which something can be shown. Everything fails with Failures only. */
export class OpenLookup {
  readonly layout: LookupLayout;
  /** The newest rows, oldest of them first; none with the metadata layer alone. */
  readonly newest: readonly RowFull[];
  /** Absent with the metadata layer alone. // SECURITY: S4 */
  readonly content: ContentPages | undefined;
  /**
   * All metadata, checked against the manifest: n of n rows, in order, in scope, with the signed counts. Made once;
   * after a failure the next call goes on from there.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
   */
  readonly columns: () => Promise<Columns>;
  /** What checks rows against the signed root. @throws as `columns` does, and Failure 'forbidden' without content */
  readonly check: () => Promise<RowCheck>;
  readonly #writes: PutQueue;
  readonly #metadata: SealedLayer;
  readonly #content: Content | undefined;
  #overview: () => Overview | undefined;
  #isCommitted: boolean;

  private constructor(
    writes: PutQueue,
    layout: LookupLayout,
    columns: () => Promise<Columns>,
    metadata: SealedLayer,
    content: Content | undefined,
    newest: readonly RowFull[],
    held?: Held,
  ) {
    this.layout = layout;
    this.newest = newest;
    this.#overview = held?.overview ?? (() => undefined);
    this.content = content?.pages;
    this.columns = columns;
    this.check = once(async () => {
      if (content === undefined) throw noContent();
      return new RowCheck(layout, await columns(), content.pages);
    });
    this.#writes = writes;
    this.#metadata = metadata;
    this.#content = content;
    this.#isCommitted = held !== undefined;
  }

  /**
   * Opens what is shown first. With content that is the newest rows: from the directory of a store that held the
   * lookup before, or from the newest pages, checked against the signed root. All metadata comes behind them; without
   * content it is what is waited for.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'; nothing is written after
   * that, and pages that came are found again by the next try.
   */
  static async open(
    parts: LookupParts,
    access: MetadataAccess | RecordsAccess,
    onProgress: TellProgress,
  ): Promise<OpenLookup> {
    // First what is waited for, so that the database is on its way while the layout is made.
    const keys = await layerKeysOf(access);
    const layout = layoutOf(access);
    const { lookupId } = layout.binding;
    const storage = await parts.storage;
    const stop = new AbortController();
    const writes = new PutQueue(storage);
    // The database answers one after the other, and looking for blocks takes the longer the more there are.
    const directory = keys.content === undefined ? Promise.resolve(undefined) : storage.directory(lookupId);
    const found = directory.then(() => storage.found(lookupId));
    // Who needs to know of a failure awaits it.
    found.catch(() => undefined);
    const together =
      layout.content &&
      new Together(parts.fetchPages, { metadata: layout.metadata, content: layout.content });
    const layerParts = {
      ...parts,
      fetchPages: together?.fetchPages ?? parts.fetchPages,
      storage,
      lookupId,
      writes,
      found,
      signal: AbortSignal.any([parts.signal, stop.signal]),
    };
    // Metadata is read once, into its columns.
    const metadata = new SealedLayer({ ...layerParts, keepBytes: 0 }, layout.metadata);
    // Before anything that they vouch for is shown. Not before the directory is: what it holds was checked when it was
    // written, and hashing holds up the database's answers.
    const roots = once(async () => requireRoots(layout));
    const content = contentOf(layerParts, layout, keys.content);
    const openMetadata = metadataOpener(layout.metadata, keys.metadata, newestPages(layout));
    try {
      if (content === undefined) {
        // Nobody's first rows are held up by writing.
        writes.begin();
        const tell = teller(onProgress, layout.metadata.refs.length);
        const columns = once(() => loadColumns(metadata, layout, openMetadata, QUIET_LANES, tell));
        await Promise.all([columns(), roots()]);
        return new OpenLookup(writes, layout, columns, metadata, content, []);
      }
      const columns = once(async () => {
        await roots();
        return await loadColumns(metadata, layout, openMetadata, LANES, () => undefined);
      });
      const held = await openDirectory(directory, layout.merkleRoot, content.directoryKey);
      if (held !== undefined)
        return new OpenLookup(writes, layout, columns, metadata, content, held.newest, held);
      const tell = teller(onProgress, 2 * newestPages(layout).length);
      const { sealed: sealedContent, pages } = content;
      const opening = openNewest({
        layout,
        metadata,
        openMetadata,
        sealedContent,
        content: pages,
        tell,
      });
      // Checked while they are on their way.
      const [newest] = await Promise.all([opening, roots()]);
      // All metadata comes behind them, with the rest.
      return new OpenLookup(writes, layout, columns, metadata, content, newest);
    } catch (thrown) {
      stop.abort();
      // What came is kept for the next try, where the disk allows.
      if (!parts.signal.aborted) await writes.finish().catch(() => undefined);
      await writes.close();
      throw thrown;
    } finally {
      together?.apart();
    }
  }

  get rows(): number {
    return this.layout.rows;
  }

  /** Counts over all rows, where this store has them, or one that held the lookup before. */
  overview(): Overview | undefined {
    return this.#overview();
  }

  /** Content has yet to be fetched, or to be looked at. */
  get hasMore(): boolean {
    return this.#content?.sealed.hasMore ?? false;
  }

  /**
   * Stores all that is not stored yet, newest rows first, then the directory that says so: when this resolves, both
   * are on the disk. After a failure it may be called again and goes on from there.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'
   */
  async hold(): Promise<void> {
    const layers = [...(this.#content === undefined ? [] : [this.#content.sealed]), this.#metadata];
    const columns = this.columns();
    columns.catch(() => undefined);
    this.#writes.begin();
    for (const layer of layers) layer.retry();
    for (const layer of layers) {
      await loadPages(layer, 'missing', QUIET_LANES, async () => {
        // A full disk is noticed before everything has been fetched, and a slow one is not run away from.
        layer.requireStored();
        await this.#writes.room();
      });
    }
    const sealed = await this.#sealDirectory(await columns);
    const { lookupId } = this.layout.binding;
    await this.#writes.finish(() => {
      // With the last pages, or behind them: a directory that is there before would promise what is not.
      for (const layer of layers) layer.requireStored();
      return sealed && { lookupId, sealed };
    });
    if (sealed !== undefined) this.#isCommitted = true;
  }

  /** Writes nothing more; resolves when no write is under way. */
  async close(): Promise<void> {
    await this.#writes.close();
  }

  /** Undefined where none is to be written. */
  async #sealDirectory(columns: Columns): Promise<Bytes | undefined> {
    if (this.#content === undefined || this.#isCommitted) return undefined;
    const overview = overviewOf(columns, allRows(columns.length));
    this.#overview = () => overview;
    return await sealDirectory(this.layout.merkleRoot, await this.#content.directoryKey, {
      newest: this.newest,
      overview,
    });
  }
}

/** What is asked of the metadata layer alone, and needs the other. // SECURITY: S4 */
export function noContent(): Failure {
  return new Failure('forbidden', { detail: 'content layer' });
}

function contentOf(
  parts: Omit<LayerParts, 'keepBytes'>,
  layout: LookupLayout,
  key: LayerKey | undefined,
): Content | undefined {
  if (layout.content === undefined || key === undefined) return undefined;
  const sealed = new SealedLayer({ ...parts, keepBytes: KEEP_BYTES }, layout.content);
  // Derived while pages are on their way, not when somebody waits for it.
  const directoryKey = directoryKeyOf(key);
  directoryKey.catch(() => undefined);
  return { sealed, directoryKey, pages: new ContentPages(sealed, key) };
}

async function loadColumns(
  metadata: SealedLayer,
  layout: LookupLayout,
  openMetadata: OpenMetadata,
  lanes: number,
  tell: () => void,
): Promise<Columns> {
  const builder = new ColumnsBuilder(layout.metadata);
  await loadPages(metadata, 'all', lanes, async (page, sealed) => {
    builder.add(page, await openMetadata(page, sealed));
    tell();
  });
  const columns = builder.finish();
  if (layout.manifest !== undefined) verifyAgainstManifest(columns, layout.manifest);
  return columns;
}

/** Counts pages that are open, and tells. */
function teller(onProgress: TellProgress, pagesTotal: number): () => void {
  let pagesDone = 0;
  let told = performance.now();
  onProgress({ pagesDone, pagesTotal });
  return () => {
    pagesDone++;
    const now = performance.now();
    if (pagesDone < pagesTotal && now - told < PROGRESS_MS) return;
    told = now;
    onProgress({ pagesDone, pagesTotal });
  };
}

/** Work that is done once for all who ask; what failed is done again for the next. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().catch((thrown: unknown) => {
      running = undefined;
      throw thrown;
    });
    return running;
  };
}
