import type { Migration } from './migration.ts';

/**
 * Sealed pages in blocks, by lookup, layer and first page; the directory is sealed. What an earlier version held is
 * fetched again.
 */
export const version2: Migration = {
  version: 2,
  upgrade: (transaction) => {
    transaction.db.deleteObjectStore('pages');
    transaction.db.createObjectStore('blocks', { keyPath: ['lookupId', 'layer', 'first'] });
    transaction.objectStore('directory').clear();
  },
};
