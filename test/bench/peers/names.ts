/** Peers that the sealed store is compared with. */
export const peerNames = [
  'dexie',
  'dexie-aes',
  'dexie-encrypted',
  'rxdb-crypto-js',
  'sqlite',
  'sqlite3mc',
] as const;
export type PeerName = (typeof peerNames)[number];

/** Who is measured: the peers, the sealed store, and the same over private files, which shows what IndexedDB costs. */
export type Contestant = PeerName | 'sealed' | 'sealed-files';

/** In the order of tables. */
export const contestantNames: readonly Contestant[] = [...peerNames, 'sealed', 'sealed-files'];
