/** A thread that seals pages. */
import { parentPort } from 'node:worker_threads';
import { randomBytes } from '../../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../../shared/canonical/hash.ts';
import { PAGE_ROWS } from '../../../shared/canonical/sealed-page.ts';
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

/** Pages sealed at the start for nobody. */
const WARM_PAGES = 4;

/** Code that has run some thousand times is compiled: the first customer of the day does not wait for that. */
async function warmUp(): Promise<void> {
  const hash = '0'.repeat(2 * HASH_BYTES);
  await sealRecords({
    binding: { consentHash: hash, scopeHash: hash, lookupId: 'warm-up' },
    secrets: { metadata: randomBytes(HASH_BYTES), content: randomBytes(HASH_BYTES) },
    firstPage: 0,
    records: Array.from({ length: WARM_PAGES * PAGE_ROWS }, (_, i) => ({
      at: i,
      direction: i % 2 === 0 ? 'in' : 'out',
      category: 'sms',
      peer: String(10_000_000_000 + (i % 100)),
      text: '一条用来预热的短信，没有人收到过它。'.repeat(1 + (i % 3)),
    })),
  });
}

await warmUp();
