/**
 * The same pages in the origin's private file system: a limit that shows what IndexedDB costs. Not a home for records:
 * between two commits a crash leaves bytes that nobody knows the place of.
 */
import type { PageStorage, PageStorages } from '../../../renderer/cache/page-storage.ts';
import { type Bytes, fromUtf8, utf8 } from '../../../shared/canonical/bytes.ts';

/** Only workers have it, and the types of the DOM are the windows'. */
interface SyncHandle {
  getSize(): number;
  read(into: Bytes, options: { at: number }): number;
  write(bytes: Bytes, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

declare global {
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<SyncHandle>;
  }
}

/** Where values lie in the file of pages, by `lookup/layer/first` or `lookup/directory`. */
type Index = Map<string, readonly [at: number, length: number]>;

const indexOf = (name: string): string => `${name}.index`;

async function handleOf(name: string): Promise<SyncHandle> {
  const folder = await navigator.storage.getDirectory();
  return await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
}

function readAt(handle: SyncHandle, at: number, length: number): Bytes {
  const bytes = new Uint8Array(length);
  handle.read(bytes, { at });
  return bytes;
}

async function openFiles(name: string): Promise<PageStorage> {
  const pages = await handleOf(name);
  const places = await handleOf(indexOf(name));
  const written = readAt(places, 0, places.getSize());
  const index: Index = new Map(written.length === 0 ? [] : JSON.parse(fromUtf8(written)));
  const append = (key: string, bytes: Bytes): void => {
    const at = pages.getSize();
    pages.write(bytes, { at });
    index.set(key, [at, bytes.length]);
  };
  const value = (key: string): Bytes | undefined => {
    const place = index.get(key);
    return place && readAt(pages, ...place);
  };
  return {
    found: async (lookupId) => {
      const firsts = (layer: string): Set<number> => {
        const start = `${lookupId}/${layer}/`;
        return new Set(
          [...index.keys()].flatMap((key) => (key.startsWith(start) ? Number(key.slice(start.length)) : [])),
        );
      };
      return { metadata: firsts('metadata'), content: firsts('content') };
    },
    put: async (blocks, directory) => {
      for (const { lookupId, layer, first, sealed } of blocks)
        append(`${lookupId}/${layer}/${first}`, sealed);
      if (directory !== undefined) append(`${directory.lookupId}/directory`, directory.sealed);
      pages.flush();
      if (directory === undefined) return;
      const bytes = utf8(JSON.stringify([...index]));
      places.truncate(bytes.length);
      places.write(bytes, { at: 0 });
      places.flush();
    },
    get: async (lookupId, layer, firsts) => firsts.map((first) => value(`${lookupId}/${layer}/${first}`)),
    directory: async (lookupId) => value(`${lookupId}/directory`),
    close: () => {
      pages.close();
      places.close();
    },
  };
}

export function privateFiles(): PageStorages {
  return {
    open: openFiles,
    remove: async (name) => {
      const folder = await navigator.storage.getDirectory();
      for (const file of [name, indexOf(name)]) await folder.removeEntry(file);
    },
  };
}
