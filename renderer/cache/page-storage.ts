/**
 * Where sealed pages lie, as the store needs it: pages in blocks, and one sealed directory a lookup. Everything fails
 * with Failures only.
 */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';

/** Some consecutive pages of a layer, kept as one value and named by the first of them. */
export interface Block {
  readonly lookupId: string;
  readonly layer: Layer;
  /** Number of its first page. */
  readonly first: number;
  /** The pages exactly as they were fetched, one behind the other. Never a decrypted byte. // SECURITY: S11 */
  readonly sealed: Bytes;
}

/** What a store keeps of itself, sealed: the commit point. */
export interface Directory {
  readonly lookupId: string;
  readonly sealed: Bytes;
}

/** The pages of one store, while it lives. One owner. Failures are of kind 'storage-failed'. */
export interface PageStorage {
  /**
   * First pages of the blocks that are held of a lookup, by layer. What is there of any other lookup is deleted: a
   * store holds one.
   */
  found(lookupId: string): Promise<Readonly<Record<Layer, ReadonlySet<number>>>>;
  /**
   * Puts blocks, and with the last of them the directory, which says that everything is held: all or none; when it
   * resolves they are on the disk.
   */
  put(blocks: readonly Block[], directory?: Directory): Promise<void>;
  /** The blocks' bytes in the order asked; undefined where one is not there (any more). */
  get(lookupId: string, layer: Layer, firsts: readonly number[]): Promise<(Bytes | undefined)[]>;
  /** The sealed directory of a lookup; undefined where it was never put. */
  directory(lookupId: string): Promise<Bytes | undefined>;
  /** Gives everything back. Closing twice is fine. */
  close(): void;
}

/** What makes storages by name, and deletes them. */
export interface PageStorages {
  /** Opens a storage, made where there is none. */
  open(name: string): Promise<PageStorage>;
  /** Deletes a storage and makes sure that it is gone; none is fine. @throws Failure 'erase-failed' */
  remove(name: string): Promise<void>;
}

/** Names of this product's page storages begin so. */
export const STORAGE_PREFIX = 'zhiqing-pages-';
