import type { Table } from 'dexie';
import { Dexie } from 'dexie';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { LATEST_VERSION, migrations } from './migrations/index.ts';
import { guarded } from './storage-failure.ts';

/** A sealed page exactly as it was fetched: wire format is cache format. Never a decrypted byte. // SECURITY: S11 */
export interface StoredPage {
  readonly lookupId: string;
  readonly layer: Layer;
  readonly page: number;
  readonly sealed: Bytes;
}

/** Says that all pages of a lookup are held. Written last: it is the commit point. */
export interface DirectoryEntry {
  readonly lookupId: string;
  readonly rows: number;
  /** Lower-case hexadecimal. */
  readonly merkleRoot: string;
  readonly metadataPages: number;
  readonly contentPages: number;
}

/** The IndexedDB to use; absent, the platform's. */
export interface DatabaseParts {
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
}

type PageKey = [lookupId: string, layer: Layer, page: number];

/** Databases of this product's page store begin so. */
export const DATABASE_PREFIX = 'zhiqing-pages-';

/**
 * The database of one store. One owner: the worker that opened it. Every method fails with
 * Failure 'storage-failed' only.
 */
export class PageDatabase {
  readonly #dexie: Dexie;
  readonly #pages: Table<StoredPage, PageKey>;
  readonly #directory: Table<DirectoryEntry, string>;

  private constructor(dexie: Dexie) {
    this.#dexie = dexie;
    this.#pages = dexie.table('pages');
    this.#directory = dexie.table('directory');
  }

  /** Opens or makes the database; one whose schema is newer than this code is refused, not guessed at. */
  static async open(name: string, parts: DatabaseParts = {}): Promise<PageDatabase> {
    const dexie = new Dexie(name, {
      ...parts,
      autoOpen: false,
      // Dexie's own cache would keep pages in memory after they were deleted.
      cache: 'disabled',
      chromeTransactionDurability: 'strict',
    });
    for (const { version, stores, upgrade } of migrations) {
      const step = dexie.version(version).stores({ ...stores });
      if (upgrade !== undefined) step.upgrade(upgrade);
    }
    try {
      await guarded(() => dexie.open());
      // Dexie counts native versions in tens and would quietly go on with a newer one.
      if (Math.floor(dexie.backendDB().version / 10) > LATEST_VERSION) {
        throw new Failure('storage-failed', { detail: 'newer schema' });
      }
    } catch (thrown) {
      // An open connection would block the deletion.
      dexie.close();
      throw thrown;
    }
    return new PageDatabase(dexie);
  }

  /** Puts pages in one transaction, all or none. */
  async put(pages: readonly StoredPage[]): Promise<void> {
    await guarded(() => this.#pages.bulkPut(pages));
  }

  /** Sealed bytes in the order asked; undefined where a page is not there (any more). */
  async get(lookupId: string, layer: Layer, pages: readonly number[]): Promise<(Bytes | undefined)[]> {
    const keys = pages.map((page): PageKey => [lookupId, layer, page]);
    const found = await guarded(() => this.#pages.bulkGet(keys));
    return found.map((stored) => stored?.sealed);
  }

  /** Page numbers held of one layer. */
  async held(lookupId: string, layer: Layer): Promise<Set<number>> {
    const range = this.#pages
      .where('[lookupId+layer+page]')
      .between([lookupId, layer, 0], [lookupId, layer, Number.MAX_SAFE_INTEGER]);
    const keys = await guarded(() => range.primaryKeys());
    return new Set(keys.map(([, , page]) => page));
  }

  async directory(lookupId: string): Promise<DirectoryEntry | undefined> {
    return guarded(() => this.#directory.get(lookupId));
  }

  async commit(entry: DirectoryEntry): Promise<void> {
    await guarded(() => this.#directory.put(entry));
  }

  /** Deletes everything that is not of this lookup. */
  async keepOnly(lookupId: string): Promise<void> {
    await guarded(() =>
      this.#dexie.transaction('rw', this.#pages, this.#directory, async () => {
        const keys = await this.#pages.toCollection().primaryKeys();
        await this.#pages.bulkDelete(keys.filter(([owner]) => owner !== lookupId));
        await this.#directory.where('lookupId').notEqual(lookupId).delete();
      }),
    );
  }

  /** Closes the connection: an open one blocks deletion (Dexie#1779). */
  close(): void {
    this.#dexie.close();
  }
}
