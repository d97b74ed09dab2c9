/**
 * Where the sealed pages of one lookup lie: a file of the origin's private file system, written as it was fetched.
 * Its calls are synchronous, which only workers have, and what `flush` has returned for is on the disk.
 */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { guarded, STORAGE_DEADLINE_MS, storageFailure } from './storage-failure.ts';

/** One file and its one owner. Every method fails with Failure 'storage-failed' only. */
export interface PageFile {
  readonly size: number;
  /** Bytes from a place on; fewer than asked for where the file ends. */
  read(at: number, length: number): Bytes;
  write(at: number, bytes: Bytes): void;
  /** Makes the file so long, zeros at its end: room is asked for once, and not with every write. */
  reserve(size: number): void;
  flush(): void;
  /** Gives the file back. Closing twice is fine. */
  close(): void;
}

/** The folder of an origin. */
export interface PageFolder {
  /** Opens a file, made where there is none. @throws Failure 'storage-failed', also while another has it open. */
  open(name: string): Promise<PageFile>;
  /**
   * Deletes a file and makes sure that it is gone; none is fine. One that another owner is just giving back is
   * waited for.
   * @throws Failure 'erase-failed'
   */
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

/** Files of this product's page store begin so. */
export const FILE_PREFIX = 'zhiqing-pages-';

/** Between two tries at a file that its owner, who is ending, still has open. Milliseconds. */
const RETRY_MS = 25;

/** The private file system of this origin (WHATWG File System Standard). */
export function originFolder(): PageFolder {
  const root = () => guarded(() => navigator.storage.getDirectory());
  const names = async (): Promise<string[]> => {
    const folder = await root();
    return await guarded(async () => {
      const all: string[] = [];
      for await (const name of folder.keys()) all.push(name);
      return all;
    });
  };
  return {
    open: async (name) => {
      const folder = await root();
      const handle = await guarded(async () => {
        const file = await folder.getFileHandle(name, { create: true });
        return await file.createSyncAccessHandle();
      });
      return handleFile(handle);
    },
    remove: async (name) => {
      const folder = await root();
      const deadline = performance.now() + STORAGE_DEADLINE_MS;
      for (;;) {
        const failed = await guarded(() => folder.removeEntry(name, { recursive: true })).then(
          () => undefined,
          storageFailure,
        );
        if (failed === undefined || failed.error.detail === 'NotFoundError') break;
        // SECURITY: S11 what could not be deleted is said, never taken for done.
        if (performance.now() > deadline)
          throw new Failure('erase-failed', { detail: failed.error.detail ?? '' });
        await new Promise((again) => setTimeout(again, RETRY_MS));
      }
      if ((await names()).includes(name)) throw new Failure('erase-failed', { detail: 'still there' });
    },
    names,
  };
}

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

function handleFile(handle: SyncHandle): PageFile {
  return {
    get size() {
      return now(() => handle.getSize());
    },
    read: (at, length) => {
      const bytes = new Uint8Array(length);
      const count = now(() => handle.read(bytes, { at }));
      return count === length ? bytes : bytes.subarray(0, count);
    },
    write: (at, bytes) => {
      const count = now(() => handle.write(bytes, { at }));
      if (count !== bytes.length) throw new Failure('storage-failed', { detail: 'short write' });
    },
    reserve: (size) => now(() => handle.truncate(size)),
    flush: () => now(() => handle.flush()),
    close: () => handle.close(),
  };
}

function now<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw storageFailure(thrown);
  }
}
