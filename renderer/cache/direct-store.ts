import { type Bytes, toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import { importLayerKey, type MetadataPage } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, joinColumns, metaOf, requireRow } from './columns.ts';
import { ContentPages } from './content-pages.ts';
import { type LookupLayout, layoutOf } from './layout.ts';
import { type LoaderParts, loadPages } from './loader.ts';
import { overviewOf } from './overview.ts';
import { DATABASE_PREFIX, type DatabaseParts, PageDatabase } from './page-database.ts';
import { type FetchPage, fetchFrom } from './page-source.ts';
import { matchMetadata, requireFilter } from './query.ts';
import type { OpenProgress, Overview, RecordStore, RowFilter, RowFull, RowMeta } from './records.ts';
import { RowTree } from './row-tree.ts';
import { storageFailure } from './storage-failure.ts';
import { deleteDatabase } from './sweep.ts';
import { searchTexts } from './text-search.ts';
import { type LayerOpener, openMetadataPage, verifyAgainstManifest, verifyRoot } from './verify.ts';

export interface DirectStoreParts {
  /** Absent: `/sealed/…` of this origin. */
  readonly fetchPage?: FetchPage;
  /** Absent: the platform's IndexedDB. */
  readonly database?: DatabaseParts;
}

/** What an open store holds. */
interface Opened {
  readonly columns: Columns;
  readonly tree: RowTree;
  /** Absent with the metadata layer alone. // SECURITY: S4 */
  readonly content: ContentPages | undefined;
}

/** The store itself: runs in the worker, and in tests. */
export class DirectStore implements RecordStore {
  /** One database a store: a store that is being wiped never meets the one that comes after it. */
  readonly databaseName = DATABASE_PREFIX + crypto.randomUUID();
  readonly #fetchPage: FetchPage;
  readonly #databaseParts: DatabaseParts;
  readonly #stop = new AbortController();
  #state: 'empty' | 'opening' | 'open' | 'wiped' = 'empty';
  #database: PageDatabase | undefined;
  #opened: Opened | undefined;
  /** Settles when what is under way has ended; a deletion waits for it. */
  readonly #busy = new Set<Promise<unknown>>();

  constructor(parts: DirectStoreParts = {}) {
    this.#fetchPage = parts.fetchPage ?? fetchFrom(globalThis.location.origin);
    this.#databaseParts = parts.database ?? {};
  }

