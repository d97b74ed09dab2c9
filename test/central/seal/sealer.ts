/** Sealing in parallel: a lookup's pages are split among threads, so that a large one neither waits nor blocks. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { concat } from '../../../shared/canonical/bytes.ts';
import { PAGE_ROWS } from '../../../shared/canonical/sealed-page.ts';
import { type SealedPages, type SealJob, sealRecords } from './job.ts';
import type { SealOrder, SealReply } from './worker.ts';

export interface Sealer {
  /** All pages of a lookup. */
  seal(job: Omit<SealJob, 'firstPage'>): Promise<SealedPages>;
  close(): Promise<void>;
}

/** Up to this many rows the way to another thread costs more than it saves. */
const INLINE_ROWS = 2 * PAGE_ROWS;
const MAX_THREADS = 4;

/** Starts the threads; they wait without cost. */
export function openSealer(): Sealer {
  const threads = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => openThread());
  return {
    seal: async ({ binding, secrets, records }) => {
      if (records.length <= INLINE_ROWS) return sealRecords({ binding, secrets, records, firstPage: 0 });
      const pages = Math.ceil(records.length / PAGE_ROWS);
      const share = Math.ceil(pages / threads.length);
      const parts = await Promise.all(
        threads.map((thread, i) => {
          const firstPage = i * share;
          const slice = records.slice(firstPage * PAGE_ROWS, (firstPage + share) * PAGE_ROWS);
          return thread.seal({ binding, secrets, firstPage, records: slice });
        }),
      );
      return {
        pages: parts.flatMap((part) => part.pages),
        pageRoots: concat(...parts.map((part) => part.pageRoots)),
      };
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** A thread, started anew when it has died. */
function openThread() {
  const waiting = new Map<number, PromiseWithResolvers<SealedPages>>();
  let worker: Worker | undefined;
  let next = 0;
  const failAll = (error: Error) => {
    for (const job of waiting.values()) job.reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./worker.ts', import.meta.url));
    started.on('message', (reply: SealReply) => {
      const job = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('sealed' in reply) job?.resolve(reply.sealed);
      else job?.reject(new Error(`sealing failed: ${reply.error}`));
    });
    // SECURITY: S16 a dead thread fails what it was asked for.
    started.on('error', failAll);
    started.on('exit', () => {
      failAll(new Error('the sealing thread has ended'));
      worker = undefined;
    });
    // An idle thread keeps no process alive.
    started.unref();
    return started;
  };
  // Now, not at the first lookup: starting takes as long as sealing ten thousand rows.
  worker = start();
  return {
    seal: (job: SealJob): Promise<SealedPages> => {
      worker ??= start();
      const id = next++;
      const result = Promise.withResolvers<SealedPages>();
      waiting.set(id, result);
      worker.postMessage({ id, job } satisfies SealOrder);
      return result.promise;
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}
