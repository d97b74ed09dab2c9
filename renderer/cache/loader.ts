import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { SealedLayer } from './sealed-layer.ts';

/** Requests at a time while somebody waits: more only queue behind the core's one connection to central. */
export const LANES = 6;
/** And while nobody does: what somebody waits for, in this window or the other, comes through between them. */
export const QUIET_LANES = 2;

/**
 * Brings all pages of a layer that are not stored, newest first, `lanes` requests at a time; `use` sees each once.
 * Resolves when all have come, not when they are stored: the answer says that of each. The first failure stops
 * all lanes.
 */
export async function loadPages(
  layer: SealedLayer,
  lanes: number,
  use: (page: number, sealed: Bytes) => Promise<void> = async () => undefined,
): Promise<Promise<void>[]> {
  const runs = layer.runs();
  const stores: Promise<void>[] = [];
  let next = 0;
  let hasFailed = false;
  const fail = (thrown: unknown): never => {
    hasFailed = true;
    throw thrown;
  };
  const lane = async (): Promise<void> => {
    for (let run = runs[next++]; run !== undefined && !hasFailed; run = runs[next++]) {
      for (const [i, { sealed, stored }] of layer.bring(run).entries()) {
        stores.push(stored);
        // A full disk is noticed before everything has been fetched.
        stored.catch(() => {
          hasFailed = true;
        });
        await use(run[i] ?? 0, await sealed);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(fail)));
  return stores;
}
