/**
 * dexie-encrypted with its own default (tweetnacl, whole rows). Patched in two places: `@stablelib/utf8` 1.0.0 takes
 * everything above U+DFFF for half a surrogate pair and so destroys full-width punctuation (the bundle replaces it by
 * the platform's encoder, see page/build.ts), and it is run on Dexie 4 instead of 3.
 */
import { Dexie, type Table } from 'dexie';
import { applyEncryptionMiddleware, NON_INDEXED_FIELDS } from 'dexie-encrypted';
import { countRows, holds, newestFirst, type Peer, type Row, STRICT } from './peer.ts';

export function dexieEncrypted(name: string): Peer {
  const database = new Dexie(name, STRICT);
  // A fixed key: where a key comes from is not what is measured.
  applyEncryptionMiddleware(
    database,
    new Uint8Array(32).fill(7),
    { records: NON_INDEXED_FIELDS },
    async () => undefined,
  );
  database.version(1).stores({ records: 'id, at, subject' });
  const records: Table<Row, number> = database.table('records');
  return {
    open: async () => void (await database.open()),
    insert: async (rows) => void (await records.bulkAdd(rows)),
    range: (from, until) => records.where('at').between(from, until, true, false).toArray(),
    search: async (keyword) => newestFirst((await records.toArray()).filter((row) => holds(row, keyword))),
    counts: async () => countRows(await records.toArray()),
    newest: (count) => records.orderBy('at').reverse().limit(count).toArray(),
    remove: async (subject) => void (await records.where('subject').equals(subject).delete()),
  };
}
