import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure, type Result } from '../../shared/domain/errors.ts';
import { type Answer, type Arguments, isReply, type Method, type Port } from './protocol.ts';
import { allRows, isEverything, requireFilter } from './query.ts';
import type { OpenProgress, Overview, RecordStore, RowFilter, RowFull, RowMeta } from './records.ts';
import { unpackRows } from './row-batch.ts';
import { sweepLeftovers } from './sweep.ts';

/** A worker that has not said by then that it lives never will. Milliseconds; far above what a slow start needs. */
const START_DEADLINE_MS = 20_000;

/** A worker that has not wiped by then is ended, and the page deletes the rest itself. Milliseconds. */
const WIPE_DEADLINE_MS = 10_000;

interface Pending {
  readonly settle: (result: Result<unknown>) => void;
  readonly onProgress: ((progress: OpenProgress) => void) | undefined;
}

/** The worker's end as the proxy needs it. */
export interface WorkerPort extends Port {
  terminate(): void;
  /** Called when the worker died or a message could not be read. */
  onFailure(listener: () => void): void;
}

/** Makes a fresh store. `onDeath` is told when its worker has died: what was open is to be opened anew. */
export type CreateStore = (onDeath: () => void) => RecordStore;

/** The record store of a window, in a worker of its own. */
export const createRecordStore: CreateStore = (onDeath) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  let starting: ReturnType<typeof setTimeout> | undefined;
  return new WorkerStore(
    {
      postMessage: (message, options) => worker.postMessage(message, options),
      addEventListener: (type, listener) => worker.addEventListener(type, listener),
      terminate: () => {
        clearTimeout(starting);
        worker.terminate();
      },
      onFailure: (listener) => {
        worker.addEventListener('error', listener);
        worker.addEventListener('messageerror', listener);
        // A worker that is ended from outside says nothing; the lock that it held falls to who waits for it.
        worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          if (!isLife(data)) return;
          clearTimeout(starting);
          void navigator.locks.request(data.life, listener);
        });
        // Nor does one that is ended before it held the lock.
        starting = setTimeout(listener, START_DEADLINE_MS);
      },
    },
    sweepLeftovers,
    onDeath,
  );
};

function isLife(data: unknown): data is { life: string } {
  return typeof data === 'object' && data !== null && 'life' in data && typeof data.life === 'string';
}

/** Proxy of a store at the other end of a port. */
export class WorkerStore implements RecordStore {
  readonly #port: WorkerPort;
  readonly #sweep: () => Promise<number>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Why nothing more can be asked. */
  #ended: Failure | undefined;
  #wiping: Promise<void> | undefined;
  /** Rows of the lookup that is open. */
  #rows: number | undefined;
  /** Their numbers, for the first who asks. */
  #all: Uint32Array<ArrayBuffer> | undefined;

