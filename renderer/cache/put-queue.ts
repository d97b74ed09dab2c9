import { Failure } from '../../shared/domain/errors.ts';
import type { Block, PageStorage } from './page-storage.ts';

/** More than this waits only while nothing may be written yet. Bytes: what a disk takes in some tens of milliseconds. */
const ROOM_BYTES = 4 * 1024 * 1024;

interface Waiting {
  readonly block: Block;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Collects blocks and puts them, one transaction after the other, outside any awaited crypto: whatever has come while
 * one was under way goes into the next. Nothing is written before `begin`: a write would only hold up the first rows.
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

  /** From now on blocks are written as they come. */
  begin(): void {
    this.#isPaused = false;
    this.#write();
  }

  /** Resolves when so few blocks wait that more may be fetched. */
  async room(): Promise<void> {
    while (this.#waitingBytes > ROOM_BYTES && this.#writing !== undefined) await this.#writing;
  }

  /** Begins, and resolves when all that was added is written or has failed; each block's own promise says which. */
  async flush(): Promise<void> {
    this.begin();
    while (this.#writing !== undefined) await this.#writing;
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
    if (this.#isPaused || this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#put(this.#take()).then(() => {
      this.#writing = undefined;
      this.#write();
    });
  }

  async #put(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#storage.put(batch.map(({ block }) => block));
      for (const { done } of batch) done.resolve();
    } catch (thrown) {
      for (const { done } of batch) done.reject(thrown);
    }
  }
}

function stopped(): Failure {
  return new Failure('wrong-state', { detail: 'stopped' });
}
