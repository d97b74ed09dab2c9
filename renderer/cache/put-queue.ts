import { Failure } from '../../shared/domain/errors.ts';
import type { PageDatabase, StoredPage } from './page-database.ts';

/** Pages put in one transaction. */
const PUT_BATCH = 16;

interface Waiting {
  readonly page: StoredPage;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Collects pages and puts them in ranges, one transaction after the other, outside any awaited crypto. Nothing is
 * written before the first `flush`: a write would only hold up the first rows.
 */
export class PutQueue {
  readonly #database: PageDatabase;
  readonly #waiting: Waiting[] = [];
  #last: Promise<void> = Promise.resolve();
  #isPaused = true;
  #isClosed = false;

  constructor(database: PageDatabase) {
    this.#database = database;
  }

  /** Resolves when the page is stored: once its range is full, or `flush` is called. @throws Failure 'storage-failed' */
  add(page: StoredPage): Promise<void> {
    if (this.#isClosed) return Promise.reject(stopped());
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ page, done });
    if (!this.#isPaused && this.#waiting.length >= PUT_BATCH) void this.flush();
    return done.promise;
  }

  /** Writes what waits. Resolves when it is written or has failed; each page's own promise says which. */
  flush(): Promise<void> {
    this.#isPaused = false;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, PUT_BATCH);
      this.#last = this.#last.then(() => this.#write(batch));
    }
    return this.#last;
  }

  /** Writes nothing more; resolves when no write is under way any more. */
  close(): Promise<void> {
    this.#isClosed = true;
    for (const { done } of this.#waiting.splice(0)) done.reject(stopped());
    return this.#last;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      if (this.#isClosed) throw stopped();
      await this.#database.put(batch.map(({ page }) => page));
      for (const { done } of batch) done.resolve();
    } catch (thrown) {
      for (const { done } of batch) done.reject(thrown);
    }
  }
}

function stopped(): Failure {
  return new Failure('wrong-state', { detail: 'stopped' });
}
