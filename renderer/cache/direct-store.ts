import { toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, metaOf, requireRow } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import { newestPages, type OpenLookup, openLookup } from './open-lookup.ts';
import { overviewOf } from './overview.ts';
import { DATABASE_PREFIX, type DatabaseParts, PageDatabase } from './page-database.ts';
import { type FetchPages, fetchFrom } from './page-source.ts';
import { matchMetadata, requireFilter } from './query.ts';
import type { OpenProgress, Overview, RecordStore, RowFilter, RowFull, RowMeta } from './records.ts';
import { storageFailure } from './storage-failure.ts';
import { deleteDatabase } from './sweep.ts';
import { searchTexts } from './text-search.ts';
import { warmUp } from './warm-up.ts';

export interface DirectStoreParts {
  /** Absent: `/sealed/…` of this origin. */
  readonly fetchPages?: FetchPages;
  /** Absent: the platform's IndexedDB. */
  readonly database?: DatabaseParts;
  /** Milliseconds; absent: a second. */
  readonly restDelay?: number;
}

/** What comes behind begins once the first rows have been read, or after this. Milliseconds. */
const REST_DELAY_MS = 1_000;

/** A store that nobody has opened by then was made ahead of time. Milliseconds. */
const WARM_DELAY_MS = 300;

/** The store itself: runs in the worker, and in tests. */
export class DirectStore implements RecordStore {
  /** One database a store: a store that is being wiped never meets the one that comes after it. */
  readonly databaseName = DATABASE_PREFIX + crypto.randomUUID();
  readonly #fetchPages: FetchPages;
  readonly #databaseParts: DatabaseParts;
  readonly #restDelay: number;
  /** Resolved when the first rows have been read, or when the store is wiped. */
  readonly #firstRead = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #state: 'empty' | 'opening' | 'open' | 'wiped' = 'empty';
  #database: Promise<PageDatabase> | undefined;
  #opened: OpenLookup | undefined;
  /** Ends the writes of the lookup that is open. */
  #close: () => Promise<void> = async () => undefined;
  /** The one try to hold everything that is under way, or has succeeded. */
  #holding: Promise<void> | undefined;
  /** Settles when what is under way has ended; a deletion waits for it. */
  readonly #busy = new Set<Promise<unknown>>();

  constructor(parts: DirectStoreParts = {}) {
    this.#fetchPages = parts.fetchPages ?? fetchFrom(globalThis.location.origin);
    this.#databaseParts = parts.database ?? {};
    this.#restDelay = parts.restDelay ?? REST_DELAY_MS;
  }

  /** Makes ready what opening needs. A failure is told by `open`, which tries again. */
  prepare(): void {
    this.#openDatabase().catch(() => undefined);
    setTimeout(() => {
      // A store that is opened at once has no time for this.
      if (this.#state === 'empty') warmUp();
    }, WARM_DELAY_MS);
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
      this.#openNewest();
      // Behind the rows that are being drawn. Whoever asks `whenHeld` is told what became of it.
      this.whenHeld().catch(() => undefined);
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
    const rows = await this.#track(readRows(columns, content, indexes));
    this.#firstRead.resolve();
    return rows;
  }

  async prove(index: number): Promise<{ salt: string; proof: string[] }> {
    const { columns, tree, content } = this.#require();
    if (content === undefined) throw noContent();
    requireRow(columns, index);
    const page = content.layout.pageOf(index);
    const salt = (await this.#track(content.get(page))).salt(index - content.layout.start(page));
    return { salt: toBase64url(salt), proof: tree.proof(index).map(toHex) };
  }

  whenHeld(): Promise<void> {
    this.#holding ??= this.#hold().catch((thrown: unknown) => {
      // The next who asks tries again.
      this.#holding = undefined;
      throw thrown;
    });
    return this.#holding;
  }

  async wipe(): Promise<void> {
    this.#state = 'wiped';
    // SECURITY: S11 keys first: from here on what lies in the database is noise.
    this.#opened?.content?.drop();
    this.#opened = undefined;
    this.#holding = undefined;
    this.#stop.abort();
    this.#firstRead.resolve();
    // A write behind the deletion would make the database anew.
    await this.#close();
    await Promise.allSettled(this.#busy);
    const [opened] = await Promise.allSettled([this.#database]);
    if (opened.status === 'fulfilled') opened.value?.close();
    this.#database = undefined;
    await deleteDatabase(this.databaseName, this.#databaseParts.indexedDB);
  }

  async #open(
    access: MetadataAccess | RecordsAccess,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<void> {
    const database = await this.#openDatabase();
    const parts = { database, fetchPages: this.#fetchPages, signal: this.#stop.signal };
    const opened = await openLookup(parts, access, onProgress);
    this.#close = opened.close;
    try {
      this.#requireNotWiped();
      // Without content nothing comes behind: what is opened is what is held.
      if (opened.content === undefined) await opened.hold();
      this.#requireNotWiped();
    } catch (thrown) {
      await opened.close();
      throw thrown;
    }
    this.#opened = opened;
  }

  #openDatabase(): Promise<PageDatabase> {
    this.#database ??= PageDatabase.open(this.databaseName, this.#databaseParts).catch((thrown: unknown) => {
      this.#database = undefined;
      throw thrown;
    });
    return this.#database;
  }

  /** While the window draws its list, what it reads first is opened. Whoever reads it is told of a failure. */
  #openNewest(): void {
    const { content } = this.#require();
    if (content === undefined) return;
    for (const page of newestPages(content.layout)) this.#track(content.get(page)).catch(() => undefined);
  }

  async #hold(): Promise<void> {
    const { content, hold } = this.#require();
    // The metadata layer alone was held before it was opened.
    if (content === undefined) return;
    await this.#track(
      (async () => {
        // The first rows are not kept waiting by those that nobody looks at yet.
        await Promise.race([this.#firstRead.promise, new Promise((go) => setTimeout(go, this.#restDelay))]);
        this.#requireNotWiped();
        await hold();
      })(),
    );
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

  #require(): OpenLookup {
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

function noContent(): Failure {
  return new Failure('forbidden', { detail: 'content layer' });
}
