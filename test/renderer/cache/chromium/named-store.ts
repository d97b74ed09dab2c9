/** A record store whose storage has a name: over what an earlier one held, after a restart of the browser too. */
import { WorkerStore } from '../../../../renderer/cache/worker-store.ts';

export interface NamedStore {
  readonly store: WorkerStore;
  /** Ends the worker as a crash would: nothing is wiped. */
  readonly abandon: () => void;
}

/** The worker as the windows have it, over IndexedDB. */
const namedWorker = (name: string): Worker =>
  new Worker(new URL('./named-worker.ts', import.meta.url), { type: 'module', name });

/**
 * Starts a worker; resolves when it is up and, unless it is prepared, has touched no storage yet.
 * @param isPrepared it opens its storage ahead, as the windows' stores do.
 */
export async function startNamed(
  name: string,
  isPrepared: boolean,
  workerOf = namedWorker,
): Promise<NamedStore> {
  const worker = workerOf(isPrepared ? `${name} prepared` : name);
  await new Promise<void>((ready, failed) => {
    worker.addEventListener('message', () => ready(), { once: true });
    worker.addEventListener('error', ({ message }) => failed(new Error(message)), { once: true });
  });
  const store = new WorkerStore({
    postMessage: (message, options) => worker.postMessage(message, options),
    addEventListener: (type, listener) => worker.addEventListener(type, listener),
    terminate: () => worker.terminate(),
    onFailure: (listener) => worker.addEventListener('error', listener),
  });
  return { store, abandon: () => worker.terminate() };
}
