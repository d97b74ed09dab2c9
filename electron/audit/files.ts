/** The files under an audit log, by name within its folder; tests put a disk that fails in their place. */
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { openForAppend, privateFolder, syncFolder, writeDurably } from '../durable-file.ts';

/** A file that only grows, but for `truncate`. */
export interface AppendFile {
  /** Part of it may be on the disk when this fails. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once everything written is on the disk. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

export interface AuditFiles {
  list(): Promise<string[]>;
  /** Undefined when there is no such file. */
  read(name: string): Promise<Bytes | undefined>;
  readAt(name: string, offset: number, length: number): Promise<Bytes>;
  /** Opens a file at its end; makes it, durably, when it is not there. */
  append(name: string): Promise<AppendFile>;
  /** The whole file, durably: after a crash the old one or the new one. */
  replace(name: string, bytes: Uint8Array | string): Promise<void>;
  /** Durable. */
  rename(from: string, to: string): Promise<void>;
  /** Durable. */
  remove(name: string): Promise<void>;
}

/** Files of a folder on the disk. */
export function diskFiles(folder: string): AuditFiles {
  const path = (name: string) => join(folder, name);
  return {
    async list() {
      await privateFolder(folder);
      return readdir(folder);
    },
    async read(name) {
      try {
        return new Uint8Array(await readFile(path(name)));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async readAt(name, offset, length) {
      const file = await open(path(name), 'r');
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        return bytes.slice(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    async append(name) {
      const file = await openForAppend(path(name));
      return {
        write: (bytes) => file.appendFile(bytes),
        sync: () => file.datasync(),
        truncate: (size) => file.truncate(size),
        close: () => file.close(),
      };
    },
    replace: (name, bytes) => writeDurably(path(name), bytes),
    async rename(from, to) {
      await rename(path(from), path(to));
      await syncFolder(folder);
    },
    async remove(name) {
      await rm(path(name), { force: true });
      await syncFolder(folder);
    },
  };
}

/** The system's code of an error, such as ENOSPC. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'IO';
}
