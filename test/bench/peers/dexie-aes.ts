/** Dexie with AES-256-GCM a row, as people write it by hand: indexes in the clear, counterpart and text under a key. */
import { Dexie, type Table } from 'dexie';
import { countRows, holds, newestFirst, type Peer, type Row, STRICT } from './peer.ts';

interface SealedRow extends Omit<Row, 'peer' | 'text'> {
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

/** Rows encrypted together: enough to keep the crypto threads busy. */
const BATCH = 4_096;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function dexieAes(name: string): Peer {
  const database = new Dexie(name, STRICT);
  database.version(1).stores({ records: 'id, at, subject', keys: 'subject' });
  const records: Table<SealedRow, number> = database.table('records');
  const stored: Table<{ subject: string; key: CryptoKey }, string> = database.table('keys');
  const keys = new Map<string, CryptoKey>();

  const keyOf = (subject: string): CryptoKey => {
    const key = keys.get(subject);
    if (key === undefined) throw new Error('no key');
    return key;
  };
  /** Non-extractable, kept by the browser: what most applications do. */
  const makeKey = async (subject: string): Promise<void> => {
    if (keys.has(subject)) return;
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    keys.set(subject, key);
    await stored.put({ subject, key });
  };
  const seal = async ({ peer, text, ...open }: Row): Promise<SealedRow> => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = encoder.encode(JSON.stringify([peer, text]));
    return {
      ...open,
      iv,
      sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keyOf(open.subject), plain),
    };
  };
  const unseal = async ({ iv, sealed, ...open }: SealedRow): Promise<Row> => {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, keyOf(open.subject), sealed);
    const [peer, text]: [string, string] = JSON.parse(decoder.decode(plain));
    return { ...open, peer, text };
  };
  const unsealAll = (rows: readonly SealedRow[]): Promise<Row[]> => Promise.all(rows.map(unseal));

  return {
    open: async () => {
      await database.open();
      for (const { subject, key } of await stored.toArray()) keys.set(subject, key);
    },
    insert: async (rows) => {
      for (const subject of new Set(rows.map((row) => row.subject))) await makeKey(subject);
      const sealed: SealedRow[] = [];
      for (let at = 0; at < rows.length; at += BATCH) {
        sealed.push(...(await Promise.all(rows.slice(at, at + BATCH).map(seal))));
      }
      await records.bulkAdd(sealed);
    },
    range: async (from, until) =>
      unsealAll(await records.where('at').between(from, until, true, false).toArray()),
    search: async (keyword) => {
      const all = await unsealAll(await records.toArray());
      return newestFirst(all.filter((row) => holds(row, keyword)));
    },
    counts: async () => countRows(await unsealAll(await records.toArray())),
    newest: async (count) => unsealAll(await records.orderBy('at').reverse().limit(count).toArray()),
    remove: async (subject) => {
      await stored.delete(subject);
      keys.delete(subject);
      await records.where('subject').equals(subject).delete();
    },
  };
}
