/**
 * The few parts of the peers' packages that are used here. They are installed by `npm run bench` alone, and the
 * project's types are checked without them.
 */
declare module 'dexie-encrypted' {
  import type { Dexie } from 'dexie';
  export const NON_INDEXED_FIELDS: unique symbol;
  export function applyEncryptionMiddleware(
    database: Dexie,
    key: Uint8Array,
    tables: Record<string, typeof NON_INDEXED_FIELDS>,
    onKeyChange: () => Promise<void>,
  ): void;
}

declare module '@sqlite.org/sqlite-wasm' {
  interface Statement {
    bind(values: (string | number)[]): this;
    stepReset(): this;
    finalize(): void;
  }
  interface Database {
    exec(
      sql: string,
      options?: { bind?: (string | number)[]; rowMode?: 'array' | 'object' | 0; returnValue?: 'resultRows' },
    ): unknown;
    prepare(sql: string): Statement;
    transaction(work: (tx: Database) => void): void;
    close(): void;
  }
  export interface Sqlite3Static {
    readonly capi: { sqlite3mc_vfs_create?(vfs: string, makeDefault: number): number };
    readonly oo1: { DB: new (name: string, flags: string) => Database };
    installOpfsSAHPoolVfs(options: { name: string; initialCapacity: number }): Promise<{
      OpfsSAHPoolDb: new (name: string) => Database;
    }>;
  }
  export default function init(): Promise<Sqlite3Static>;
}

declare module '@evolu/sqlite-wasm' {
  export { default } from '@sqlite.org/sqlite-wasm';
}

declare module 'rxdb' {
  export interface RxDocument<T> {
    toJSON(): T;
  }
  export interface RxQuery<T> {
    exec(): Promise<RxDocument<T>[]>;
    remove(): Promise<unknown>;
  }
  export interface RxCollection<T> {
    find(query: object): RxQuery<T>;
    bulkInsert(docs: T[]): Promise<{ error: unknown[] }>;
  }
  export interface RxDatabase {
    readonly collections: Record<string, RxCollection<object>>;
    addCollections(collections: Record<string, { schema: object }>): Promise<unknown>;
    close(): Promise<unknown>;
  }
  export function createRxDatabase(options: object): Promise<RxDatabase>;
}

declare module 'rxdb/plugins/storage-dexie' {
  export function getRxStorageDexie(): object;
}

declare module 'rxdb/plugins/encryption-crypto-js' {
  export function wrappedKeyEncryptionCryptoJsStorage(options: { storage: object }): object;
}
