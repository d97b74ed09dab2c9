/** Where sealed pages wait to be fetched: noise without the consent's keys. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { LayerName } from '../../shared/domain/lookup.ts';
import { type PageRun, pagesOf } from '../../shared/domain/page-run.ts';
import type { Database } from './database/open.ts';

export interface StoredPage {
  readonly layer: LayerName;
  readonly page: number;
  readonly sealed: Bytes;
}

/** Port: all processes of a service reach the same one, e.g. an object store. */
export interface PageStore {
  put(pageSet: string, pages: readonly StoredPage[]): Promise<void>;
  /** `undefined` when one of them is not there. */
  get(pageSet: string, layer: LayerName, run: PageRun): Promise<Bytes[] | undefined>;
  /** Deletes all pages of a set; none is fine. */
  remove(pageSet: string): Promise<void>;
  /** Sets that were stored before a time, some of them: whose lookup is over, or was never answered, is for who asks. */
  storedBefore(time: Date): Promise<string[]>;
}

/** Sets that are looked at in one go. */
const LISTED = 1_000;

/** Pages as files, one folder a set: for one process beside its embedded database. @param folder made when missing. */
export function filePageStore(folder: string): PageStore {
  // Names are made by the service (UUID, layer, number), never taken from a request as they are.
  const fileOf = (pageSet: string, layer: LayerName, page: number) =>
    join(folder, pageSet, `${layer}-${page}.page`);
  const missing = (error: unknown): undefined => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  };
  return {
    put: async (pageSet, pages) => {
      await mkdir(join(folder, pageSet), { recursive: true, mode: 0o700 });
      await Promise.all(
        pages.map(({ layer, page, sealed }) =>
          writeFile(fileOf(pageSet, layer, page), sealed, { mode: 0o600 }),
        ),
      );
    },
    get: async (pageSet, layer, run) => {
      const files = await Promise.all(
        pagesOf(run).map((page) => readFile(fileOf(pageSet, layer, page)).catch(missing)),
      );
      const found = files.filter((file) => file !== undefined).map((file) => new Uint8Array(file));
      return found.length < files.length ? undefined : found;
    },
    remove: (pageSet) => rm(join(folder, pageSet), { recursive: true, force: true }),
    storedBefore: async (time) => {
      const names = (await readdir(folder).catch(missing)) ?? [];
      const old: string[] = [];
      for (const name of names) {
        const found = await stat(join(folder, name)).catch(missing);
        if (found && found.mtime < time) old.push(name);
        if (old.length === LISTED) break;
      }
      return old;
    },
  };
}

/** Pages written in one statement: each is a value of its own, so that they are bounded by number. */
const PIECE = 16;

/** Pages as large values in the service's own database, which every process reaches. */
export function databasePageStore(db: Database): PageStore {
  return {
    put: async (pageSet, pages) => {
      const rows = pages.map(({ layer, page, sealed }) => ({
        page_set: pageSet,
        layer,
        page,
        // The same bytes, as the driver wants them.
        sealed: Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength),
      }));
      for (let i = 0; i < rows.length; i += PIECE) {
        await db
          .insertInto('sealed_pages')
          .values(rows.slice(i, i + PIECE))
          .execute();
      }
    },
    get: async (pageSet, layer, { first, last }) => {
      const rows = await db
        .selectFrom('sealed_pages')
        .select('sealed')
        .where('page_set', '=', pageSet)
        .where('layer', '=', layer)
        .where('page', '>=', first)
        .where('page', '<=', last)
        .orderBy('page')
        .execute();
      return rows.length === last - first + 1 ? rows.map(({ sealed }) => new Uint8Array(sealed)) : undefined;
    },
    remove: async (pageSet) => {
      await db.deleteFrom('sealed_pages').where('page_set', '=', pageSet).execute();
    },
    storedBefore: async (time) => {
      const rows = await db
        .selectFrom('sealed_pages')
        .select('page_set')
        .distinct()
        .where('stored_at', '<', time)
        .limit(LISTED)
        .execute();
      return rows.map((row) => row.page_set);
    },
  };
}
