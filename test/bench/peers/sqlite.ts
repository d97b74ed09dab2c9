/**
 * SQLite in WebAssembly over OPFS, plain or with SQLite3MultipleCiphers (ChaCha20-Poly1305, its default). The pool of
 * synchronous access handles is the fastest file system that both have.
 */
import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { type Counts, finishCounts, type Peer, type Row } from './peer.ts';

const COLUMNS = 'id, subject, at, direction, category, peer, text';
/** SQLite's own cache, in KiB, negative as the pragma wants it: holds the whole database. */
const CACHE_KIB = -65_536;

export function sqlite(init: () => Promise<Sqlite3Static>, name: string, key?: string): Peer {
  let database: InstanceType<Sqlite3Static['oo1']['DB']> | undefined;
  const db = () => {
    if (database === undefined) throw new Error('not open');
    return database;
  };
  const rows = (sql: string, bind: (string | number)[]): Row[] =>
    db().exec(sql, { bind, rowMode: 'object', returnValue: 'resultRows' }) as unknown as Row[];
  const tallies = (by: string): [number | string, number, number][] =>
    db().exec(`SELECT ${by} AS k, count(*), sum(direction = 'out') FROM records GROUP BY k`, {
      rowMode: 'array',
      returnValue: 'resultRows',
    }) as [number | string, number, number][];

  return {
    open: async () => {
      const sqlite3 = await init();
      const pool = await sqlite3.installOpfsSAHPoolVfs({ name: 'opfs-sahpool', initialCapacity: 4 });
      if (key === undefined) database = new pool.OpfsSAHPoolDb(`/${name}.db`);
      else {
        sqlite3.capi.sqlite3mc_vfs_create?.('opfs-sahpool', 1);
        database = new sqlite3.oo1.DB(`file:/${name}.db?vfs=multipleciphers-opfs-sahpool`, 'c');
        database.exec(`PRAGMA key = "${key}"`);
      }
      // One connection; a commit is on the disk when it returns.
      database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;
        PRAGMA temp_store = MEMORY; PRAGMA cache_size = ${CACHE_KIB};
        CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, at INTEGER NOT NULL,
          direction TEXT NOT NULL, category TEXT NOT NULL, peer TEXT NOT NULL, text TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS records_at ON records (at);
        CREATE INDEX IF NOT EXISTS records_subject ON records (subject)`);
    },
    insert: async (all) => {
      db().transaction((tx) => {
        const statement = tx.prepare(`INSERT INTO records (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
        try {
          for (const { id, subject, at, direction, category, peer, text } of all) {
            statement.bind([id, subject, at, direction, category, peer, text]).stepReset();
          }
        } finally {
          statement.finalize();
        }
      });
    },
    range: async (from, until) =>
      rows(`SELECT ${COLUMNS} FROM records WHERE at >= ? AND at < ? ORDER BY at, id`, [from, until]),
    search: async (keyword) =>
      db().exec('SELECT id FROM records WHERE instr(text, ?1) OR instr(peer, ?1) ORDER BY id DESC', {
        bind: [keyword],
        rowMode: 0,
        returnValue: 'resultRows',
      }) as unknown as number[],
    counts: async (): Promise<Counts> => {
      const mapOf = <K extends number | string>(by: string) =>
        new Map(tallies(by).map(([k, count, sent]) => [k as K, [count, sent] as [number, number]]));
      return finishCounts(
        mapOf<number>('(at + 28800000) / 86400000'),
        mapOf<string>('category'),
        mapOf<string>('peer'),
      );
    },
    newest: async (count) =>
      rows(`SELECT ${COLUMNS} FROM records ORDER BY at DESC, id DESC LIMIT ?`, [count]),
    remove: async (subject) => void db().exec('DELETE FROM records WHERE subject = ?', { bind: [subject] }),
  };
}
