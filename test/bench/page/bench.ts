/** The page that a contestant lives in: takes operations from the command, one after the other. */
import type { Limits } from './limits.ts';
import type { Operation, Outcome } from './operations.ts';
import { filesWorker, SealedStore } from './sealed.ts';

declare global {
  interface Window {
    bench: {
      start: (contestant: string) => Promise<void>;
      run: (operation: Operation) => Promise<Outcome>;
      /** Makes ready what a further lookup needs; peers need nothing. */
      prepare: (lookup: string) => Promise<void>;
      /** Bytes of the origin's private files. */
      fileBytes: () => Promise<number>;
      /** How fast this machine does what a store is made of. */
      limits: (lookup: string, keywords: readonly string[]) => Promise<Limits>;
    };
  }
}

/** The next message of a worker. */
function messageOf<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
  });
}

type Answer<T> = { outcome: T } | { failed: string };

function outcomeOf<T>(answer: Answer<T>): T {
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.outcome;
}

async function bytesIn(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const handle of folder.values()) {
    if (handle instanceof FileSystemDirectoryHandle) bytes += await bytesIn(handle);
    else if (handle instanceof FileSystemFileHandle) bytes += (await handle.getFile()).size;
  }
  return bytes;
}

let prepare = async (_lookup: string): Promise<void> => undefined;
let run: (operation: Operation) => Promise<Outcome> = () => Promise.reject(new Error('not started'));

window.bench = {
  start: async (contestant) => {
    // Limits are measured in a worker of their own.
    if (contestant === 'limits') return;
    if (contestant === 'sealed' || contestant === 'sealed-files') {
      const store = new SealedStore(contestant === 'sealed' ? undefined : filesWorker);
      run = (operation) => store.run(operation);
      prepare = (lookup) => store.prepare(lookup);
      return;
    }
    const worker = new Worker(new URL('./peer-worker.ts', import.meta.url), {
      type: 'module',
      name: contestant,
    });
    await messageOf(worker);
    run = async (operation) => {
      const answer = messageOf<Answer<Outcome>>(worker);
      worker.postMessage(operation);
      return outcomeOf(await answer);
    };
  },
  run: (operation) => run(operation),
  prepare: (lookup) => prepare(lookup),
  fileBytes: async () => bytesIn(await navigator.storage.getDirectory()),
  limits: async (lookup, keywords) => {
    const worker = new Worker(new URL('./limits-worker.ts', import.meta.url), { type: 'module' });
    const answer = messageOf<Answer<Limits>>(worker);
    worker.postMessage({ lookup, keywords });
    return outcomeOf(await answer);
  },
};
