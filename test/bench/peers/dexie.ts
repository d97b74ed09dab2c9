/** Plain Dexie: a row a record, indexes for its queries, bulk operations, nothing encrypted. */
import { Dexie, type Table } from 'dexie';
import { countRows, holds, newestFirst, type Peer, type Row, STRICT } from './peer.ts';

export function plainDexie(name: string): Peer {
  const database = new Dexie(name, STRICT);
  // Primary key in order of time: a whole read comes in that order without an index.
  database.version(1).stores({ records: 'id, at, subject' });
  const records: Table<Row, number> = database.table('records');
  return {
    open: async () => void (await database.open()),
    insert: async (rows) => void (await records.bulkAdd(rows)),
    range: (from, until) => records.where('at').between(from, until, true, false).toArray(),
    // Read in one go and tested here: a cursor with a filter takes a message between processes for each row.
    search: async (keyword) => newestFirst((await records.toArray()).filter((row) => holds(row, keyword))),
    counts: async () => countRows(await records.toArray()),
    newest: (count) => records.orderBy('at').reverse().limit(count).toArray(),
    remove: async (subject) => void (await records.where('subject').equals(subject).delete()),
  };
}
