/** A thread that seals pages. */
import { parentPort } from 'node:worker_threads';
import { type SealJob, sealRecords } from './job.ts';

/** What goes to the thread. */
export interface SealOrder {
  readonly id: number;
  readonly job: SealJob;
}

/** What comes back; the pages' bytes are handed over, not copied. */
export type SealReply =
  | { readonly id: number; readonly sealed: Awaited<ReturnType<typeof sealRecords>> }
  | { readonly id: number; readonly error: string };

parentPort?.on('message', async ({ id, job }: SealOrder) => {
  try {
    const sealed = await sealRecords(job);
    const buffers = [sealed.pageRoots.buffer, ...sealed.pages.map((page) => page.sealed.buffer)];
    parentPort?.postMessage({ id, sealed } satisfies SealReply, buffers);
  } catch (error) {
    // SECURITY: S12 the class only: a message may quote a row.
    const name = error instanceof Error ? error.name : typeof error;
    parentPort?.postMessage({ id, error: name } satisfies SealReply);
  }
});
