/** The sealed store as a contestant: through its worker's proxy, so that every time includes the way to the page. */

import type { RowFull } from '../../../renderer/cache/records.ts';
import type { WorkerStore } from '../../../renderer/cache/worker-store.ts';
import { fromHex } from '../../../shared/canonical/bytes.ts';
import type { RecordsAccess } from '../../../shared/contract/contract.ts';
import { startNamed } from '../../renderer/cache/chromium/named-store.ts';
import { type ComparedRow, countsOf, hashOfResult, type Operation, type Outcome } from './operations.ts';

/** Above the store's own delay. */
const WARM_AFTER_MS = 500;

const quiet = (): void => undefined;

/** What opens a lookup, as the core would give it. */
export async function accessTo(lookup: string): Promise<RecordsAccess> {
  const said = await (await fetch(`/access/${lookup}`)).json();
  return {
    ...said,
    metadataSecret: fromHex(said.metadataSecret),
    contentSecret: fromHex(said.contentSecret),
  };
}

const comparable = (rows: readonly RowFull[]): ComparedRow[] =>
  rows.map(({ index, at, direction, category, peer, text }) => [index, at, direction, category, peer, text]);

/** The same store over private files instead of IndexedDB. */
export const filesWorker = (name: string): Worker =>
  new Worker(new URL('./files-worker.ts', import.meta.url), { type: 'module', name });

export class SealedStore {
  readonly #stores = new Map<string, WorkerStore>();
  readonly #workerOf: ((name: string) => Worker) | undefined;
  #main = '';
  /** When it was begun to be loaded. */
  #opened = 0;

  /** @param workerOf starts another worker than the product's. */
  constructor(workerOf?: (name: string) => Worker) {
    this.#workerOf = workerOf;
  }

  /** A worker that is up, with its storage open and its code warm: the windows start it while the customer still writes. */
  async prepare(lookup: string): Promise<void> {
    await this.#start(lookup, true);
    // It has begun to warm up by then; the rest of it is waited for as anything else that the browser does.
    await new Promise((go) => setTimeout(go, WARM_AFTER_MS));
  }

  async run(operation: Operation): Promise<Outcome> {
    switch (operation.is) {
      case 'load':
      case 'append':
        return this.#load(operation.lookup, operation.is === 'load');
      case 'reopen': {
        const store = await this.#start(operation.lookup, false);
        const access = await accessTo(operation.lookup);
        const start = performance.now();
        await store.open(access, quiet);
        const rows = await newest(store, operation.count);
        const ms = performance.now() - start;
        this.#main = operation.lookup;
        return { ms, result: await hashOfResult(comparable(rows)) };
      }
      case 'range': {
        const start = performance.now();
        const indexes = await this.#store().select({ from: operation.from, until: operation.until });
        const rows = await this.#store().readFull([...indexes].reverse());
        const ms = performance.now() - start;
        return { ms, result: await hashOfResult(comparable(rows)) };
      }
      case 'search': {
        const start = performance.now();
        const indexes = await this.#store().select({ text: operation.keyword });
        const ms = performance.now() - start;
        return { ms, result: await hashOfResult([...indexes]) };
      }
      case 'counts': {
        const start = performance.now();
        const overview = await this.#store().overview({});
        const ms = performance.now() - start;
        return { ms, result: await hashOfResult(countsOf(overview)) };
      }
      case 'remove': {
        const start = performance.now();
        await this.#store(operation.lookup).wipe();
        const ms = performance.now() - start;
        this.#stores.delete(operation.lookup);
        // What is left is another subject's.
        if (this.#main === operation.lookup) this.#main = [...this.#stores.keys()][0] ?? '';
        return { ms };
      }
      case 'check': {
        await this.#store().whenChecked();
        const ms = performance.now() - this.#opened;
        return { ms, parts: { checked: ms } };
      }
    }
  }

  async #load(lookup: string, isMain: boolean): Promise<Outcome> {
    const store = this.#stores.get(lookup) ?? (await this.#start(lookup, true));
    const access = await accessTo(lookup);
    const start = performance.now();
    await store.open(access, quiet);
    const opened = performance.now();
    // As a window does; the rest comes behind what it reads first.
    if (isMain) await newest(store, 50);
    const shown = performance.now();
    // Nothing is drawn here.
    if (isMain) await store.drawn();
    await store.whenHeld();
    const held = performance.now();
    if (isMain) {
      this.#main = lookup;
      this.#opened = start;
    }
    return { ms: held - start, parts: { open: opened - start, first50: shown - start } };
  }

  async #start(lookup: string, isPrepared: boolean): Promise<WorkerStore> {
    const { store } = await startNamed(lookup, isPrepared, this.#workerOf);
    this.#stores.set(lookup, store);
    return store;
  }

  #store(lookup = this.#main): WorkerStore {
    const store = this.#stores.get(lookup);
    if (store === undefined) throw new Error('not open');
    return store;
  }
}

async function newest(store: WorkerStore, count: number): Promise<RowFull[]> {
  const indexes = await store.select({});
  return await store.readFull([...indexes.subarray(0, count)]);
}
