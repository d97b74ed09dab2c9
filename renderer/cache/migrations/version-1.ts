import type { Migration } from './migration.ts';

/** Sealed pages by lookup, layer and page number; one directory entry a lookup, written when it is complete. */
export const version1: Migration = {
  version: 1,
  upgrade: ({ db }) => {
    db.createObjectStore('pages', { keyPath: ['lookupId', 'layer', 'page'] });
    db.createObjectStore('directory', { keyPath: 'lookupId' });
  },
};
