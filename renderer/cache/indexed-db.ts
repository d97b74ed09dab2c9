/** IndexedDB 3.0 as promises: no more of it than the page database needs. */

/** What a request answers. @throws what the database says of it, a DOMException */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Writes in one transaction: all or none. When it resolves everything is on the disk.
 * @param work makes its requests at once; nobody awaits them.
 * @throws what stopped it, such as a QuotaExceededError
 */
export function write(
  database: IDBDatabase,
  stores: readonly string[],
  work: (transaction: IDBTransaction) => void,
): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' });
  const written = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
  });
  try {
    work(transaction);
  } catch (thrown) {
    // What was asked for before it would be written without the rest.
    transaction.abort();
    written.catch(() => undefined);
    throw thrown;
  }
  return written;
}

export interface OpenedDatabase {
  readonly database: IDBDatabase;
  /** Made just now. */
  readonly isNew: boolean;
}

/** Chromium now and then cannot open its own files, and can a moment later (dexie/Dexie.js#1767). */
const OPEN_TRIES = 4;

/**
 * Opens or makes a database. Its connection gives way to whoever deletes it.
 * @param upgrade brings an older one, or none, to this version.
 * @throws a DOMException: 'VersionError' for one that is newer
 */
export async function openDatabase(
  factory: IDBFactory,
  name: string,
  version: number,
  upgrade: (transaction: IDBTransaction, oldVersion: number) => void,
): Promise<OpenedDatabase> {
  for (let tries = 1; ; tries++) {
    try {
      return await openOnce(factory, name, version, upgrade);
    } catch (thrown) {
      const isPassing = thrown instanceof DOMException && thrown.name === 'UnknownError';
      if (!isPassing || tries === OPEN_TRIES) throw thrown;
    }
  }
}

async function openOnce(...[factory, name, version, upgrade]: Parameters<typeof openDatabase>) {
  const request = factory.open(name, version);
  let isNew = false;
  request.onupgradeneeded = ({ oldVersion }) => {
    isNew = oldVersion === 0;
    if (request.transaction !== null) upgrade(request.transaction, oldVersion);
  };
  const database = await answerOf(request);
  database.onversionchange = () => database.close();
  return { database, isNew };
}
