import { instantsOf } from '../../../shared/domain/period.ts';
import { DirectStore } from '../direct-store.ts';
import { memoryStorages } from './memory-storage.ts';
import { sealNobodysLookup } from './nobodys-lookup.ts';

/** Pages of the lookup, and how often it is gone through: enough for the compiler to take notice of all that runs. */
const PAGES = 2;
const ROUNDS = 16;

/**
 * Goes through a visit that is nobody's, from opening to wiping. Code that has run some thousand times is compiled:
 * done while the customer still writes their name, it spares them the wait for it (docs/performance.md).
 * @param isIdle asked between parts of it; when nobody is idle any more it ends.
 */
export async function warmUp(isIdle: () => boolean): Promise<void> {
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
}
