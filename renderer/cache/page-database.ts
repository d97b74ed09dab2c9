import type { Table } from 'dexie';
import { Dexie } from 'dexie';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { LATEST_VERSION, migrations } from './migrations/index.ts';
import type { Block, Directory, PageStorage, PageStorages } from './page-storage.ts';
import { guarded } from './storage-failure.ts';
import { deleteDatabase } from './sweep.ts';

/** The IndexedDB to use; absent, the platform's. */
export interface DatabaseParts {
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
}

/** Names of errors of a database that somebody else has closed. */
const CLOSED: ReadonlySet<string> = new Set(['DatabaseClosedError', 'InvalidStateError']);

type BlockKey = [lookupId: string, layer: Layer, first: number];

/** IndexedDB, a database a storage. */
export function databases(parts: DatabaseParts = {}): PageStorages {
  return {
    open: (name) => PageDatabase.open(name, parts),
    remove: (name) => deleteDatabase(name, parts.indexedDB),
  };
}

/**
 * The database of one store. One owner: the worker that opened it. Every method fails with
 * Failure 'storage-failed' only.
 */
class PageDatabase implements PageStorage {
  readonly #dexie: Dexie;
  readonly #blocks: Table<Block, BlockKey>;
  readonly #directories: Table<Directory, string>;
  /** Made just now, and nothing put since: it is not asked, so that nobody waits for its answer. */
  #isEmpty: boolean;
  #isClosed = false;

  private constructor(dexie: Dexie, isNew: boolean) {
    this.#dexie = dexie;
    this.#isEmpty = isNew;
    this.#blocks = dexie.table('blocks');
    this.#directories = dexie.table('directory');
  }

  /** Opens or makes the database; one whose schema is newer than this code is refused, not guessed at. */
  static async open(name: string, parts: DatabaseParts): Promise<PageDatabase> {
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
    let isNew = false;
    dexie.on('populate', () => {
      isNew = true;
    });
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
    return new PageDatabase(dexie, isNew);
  }

  /** The browser closes a database whose disk was full: with room again it is opened again. */
  async #use<T>(work: () => PromiseLike<T>): Promise<T> {
    return guarded(async () => {
      try {
        return await work();
      } catch (thrown) {
        if (this.#isClosed || !(thrown instanceof Error) || !CLOSED.has(thrown.name)) throw thrown;
        this.#dexie.close();
        await this.#dexie.open();
        // A wipe came meanwhile: an open connection would block the deletion.
        if (this.#isClosed) this.#dexie.close();
        return await work();
      }
    });
  }

  async found(lookupId: string): Promise<Record<Layer, Set<number>>> {
    if (this.#isEmpty) return { metadata: new Set(), content: new Set() };
    const keys = await this.#use(() => this.#blocks.toCollection().primaryKeys());
    const others = keys.filter(([owner]) => owner !== lookupId);
    if (others.length > 0) {
      await this.#use(() =>
        this.#dexie.transaction('rw', this.#blocks, this.#directories, async () => {
          await this.#blocks.bulkDelete(others);
          await this.#directories.where('lookupId').notEqual(lookupId).delete();
        }),
      );
    }
    const of = (wanted: Layer): Set<number> =>
      new Set(keys.flatMap(([owner, layer, first]) => (owner === lookupId && layer === wanted ? first : [])));
    return { metadata: of('metadata'), content: of('content') };
  }

  async put(blocks: readonly Block[], directory?: Directory): Promise<void> {
    this.#isEmpty = false;
    if (directory === undefined) {
      await this.#use(() => this.#blocks.bulkPut(blocks));
      return;
    }
    await this.#use(() =>
      this.#dexie.transaction('rw', this.#blocks, this.#directories, async () => {
        await this.#blocks.bulkPut(blocks);
        await this.#directories.put(directory);
      }),
    );
  }

  async get(lookupId: string, layer: Layer, firsts: readonly number[]): Promise<(Bytes | undefined)[]> {
    const keys = firsts.map((first): BlockKey => [lookupId, layer, first]);
    const found = await this.#use(() => this.#blocks.bulkGet(keys));
    return found.map((block) => block?.sealed);
  }

  async directory(lookupId: string): Promise<Bytes | undefined> {
    if (this.#isEmpty) return undefined;
    return (await this.#use(() => this.#directories.get(lookupId)))?.sealed;
  }

  /** An open connection blocks deletion (Dexie#1779). */
  close(): void {
    this.#isClosed = true;
    this.#dexie.close();
  }
}
