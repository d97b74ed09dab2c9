/** RxDB on its Dexie storage with its crypto-js encryption of counterpart and text. */
import { createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb';
import { wrappedKeyEncryptionCryptoJsStorage } from 'rxdb/plugins/encryption-crypto-js';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { countRows, holds, newestFirst, type Peer, type Row } from './peer.ts';

/** RxDB wants keys as text; of one length, so that they sort as the numbers do. */
const keyOf = (id: number): string => String(id).padStart(9, '0');

type Doc = Omit<Row, 'id'> & { id: string };

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 9 },
    subject: { type: 'string', maxLength: 11 },
    at: { type: 'number', minimum: 0, maximum: 4e12, multipleOf: 1 },
    direction: { type: 'string' },
    category: { type: 'string' },
    peer: { type: 'string' },
    text: { type: 'string' },
  },
  required: ['id', 'subject', 'at', 'direction', 'category', 'peer', 'text'],
  indexes: ['at', 'subject'],
  encrypted: ['peer', 'text'],
} as const;

export function rxdb(name: string): Peer {
  let database: RxDatabase | undefined;
  const records = (): RxCollection<Doc> => {
    const collection = database?.collections.records;
    if (collection === undefined) throw new Error('not open');
    return collection as RxCollection<Doc>;
  };
  const found = async (query: object): Promise<Row[]> => {
    const docs = await records().find(query).exec();
    return docs.map((doc) => {
      const { id, subject, at, direction, category, peer, text } = doc.toJSON();
      return { id: Number(id), subject, at, direction, category, peer, text };
    });
  };
  const all = () => found({ selector: {}, sort: [{ id: 'asc' }] });
  return {
    open: async () => {
      database = await createRxDatabase({
        name,
        storage: wrappedKeyEncryptionCryptoJsStorage({ storage: getRxStorageDexie() }),
        password: 'a-password-of-the-bench',
        multiInstance: false,
        eventReduce: false,
        cleanupPolicy: { minimumDeletedTime: 0 },
      });
      await database.addCollections({ records: { schema } });
    },
    insert: async (rows) => {
      const { error } = await records().bulkInsert(rows.map((row) => ({ ...row, id: keyOf(row.id) })));
      if (error.length > 0) throw new Error(`${error.length} rows refused`);
    },
    range: (from, until) => found({ selector: { at: { $gte: from, $lt: until } }, sort: [{ at: 'asc' }] }),
    search: async (keyword) => newestFirst((await all()).filter((row) => holds(row, keyword))),
    counts: async () => countRows(await all()),
    newest: (count) => found({ selector: {}, sort: [{ at: 'desc' }], limit: count }),
    remove: async (subject) => void (await records().find({ selector: { subject } }).remove()),
  };
}
