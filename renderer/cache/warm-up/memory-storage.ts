import type { Bytes } from '../../../shared/canonical/bytes.ts';
import type { PageStorages } from '../page-storage.ts';

/** Storages that keep nothing: for a store whose pages are nobody's. */
export function memoryStorages(): PageStorages {
  return {
    open: async () => {
      const blocks = new Map<string, Bytes>();
      let sealed: Bytes | undefined;
      return {
        found: async () => ({ metadata: new Set(), content: new Set() }),
        put: async (put, directory) => {
          for (const block of put) blocks.set(`${block.layer}/${block.first}`, block.sealed);
          sealed = directory?.sealed ?? sealed;
        },
        get: async (_lookupId, layer, firsts) =>
          firsts.map((first) => blocks.get(`${layer}/${first}`)?.slice()),
        directory: async () => sealed,
        close: () => undefined,
      };
    },
    remove: async () => undefined,
  };
}
