/** Every family, in the order they are run. */
import { coreFileDamage } from './damage/core-files.ts';
import type { Family } from './family.ts';
import { coreKills } from './kill/core.ts';
import { fileKills } from './kill/files.ts';
import { badTraffic } from './line/traffic.ts';
import { storeDisk, storeQuota } from './store/full.ts';
import { storeKills } from './store/kills.ts';

export const families: readonly Family[] = [
  fileKills,
  coreKills,
  storeKills,
  coreFileDamage,
  storeQuota,
  storeDisk,
  badTraffic,
];
