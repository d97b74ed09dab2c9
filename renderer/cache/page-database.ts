import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { answerOf, type OpenedDatabase, openDatabase, write } from './indexed-db.ts';
import { LATEST_VERSION, migrations } from './migrations/index.ts';
import type { Block, Directory, PageStorage, PageStorages } from './page-storage.ts';
import { guarded } from './storage-failure.ts';
import { deleteDatabase } from './sweep.ts';

/** Names of the two stores, as the migrations make them. */
const BLOCKS = 'blocks';
const DIRECTORY = 'directory';

type BlockKey = [lookupId: string, layer: Layer, first: number];

/** IndexedDB, a database a storage. @param factory the one to use; absent, the platform's. */
export function databases(factory: IDBFactory = indexedDB): PageStorages {
  return {
    open: (name) => PageDatabase.open(factory, name),
    remove: (name) => deleteDatabase(name, factory),
  };
}

/**
 * The database of one store. One owner: the worker that opened it. Every method fails with
 * Failure 'storage-failed' only.
 */
class PageDatabase implements PageStorage {
  readonly #open: () => Promise<OpenedDatabase>;
  #database: IDBDatabase;
  #reopening: Promise<void> | undefined;
  /** Made just now, and nothing put since: it is not asked, so that nobody waits for its answer. */
  #isEmpty: boolean;
  #isClosed = false;

  private constructor(open: () => Promise<OpenedDatabase>, { database, isNew }: OpenedDatabase) {
    this.#open = open;
    this.#database = database;
    this.#isEmpty = isNew;
  }

  /** Opens or makes the database; one whose schema is newer than this code is refused, not guessed at. */
  static async open(factory: IDBFactory, name: string): Promise<PageDatabase> {
    const open = (): Promise<OpenedDatabase> =>
      openDatabase(factory, name, LATEST_VERSION, (transaction, oldVersion) => {
        for (const { version, upgrade } of migrations) if (version > oldVersion) upgrade(transaction);
      });
    const opening = open();
    try {
      return new PageDatabase(open, await guarded(() => opening));
    } catch (thrown) {
      // One that comes late would block the deletion.
      opening.then(({ database }) => database.close()).catch(() => undefined);
      if (thrown instanceof Failure && thrown.error.detail === 'VersionError') {
        throw new Failure('storage-failed', { detail: 'newer schema' });
      }
      throw thrown;
    }
  }

  async found(lookupId: string): Promise<Record<Layer, Set<number>>> {
    if (this.#isEmpty) return { metadata: new Set(), content: new Set() };
    const [keys, directories] = await this.#use(async (database) => {
      const transaction = database.transaction([BLOCKS, DIRECTORY]);
      const [blockKeys, owners] = await Promise.all([
        answerOf(transaction.objectStore(BLOCKS).getAllKeys()),
        answerOf(transaction.objectStore(DIRECTORY).getAllKeys()),
      ]);
      // The stores' key paths say what their keys are.
      return [blockKeys as BlockKey[], owners as string[]];
    });
    const others = keys.filter(([owner]) => owner !== lookupId);
    const otherDirectories = directories.filter((owner) => owner !== lookupId);
    if (others.length + otherDirectories.length > 0) {
      await this.#use((database) =>
        write(database, [BLOCKS, DIRECTORY], (transaction) => {
          for (const key of others) transaction.objectStore(BLOCKS).delete(key);
          for (const owner of otherDirectories) transaction.objectStore(DIRECTORY).delete(owner);
        }),
      );
    }
    const of = (wanted: Layer): Set<number> =>
      new Set(keys.flatMap(([owner, layer, first]) => (owner === lookupId && layer === wanted ? first : [])));
    return { metadata: of('metadata'), content: of('content') };
  }

  async put(blocks: readonly Block[], directory?: Directory): Promise<void> {
    this.#isEmpty = false;
    const stores = directory === undefined ? [BLOCKS] : [BLOCKS, DIRECTORY];
    await this.#use((database) =>
      write(database, stores, (transaction) => {
        const store = transaction.objectStore(BLOCKS);
        for (const block of blocks) store.put(block);
        if (directory !== undefined) transaction.objectStore(DIRECTORY).put(directory);
      }),
    );
  }

  async get(lookupId: string, layer: Layer, firsts: readonly number[]): Promise<(Bytes | undefined)[]> {
    const found = await this.#use((database) => {
      const store = database.transaction(BLOCKS).objectStore(BLOCKS);
      return Promise.all(
        firsts.map((first) => answerOf<Block | undefined>(store.get([lookupId, layer, first]))),
      );
    });
    return found.map((block) => block?.sealed);
  }

  async directory(lookupId: string): Promise<Bytes | undefined> {
    if (this.#isEmpty) return undefined;
    const found = await this.#use((database) =>
      answerOf<Directory | undefined>(database.transaction(DIRECTORY).objectStore(DIRECTORY).get(lookupId)),
    );
    return found?.sealed;
  }

  /** An open connection blocks deletion. */
  close(): void {
    this.#isClosed = true;
    this.#database.close();
  }

  /** The browser closes a database whose disk was full: with room again it is opened again. */
  async #use<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const used = this.#database;
      try {
        return await work(used);
      } catch (thrown) {
        // A connection that is closed says so of every transaction (Indexed Database API 3.0, 4.4).
        const isGone = thrown instanceof DOMException && thrown.name === 'InvalidStateError';
        if (this.#isClosed || !isGone) throw thrown;
        if (this.#database === used) await this.#reopen();
        return await work(this.#database);
      }
    });
  }

  #reopen(): Promise<void> {
    this.#reopening ??= this.#open()
      .then(({ database }) => {
        this.#database = database;
        // A wipe came meanwhile: an open connection would block the deletion.
        if (this.#isClosed) database.close();
      })
      .finally(() => {
        this.#reopening = undefined;
      });
    return this.#reopening;
  }
}