  async open(
    access: MetadataAccess | RecordsAccess,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<void> {
    try {
      if (this.#state !== 'empty') throw new Failure('wrong-state', { detail: this.#state });
      this.#state = 'opening';
      await this.#track(this.#open(access, onProgress));
      this.#state = 'open';
    } catch (thrown) {
      // A failed opening can be tried again; pages that came are found again then.
      if (this.#state === 'opening') this.#state = 'empty';
      throw thrown;
    } finally {
      // SECURITY: S11 the secrets live on only inside keys that cannot be read out.
      access.metadataSecret.fill(0);
      if ('contentSecret' in access) access.contentSecret.fill(0);
    }
  }

  async overview(filter: RowFilter): Promise<Overview> {
    const { columns } = this.#require();
    return overviewOf(columns, await this.select(filter));
  }

  async select(filter: RowFilter): Promise<Uint32Array<ArrayBuffer>> {
    const { columns, content } = this.#require();
    requireFilter(filter);
    const candidates = matchMetadata(columns, filter);
    if (filter.text === undefined || filter.text === '') return candidates;
    if (content === undefined) throw noContent();
    return this.#track(searchTexts(content, columns, candidates, filter.text));
  }

  async readMeta(indexes: readonly number[]): Promise<RowMeta[]> {
    const { columns } = this.#require();
    return indexes.map((index) => metaOf(columns, index));
  }

  async readFull(indexes: readonly number[]): Promise<RowFull[]> {
    const { columns, content } = this.#require();
    if (content === undefined) throw noContent();
    return this.#track(readRows(columns, content, indexes));
  }

  async prove(index: number): Promise<{ salt: string; proof: string[] }> {
    const { columns, tree, content } = this.#require();
    if (content === undefined) throw noContent();
    requireRow(columns, index);
    const page = content.layout.pageOf(index);
    const salt = (await this.#track(content.get(page))).salt(index - content.layout.start(page));
    return { salt: toBase64url(salt), proof: tree.proof(index).map(toHex) };
  }

  async wipe(): Promise<void> {
    this.#state = 'wiped';
    // SECURITY: S11 keys first: from here on what lies in the database is noise.
    this.#opened?.content?.drop();
    this.#opened = undefined;
    this.#stop.abort();
    // A write behind the deletion would make the database anew.
    await Promise.allSettled(this.#busy);
    this.#database?.close();
    this.#database = undefined;
    await deleteDatabase(this.databaseName, this.#databaseParts.indexedDB);
  }

  async #open(
    access: MetadataAccess | RecordsAccess,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<void> {
    const layout = layoutOf(access);
    const { binding } = layout;
    const metadataOpener = { layerKey: await importLayerKey(owned(access.metadataSecret)), binding };
    const contentOpener =
      'contentSecret' in access
        ? { layerKey: await importLayerKey(owned(access.contentSecret)), binding }
        : undefined;
    this.#database ??= await PageDatabase.open(this.databaseName, this.#databaseParts);
    const parts = {
      lookupId: binding.lookupId,
      database: this.#database,
      fetchPage: this.#fetchPage,
      signal: this.#stop.signal,
    };
    const entry = directoryEntry(layout);
    const known = await parts.database.directory(binding.lookupId);
    // One lookup has one manifest: another one for the same id is an answer of another time.
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(entry)) {
      throw new Failure('records-incomplete', { detail: 'another manifest for this lookup' });
    }
    await parts.database.keepOnly(binding.lookupId);
    const pages = await this.#load(parts, layout, metadataOpener, onProgress);
    const columns = joinColumns(layout.metadata, pages);
    const tree = new RowTree(columns.commitments);
    verifyRoot(tree, layout.merkleRoot);
    if (layout.manifest !== undefined) verifyAgainstManifest(columns, layout.manifest);
    await parts.database.commit(entry);
    this.#requireNotWiped();
    const content =
      layout.content !== undefined && contentOpener !== undefined
        ? new ContentPages(parts, layout.content, columns, contentOpener)
        : undefined;
    this.#opened = { columns, tree, content };
  }

  async #load(
    parts: LoaderParts,
    layout: LookupLayout,
    opener: LayerOpener,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<(MetadataPage | undefined)[]> {
    const layers = layout.content === undefined ? [layout.metadata] : [layout.metadata, layout.content];
    const pagesTotal = layers.reduce((sum, { refs }) => sum + refs.length, 0);
    const opened: (MetadataPage | undefined)[] = layout.metadata.refs.map(() => undefined);
    let pagesDone = 0;
    onProgress({ pagesDone, pagesTotal });
    await loadPages(parts, layers, async ({ layer }, page, sealed) => {
      if (layer === 'metadata') opened[page] = await openMetadataPage(opener, page, sealed);
      pagesDone++;
      onProgress({ pagesDone, pagesTotal });
    });
    return opened;
  }

  /** Remembers work under way; every failure of it leaves as a Failure. */
  async #track<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    try {
      const value = await work;
      // What was under way when the wipe came is not handed out any more.
      this.#requireNotWiped();
      return value;
    } catch (thrown) {
      // A wiped store fails in many ways, which all mean the same.
      this.#requireNotWiped();
      if (thrown instanceof DOMException) throw storageFailure(thrown);
      throw thrown;
    } finally {
      this.#busy.delete(work);
    }
  }

  #require(): Opened {
    if (this.#opened === undefined) throw new Failure('wrong-state', { detail: this.#state });
    return this.#opened;
  }

  #requireNotWiped(): void {
    if (this.#state === 'wiped') throw new Failure('wrong-state', { detail: 'wiped' });
  }
}

/** Rows with content in the order asked; each page is opened once. */
async function readRows(
  columns: Columns,
  content: ContentPages,
  indexes: readonly number[],
): Promise<RowFull[]> {
  const byPage = new Map<number, number[]>();
  for (const [place, index] of indexes.entries()) {
    requireRow(columns, index);
    const page = content.layout.pageOf(index);
    const places = byPage.get(page);
    if (places === undefined) byPage.set(page, [place]);
    else places.push(place);
  }
  const rows: RowFull[] = [];
  for (const [page, places] of byPage) {
    const opened = await content.get(page);
    const start = content.layout.start(page);
    for (const place of places) {
      const index = indexes[place] ?? 0;
      const [peer, text] = [opened.peer(index - start), opened.text(index - start)];
      rows[place] = { ...metaOf(columns, index), peer, text };
    }
  }
  return rows;
}

function directoryEntry({ binding, rows, merkleRoot, metadata, content }: LookupLayout) {
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

function noContent(): Failure {
  return new Failure('forbidden', { detail: 'content layer' });
}
