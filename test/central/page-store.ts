/** Where sealed pages wait to be fetched: noise without the consent's keys. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { LayerName } from '../../shared/domain/lookup.ts';

/** Port: several instances of a service share one, e.g. an object store. */
export interface PageStore {
  put(pageSet: string, layer: LayerName, page: number, sealed: Bytes): Promise<void>;
  /** `undefined` when there is no such page. */
  get(pageSet: string, layer: LayerName, page: number): Promise<Bytes | undefined>;
  /** Deletes all pages of a set; none is fine. */
  remove(pageSet: string): Promise<void>;
}

/** Pages as files, one folder a set. @param folder made when missing. */
export function filePageStore(folder: string): PageStore {
  // Names are made by the service (UUID, layer, number), never taken from a request as they are.
  const fileOf = (pageSet: string, layer: LayerName, page: number) =>
    join(folder, pageSet, `${layer}-${page}.page`);
  return {
    put: async (pageSet, layer, page, sealed) => {
      await mkdir(join(folder, pageSet), { recursive: true, mode: 0o700 });
      await writeFile(fileOf(pageSet, layer, page), sealed, { mode: 0o600 });
    },
    get: async (pageSet, layer, page) => {
      try {
        return new Uint8Array(await readFile(fileOf(pageSet, layer, page)));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: (pageSet) => rm(join(folder, pageSet), { recursive: true, force: true }),
  };
}
