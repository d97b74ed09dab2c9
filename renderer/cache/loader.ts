import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { SealedLayer } from './sealed-layer.ts';

/** Requests at a time while somebody waits: more only queue behind the core's one connection to central. */
export const LANES = 6;
/** And while nobody does: what somebody waits for, in this window or the other, comes through between them. */
export const QUIET_LANES = 2;

/**
 * Brings pages, newest first, `lanes` requests at a time; `use` sees each once.
 * @param which all pages, or those that are not known to be stored.
 * @throws what the first failure was; it stops all lanes.
 */
export async function loadPages(
  layer: SealedLayer,
  which: 'all' | 'missing',
  lanes: number,
  use: (page: number, sealed: Bytes) => Promise<void> | void,
): Promise<void> {
  const runs = layer.runs(which);
  let next = 0;
  let hasFailed = false;
  const fail = (thrown: unknown): never => {
    hasFailed = true;
    throw thrown;
  };
  const lane = async (): Promise<void> => {
    for (let run = runs[next++]; run !== undefined && !hasFailed; run = runs[next++]) {
      const pages = run;
      await Promise.all(layer.bring(pages).map(async (coming, i) => use(pages[i] ?? 0, await coming)));
    }
  };
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(fail)));
}
