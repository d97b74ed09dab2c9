/** Peers by name; each brings only its own code into the worker. */
import type { Peer } from './peer.ts';

/** Name of every peer's database in its own origin. */
const DATABASE = 'bench';

export async function makePeer(name: string): Promise<Peer> {
  switch (name) {
    case 'dexie':
      return (await import('./dexie.ts')).plainDexie(DATABASE);
    case 'dexie-aes':
      return (await import('./dexie-aes.ts')).dexieAes(DATABASE);
    case 'dexie-encrypted':
      return (await import('./dexie-encrypted.ts')).dexieEncrypted(DATABASE);
    case 'rxdb-crypto-js':
      return (await import('./rxdb.ts')).rxdb(DATABASE);
    case 'sqlite': {
      const { sqlite } = await import('./sqlite.ts');
      const { default: init } = await import('@sqlite.org/sqlite-wasm');
      return sqlite(init, DATABASE);
    }
    case 'sqlite3mc': {
      const { sqlite } = await import('./sqlite.ts');
      const { default: init } = await import('@evolu/sqlite-wasm');
      return sqlite(init, DATABASE, 'a-password-of-the-bench');
    }
    default:
      throw new Error(`no such peer: ${name}`);
  }
}
