import { instantsOf } from '../../../shared/domain/period.ts';
import { DirectStore } from '../direct-store.ts';
import { fetchFrom } from '../page-source.ts';
import { memoryStorages } from './memory-storage.ts';
import { sealNobodysLookup } from './nobodys-lookup.ts';

/** Pages of the lookup, and how often it is gone through: enough for the compiler to take notice of all that runs. */
const PAGES = 2;
const ROUNDS = 16;

/**
 * Goes through a visit that is nobody's, from opening to wiping. Code that has run some thousand times is compiled:
 * done while the customer still writes their name, it spares them the wait for it (docs/performance.md).
 * @param isIdle asked between parts of it; when nobody is idle any more it ends.
 * @param ask makes a request to where pages come from.
 */
export async function warmUp(isIdle: () => boolean, ask: () => Promise<unknown>): Promise<void> {
  // Beside the rest: one that is never answered must not hold it up.
  const asking = firstRequests(ask);
  const { access, fetchPages } = await sealNobodysLookup(PAGES);
  for (let round = 0; round < ROUNDS && isIdle(); round++) {
    const store = new DirectStore({ fetchPages, storages: memoryStorages(), restDelay: 0, quiet: 0 });
    const { manifest } = access();
    const { from, until } = instantsOf(manifest.scope.period);
    await store.open(access(), () => undefined);
    const everything = await store.select({});
    await store.readFull([...everything.subarray(0, 50)]);
    await store.drawn();
    await store.whenHeld();
    const week = await store.select({ from, until: from + (until - from) / 2 });
    await store.readFull([...week]);
    if (isIdle()) await store.select({ text: `${round}00` });
    if (isIdle()) await store.overview({ from });
    if (isIdle()) await store.whenChecked();
    await store.wipe();
  }
  await asking;
}

/** A worker's first requests take some milliseconds more than those that follow. Both layers ask at the same time. */
async function firstRequests(ask: () => Promise<unknown>): Promise<void> {
  // What is not answered here is told by the store that asks for pages.
  await Promise.allSettled([ask(), ask()]);
}

/** The running worker's own script, the way that pages come: nothing is asked for that a visit would not. */
export function ownScript(): Promise<unknown> {
  const { href, origin } = globalThis.location;
  const get = fetchFrom(origin, (_address, init) => fetch(href, init));
  return get('', [], new AbortController().signal);
}
