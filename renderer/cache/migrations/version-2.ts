import type { Migration } from './migration.ts';

/**
 * Sealed pages in blocks, by lookup, layer and first page; the directory is sealed. What an earlier version held is
 * fetched again.
 */
export const version2: Migration = {
  version: 2,
  stores: { pages: null, blocks: '[lookupId+layer+first]', directory: 'lookupId' },
  upgrade: (transaction) => transaction.table('directory').clear(),
};
