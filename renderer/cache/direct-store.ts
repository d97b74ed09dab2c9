import { toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { metaOf, requireRow } from './columns.ts';
import { noContent, OpenLookup } from './open-lookup.ts';
import { overviewOf } from './overview.ts';
import { databases } from './page-database.ts';
import { type FetchPages, fetchFrom } from './page-source.ts';
import { type PageStorage, type PageStorages, STORAGE_PREFIX } from './page-storage.ts';
import { allRows, isEverything, matchMetadata, requireFilter } from './query.ts';
import { readRows } from './read-rows.ts';
import type { OpenProgress, Overview, RowFilter, RowFull, RowMeta } from './records.ts';
import { packRows, type RowBatch, unpackRows } from './row-batch.ts';
import type { ServedStore } from './serve.ts';
import { storageFailure } from './storage-failure.ts';
import { searchTexts } from './text-search.ts';
import { Waiting } from './waiting.ts';

export interface DirectStoreParts {
  /** Of the store's storage, so that a store can find what one before it held. Absent: a name of its own. */
  readonly name?: string;
  /** Absent: `/sealed/…` of this origin. */
  readonly fetchPages?: FetchPages;
  /** Absent: the platform's IndexedDB. */
  readonly storages?: PageStorages;
  /** Milliseconds; absent: a second. */
  readonly restDelay?: number;
  /** Milliseconds; absent: a tenth of a second. */
  readonly quiet?: number;
  /** What makes code quick before it is needed; told whether nobody needs the store yet. */
  readonly warmUp?: (isIdle: () => boolean) => Promise<void>;
}

/** What comes behind begins once the first rows are drawn, or after this. Milliseconds. */
const REST_DELAY_MS = 1_000;

/** The check goes on when nobody has waited for an answer for so long: one question follows another. Milliseconds. */
const QUIET_MS = 100;

/** A store that nobody has opened by then was made ahead of time. Milliseconds. */
const WARM_DELAY_MS = 300;

/** The store itself: runs in the worker, and in tests. */
export class DirectStore implements ServedStore {
  /** One storage a store: a store that is being wiped never meets the one that comes after it. */
  readonly storageName: string;
  readonly #fetchPages: FetchPages;
  readonly #storages: PageStorages;
  readonly #restDelay: number;
  readonly #warmUp: DirectStoreParts['warmUp'];
  /** Resolved when the first rows are drawn, or when the store is wiped. */
  readonly #drawn = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #state: 'empty' | 'opening' | 'open' | 'wiped' = 'empty';
  #storage: Promise<PageStorage> | undefined;
  #opened: OpenLookup | undefined;
  /** The one try to hold everything that is under way, or has succeeded; and to check it. */
  #holding: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  /** Settles when what is under way has ended; a deletion waits for it. */
  readonly #busy = new Set<Promise<unknown>>();
  /** What of it somebody waits for. */
  readonly #waiting: Waiting;

  constructor(parts: DirectStoreParts = {}) {
    this.storageName = STORAGE_PREFIX + (parts.name ?? crypto.randomUUID());
    this.#fetchPages = parts.fetchPages ?? fetchFrom(globalThis.location.origin);
    this.#storages = parts.storages ?? databases();
    this.#restDelay = parts.restDelay ?? REST_DELAY_MS;
    this.#waiting = new Waiting(parts.quiet ?? QUIET_MS, this.#stop.signal);
    this.#warmUp = parts.warmUp;
  }

  /** Makes ready what opening needs. A failure is told by `open`, which tries again. */
  prepare(): void {
    this.#openStorage().catch(() => undefined);
    const isIdle = (): boolean => this.#state === 'empty';
    setTimeout(() => {
      // A store that is opened at once has no time for this. What fails here is told by the store that is needed.
      if (isIdle()) this.#warmUp?.(isIdle).catch(() => undefined);
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
      // Behind the rows that are being drawn. Whoever asks is told what became of it.
      this.whenChecked().catch(() => undefined);
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
    const opened = this.#require();
    const known = isEverything(filter) ? opened.overview() : undefined;
    if (known !== undefined) return known;
    const indexes = await this.select(filter);
    return overviewOf(await this.#answer(opened.columns()), indexes);
  }

  async select(filter: RowFilter): Promise<Uint32Array<ArrayBuffer>> {
    const { rows, columns, content } = this.#require();
    requireFilter(filter);
    if (isEverything(filter)) return allRows(rows);
    return this.#answer(
      (async () => {
        const known = await columns();
        const candidates = matchMetadata(known, filter);
        if (filter.text === undefined || filter.text === '') return candidates;
        if (content === undefined) throw noContent();
        return await searchTexts(content, known.length, candidates, filter.text);
      })(),
    );
  }

  async readMeta(indexes: readonly number[]): Promise<RowMeta[]> {
    const columns = await this.#answer(this.#require().columns());
    return indexes.map((index) => metaOf(columns, index));
  }

  async readFull(indexes: readonly number[]): Promise<RowFull[]> {
    return unpackRows(await this.readBatch(indexes));
  }

  async readBatch(indexes: readonly number[]): Promise<RowBatch> {
    const { rows, newest, columns, check, content } = this.#require();
    if (content === undefined) throw noContent();
    for (const index of indexes) requireRow(rows, index);
    const first = rows - newest.length;
    if (indexes.every((index) => index >= first))
      return packRows(indexes.flatMap((index) => newest[index - first] ?? []));
    return this.#answer(
      (async () => {
        const read = await readRows(await columns(), content, indexes);
        (await check()).soon(new Set(indexes.map((index) => content.layout.pageOf(index))));
        return read;
      })(),
    );
  }

  async prove(index: number): Promise<{ salt: string; proof: string[] }> {
    const { rows, check, content } = this.#require();
    if (content === undefined) throw noContent();
    requireRow(rows, index);
    return this.#answer(
      (async () => {
        // What leaves this plane is checked, whether or not the check behind has come to it.
        const { salt, proof } = await (await check()).prove(index);
        return { salt: toBase64url(salt), proof: proof.map(toHex) };
      })(),
    );
  }

  async drawn(): Promise<void> {
    this.#drawn.resolve();
  }

  whenHeld(): Promise<void> {
    this.#holding ??= this.#hold().catch((thrown: unknown) => {
      // The next who asks tries again.
      this.#holding = undefined;
      throw thrown;
    });
    return this.#holding;
  }

  whenChecked(): Promise<void> {
    this.#checking ??= this.#check().catch((thrown: unknown) => {
      this.#checking = undefined;
      throw thrown;
    });
    return this.#checking;
  }

  async wipe(): Promise<void> {
    this.#state = 'wiped';
    // SECURITY: S11 keys first: from here on what lies in the storage is noise.
    const open = this.#opened;
    open?.content?.drop();
    this.#opened = undefined;
    this.#holding = undefined;
    this.#checking = undefined;
    this.#stop.abort();
    this.#drawn.resolve();
    await open?.close();
    await Promise.allSettled(this.#busy);
    const [storage] = await Promise.allSettled([this.#storage]);
    if (storage.status === 'fulfilled') storage.value?.close();
    this.#storage = undefined;
    await this.#storages.remove(this.storageName);
  }

  async #open(
    access: MetadataAccess | RecordsAccess,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<void> {
    const storage = this.#openStorage();
    // Who needs to know of a failure awaits it.
    storage.catch(() => undefined);
    const parts = { storage, fetchPages: this.#fetchPages, signal: this.#stop.signal };
    const opened = await OpenLookup.open(parts, access, onProgress);
    try {
      this.#requireNotWiped();
      if (opened.content === undefined) {
        // Without content nothing comes behind: what is opened is held.
        await opened.hold();
      }
      this.#requireNotWiped();
    } catch (thrown) {
      await opened.close();
      throw thrown;
    }
    this.#opened = opened;
  }

  #openStorage(): Promise<PageStorage> {
    this.#storage ??= this.#storages.open(this.storageName).catch((thrown: unknown) => {
      this.#storage = undefined;
      throw thrown;
    });
    return this.#storage;
  }

  async #hold(): Promise<void> {
    const opened = this.#require();
    // The metadata layer alone was held before it was opened.
    if (opened.content === undefined) return;
    await this.#track(
      (async () => {
        // The first rows are not kept waiting by those that nobody looks at yet.
        if (opened.hasMore) {
          await Promise.race([this.#drawn.promise, new Promise((go) => setTimeout(go, this.#restDelay))]);
          this.#requireNotWiped();
        }
        await opened.hold();
      })(),
    );
  }

  async #check(): Promise<void> {
    const opened = this.#require();
    if (opened.content === undefined) return;
    // One after the other: what is being stored is not fetched twice. What could not be stored is checked all the same.
    await this.whenHeld().catch(() => undefined);
    this.#requireNotWiped();
    this.#waiting.expect();
    await this.#track((async () => (await opened.check()).all(() => this.#nobodyWaits()))());
  }

  async #nobodyWaits(): Promise<void> {
    await this.#waiting.nobody();
    this.#requireNotWiped();
  }

  /** Work that somebody waits for. */
  #answer<T>(work: Promise<T>): Promise<T> {
    return this.#waiting.for(this.#track(work));
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
