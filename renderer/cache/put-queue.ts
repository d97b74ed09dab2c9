import { Failure } from '../../shared/domain/errors.ts';
import type { Block, Directory, PageStorage } from './page-storage.ts';

/** A transaction is worth its while from here on: each is brought to the disk before the next begins. Bytes. */
const BATCH_BYTES = 1024 * 1024;
/** While more than this waits nothing more is fetched. Bytes. */
const ROOM_BYTES = 4 * BATCH_BYTES;

interface Waiting {
  readonly block: Block;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Collects blocks and puts them, one transaction after the other, outside any awaited crypto: what has come while one
 * was under way goes into the next. Nothing is written before `begin`: a write would only hold up the first rows.
 */
export class PutQueue {
  readonly #storage: PageStorage;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #isPaused = true;
  #isClosed = false;

  constructor(storage: PageStorage) {
    this.#storage = storage;
  }

  /** Resolves when the block is on the disk. @throws Failure 'storage-failed' */
  add(block: Block): Promise<void> {
    if (this.#isClosed) return Promise.reject(stopped());
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ block, done });
    this.#waitingBytes += block.sealed.length;
    this.#write();
    return done.promise;
  }

  /** From now on blocks are written when enough have come. */
  begin(): void {
    this.#isPaused = false;
    this.#write();
  }

  /** Resolves when so few blocks wait that more may be fetched. */
  async room(): Promise<void> {
    while (this.#waitingBytes > ROOM_BYTES && this.#writing !== undefined) await this.#writing;
  }

  /**
   * Writes all that was added, and with the last of it the directory, if there is one and every block was stored.
   * @throws Failure 'storage-failed' for what is written here; what failed before was told by the block's own promise.
   */
  async finish(directoryOf: () => Directory | undefined = () => undefined): Promise<void> {
    this.#isPaused = true;
    while (this.#writing !== undefined) await this.#writing;
    if (this.#isClosed) throw stopped();
    const directory = directoryOf();
    const batch = this.#take();
    if (batch.length === 0 && directory === undefined) return;
    const putting = this.#put(batch, directory);
    this.#writing = putting.catch(() => undefined);
    await putting.finally(() => {
      this.#writing = undefined;
    });
  }

  /** Writes nothing more; resolves when no write is under way any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { done } of this.#take()) done.reject(stopped());
    await this.#writing;
  }

  #take(): Waiting[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return taken;
  }

  #write(): void {
    if (this.#isPaused || this.#writing !== undefined || this.#waitingBytes < BATCH_BYTES) return;
    // Each block's own promise tells of a failure.
    const written = this.#put(this.#take()).catch(() => undefined);
    this.#writing = written.then(() => {
      this.#writing = undefined;
      this.#write();
    });
  }

  async #put(batch: readonly Waiting[], directory?: Directory): Promise<void> {
    try {
      await this.#storage.put(
        batch.map(({ block }) => block),
        directory,
      );
      for (const { done } of batch) done.resolve();
    } catch (thrown) {
      for (const { done } of batch) done.reject(thrown);
      throw thrown;
    }
  }
}

function stopped(): Failure {
  return new Failure('wrong-state', { detail: 'stopped' });
}