  /** @param sweep deletes what a worker that died left behind. */
  constructor(
    port: WorkerPort,
    sweep: () => Promise<number> = sweepLeftovers,
    onDeath: () => void = () => undefined,
  ) {
    this.#port = port;
    this.#sweep = sweep;
    port.addEventListener('message', ({ data }) => this.#receive(data));
    port.onFailure(() => {
      if (this.#ended !== undefined) return;
      this.#end(new Failure('storage-failed', { detail: 'record worker' }));
      onDeath();
    });
  }

  async open(
    access: MetadataAccess | RecordsAccess,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<void> {
    const { rows } = 'manifest' in access ? access.manifest : access;
    const opening = this.#open(access, onProgress);
    // Who needs to know of a failure awaits it.
    opening.catch(() => undefined);
    // While the worker opens: what is asked for first takes some milliseconds in code that is cold.
    const all = allRows(rows);
    await opening;
    if (this.#wiping !== undefined) return;
    this.#rows = rows;
    this.#all = all;
  }

  #open(access: MetadataAccess | RecordsAccess, onProgress: (progress: OpenProgress) => void): Promise<void> {
    // SECURITY: S11 the secrets move into the worker; no copy stays in this page.
    const metadataSecret = moved(access.metadataSecret);
    if (!('contentSecret' in access)) {
      return this.#call('open', [{ ...access, metadataSecret }], [metadataSecret.buffer], onProgress);
    }
    const contentSecret = moved(access.contentSecret);
    const transfer = [metadataSecret.buffer, contentSecret.buffer];
    return this.#call('open', [{ ...access, metadataSecret, contentSecret }], transfer, onProgress);
  }

  drawn(): Promise<void> {
    return this.#call('drawn', []);
  }

  whenHeld(): Promise<void> {
    return this.#call('whenHeld', []);
  }

  whenChecked(): Promise<void> {
    return this.#call('whenChecked', []);
  }

  overview(filter: RowFilter): Promise<Overview> {
    return this.#call('overview', [filter]);
  }

  async select(filter: RowFilter): Promise<Uint32Array<ArrayBuffer>> {
    // All rows of what is open: known here, and nobody's first rows wait for an answer.
    if (this.#rows !== undefined && isEverything(filter)) {
      requireFilter(filter);
      const all = this.#all ?? allRows(this.#rows);
      this.#all = undefined;
      return all;
    }
    return await this.#call('select', [filter]);
  }

  readMeta(indexes: readonly number[]): Promise<RowMeta[]> {
    return this.#call('readMeta', [indexes]);
  }

  async readFull(indexes: readonly number[]): Promise<RowFull[]> {
    return unpackRows(await this.#call('readFull', [indexes]));
  }

  prove(index: number): Promise<{ salt: string; proof: string[] }> {
    return this.#call('prove', [index]);
  }

  wipe(): Promise<void> {
    this.#wiping ??= this.#wipe().catch((thrown: unknown) => {
      // What could not be deleted can be tried again.
      this.#wiping = undefined;
      throw thrown;
    });
    return this.#wiping;
  }

  async #wipe(): Promise<void> {
    this.#rows = undefined;
    this.#all = undefined;
    const isDone = await this.#wipeInWorker();
    // Ends the keys whatever happened inside.
    this.#port.terminate();
    this.#end(new Failure('wrong-state', { detail: 'wiped' }));
    if (!isDone) await this.#sweep();
  }

  async #wipeInWorker(): Promise<boolean> {
    if (this.#ended !== undefined) return false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), WIPE_DEADLINE_MS);
    });
    const done = this.#call('wipe', []).then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([done, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #call<M extends Method>(
    method: M,
    args: Arguments<M>,
    transfer: Transferable[] = [],
    onProgress?: (progress: OpenProgress) => void,
  ): Promise<Answer<M>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (result: Result<unknown>): void => {
        // The worker is our own code of the same build: what it answers has the method's type.
        if (result.ok) resolve(result.value as Answer<M>);
        else reject(failureOf(result));
      };
      this.#pending.set(id, { settle, onProgress });
      this.#port.postMessage({ id, method, args }, { transfer });
    });
  }

  #receive(data: unknown): void {
    if (!isReply(data)) return;
    const pending = this.#pending.get(data.id);
    if (pending === undefined) return;
    if ('progress' in data) {
      pending.onProgress?.(data.progress);
      return;
    }
    this.#pending.delete(data.id);
    pending.settle(data.result);
  }

  #end(reason: Failure): void {
    this.#ended = reason;
    this.#rows = undefined;
    this.#all = undefined;
    for (const { settle } of this.#pending.values()) settle({ ok: false, error: reason.error });
    this.#pending.clear();
  }
}

function failureOf({ error }: { error: Failure['error'] }): Failure {
  const { kind, detail, triesLeft } = error;
  return new Failure(kind, {
    ...(detail === undefined ? {} : { detail }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
  });
}

/** A copy to be transferred; the original is overwritten. */
function moved(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(secret);
  secret.fill(0);
  return copy;
}
