import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OpenProgress } from '../../../renderer/cache/records.ts';
import { type ServedStore, serve } from '../../../renderer/cache/serve.ts';
import { createRecordStore, WorkerStore } from '../../../renderer/cache/worker-store.ts';
import { expectFailure, SealedLookup, silent, someRows, storeOver } from './sealed-lookup.ts';

/** A proxy and a store joined by a channel that clones like a worker's does. */
function joined(store: ServedStore) {
  const { port1, port2 } = new MessageChannel();
  let fail = silent;
  const sweep = vi.fn(async () => 0);
  const died = vi.fn();
  const terminate = vi.fn(() => port1.close());
  const proxy = new WorkerStore(
    {
      postMessage: (message, { transfer }) => port1.postMessage(message, transfer),
      addEventListener: (type, listener) => {
        port1.addEventListener(type, listener);
        port1.start();
      },
      terminate,
      onFailure: (listener) => {
        fail = listener;
      },
    },
    sweep,
    died,
  );
  serve(store, {
    postMessage: (message, { transfer }) => port2.postMessage(message, transfer),
    addEventListener: (type, listener) => {
      port2.addEventListener(type, listener);
      port2.start();
    },
  });
  return { proxy, sweep, terminate, die: () => fail(), died, port1 };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the proxy', () => {
  test('answers as the store does, with progress on the way', async () => {
    const rows = someRows(50);
    const lookup = await SealedLookup.seal(rows, 16);
    const { store, storages } = storeOver(lookup);
    const { proxy, terminate, sweep } = joined(store);
    const access = lookup.records();
    const progress: OpenProgress[] = [];
    await proxy.open(access, (step) => progress.push(step));
    expect(progress.at(-1)).toEqual({ pagesDone: 8, pagesTotal: 8 });
    await proxy.whenHeld();
    await proxy.whenChecked();
    expect(access.metadataSecret).toEqual(new Uint8Array(32));
    expect(access.contentSecret).toEqual(new Uint8Array(32));
    expect(await proxy.overview({})).toEqual(await store.overview({}));
    // The second time as well, and not the same array: what is given out belongs to whoever asked.
    const all = await store.select({});
    const given = [await proxy.select({}), await proxy.select({})];
    expect(given).toEqual([all, all]);
    expect(given[0]).not.toBe(given[1]);
    await expectFailure(proxy.select({ nonsense: undefined } as never), 'bad-input');
    expect(await proxy.select({ text: 'SALE' })).toEqual(await store.select({ text: 'SALE' }));
    expect(await proxy.readMeta([3])).toEqual(await store.readMeta([3]));
    expect(await proxy.readFull([3, 1])).toEqual(await store.readFull([3, 1]));
    expect(await proxy.prove(7)).toEqual(await store.prove(7));
    const wiped = [proxy.wipe(), proxy.wipe()];
    // From the first moment on, of all rows too.
    await expectFailure(proxy.select({}), 'wrong-state');
    await Promise.all(wiped);
    expect(storages.names()).toEqual([]);
    expect(terminate).toHaveBeenCalledOnce();
    expect(sweep).not.toHaveBeenCalled();
    await expectFailure(proxy.select({}), 'wrong-state');
  });

  test('the metadata layer alone carries one secret', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { proxy } = joined(storeOver(lookup).store);
    const access = lookup.metadata();
    await expectFailure(proxy.select({}), 'wrong-state');
    await proxy.open(access, silent);
    expect(await proxy.select({})).toEqual(Uint32Array.from({ length: 20 }, (_, i) => 19 - i));
    expect(access.metadataSecret).toEqual(new Uint8Array(32));
    await expectFailure(proxy.readFull([0]), 'forbidden');
    await proxy.wipe();
  });

  test('failures cross as data with kind and detail; what is no Failure is internal and quotes nothing', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { store } = storeOver(lookup);
    const { proxy } = joined(store);
    await expectFailure(proxy.select({}), 'wrong-state');
    await expectFailure(proxy.whenHeld(), 'wrong-state');
    vi.spyOn(store, 'overview').mockRejectedValue(new Error('the text of a message'));
    const failure = await expectFailure(proxy.overview({}), 'internal');
    expect(JSON.stringify(failure.error)).not.toContain('message');
    await proxy.wipe();
  });

  test('messages that are no requests are left alone', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { proxy, port1 } = joined(storeOver(lookup).store);
    for (const odd of [
      null,
      7,
      {},
      { id: 1 },
      { id: 1, method: 'constructor', args: [] },
      { id: 1, method: 'select' },
    ]) {
      port1.postMessage(odd);
    }
    await proxy.open(lookup.records(), silent);
    expect(await proxy.select({})).toHaveLength(20);
    await proxy.wipe();
  });

  test('a worker that died fails what waits, and wiping then sweeps from the page', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { proxy, die, died, sweep, terminate } = joined(storeOver(lookup).store);
    const waiting = expectFailure(proxy.open(lookup.records(), silent), 'storage-failed');
    die();
    await waiting;
    await expectFailure(proxy.select({}), 'storage-failed');
    die();
    expect(died).toHaveBeenCalledOnce();
    await proxy.wipe();
    expect(terminate).toHaveBeenCalledOnce();
    expect(sweep).toHaveBeenCalledOnce();
  });

  test('a worker that is ended by a wipe has not died', async () => {
    const { proxy, die, died } = joined(storeOver(await SealedLookup.seal(someRows(20), 16)).store);
    await proxy.wipe();
    die();
    expect(died).not.toHaveBeenCalled();
    await expectFailure(proxy.select({}), 'wrong-state');
  });

  test('a wipe that could not be done is said, and can be tried again', async () => {
    const lookup = await SealedLookup.seal(someRows(20), 16);
    const { proxy, die, sweep } = joined(storeOver(lookup).store);
    die();
    sweep.mockRejectedValueOnce(new Error('blocked'));
    await expect(proxy.wipe()).rejects.toThrow('blocked');
    await proxy.wipe();
    expect(sweep).toHaveBeenCalledTimes(2);
  });
});

describe('a worker of its own', () => {
  /** A worker that does nothing by itself. */
  class SilentWorker extends EventTarget {
    static last: SilentWorker | undefined;
    readonly terminate = vi.fn();
    readonly postMessage = vi.fn();
    constructor() {
      super();
      SilentWorker.last = this;
    }
    says(data: unknown): void {
      this.dispatchEvent(new MessageEvent('message', { data }));
    }
  }

  function created() {
    vi.useFakeTimers();
    vi.stubGlobal('Worker', SilentWorker);
    const released = Promise.withResolvers<void>();
    vi.stubGlobal('navigator', {
      locks: { request: (_name: string, granted: () => void) => released.promise.then(granted) },
    });
    const died = vi.fn();
    const store = createRecordStore(died);
    const worker = SilentWorker.last;
    if (worker === undefined) throw new Error('no worker');
    return { store, died, worker, endOutside: () => released.resolve() };
  }

  test('that is ended before it says that it lives is known to be dead', async () => {
    const { store, died } = created();
    const waiting = expectFailure(store.select({}), 'storage-failed');
    await vi.advanceTimersByTimeAsync(60_000);
    await waiting;
    expect(died).toHaveBeenCalledOnce();
  });

  test('that is ended later is told of by the lock that it held, and not before', async () => {
    const { store, died, worker, endOutside } = created();
    worker.says({ life: 'a-lock' });
    const waiting = expectFailure(store.select({}), 'storage-failed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(died).not.toHaveBeenCalled();
    endOutside();
    await waiting;
    expect(died).toHaveBeenCalledOnce();
  });
});
