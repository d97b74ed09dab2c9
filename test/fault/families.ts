/** Every family, in the order they are run. */
import { appDamage } from './app/damage.ts';
import { secondInstance } from './app/instances.ts';
import { appKills } from './app/kills.ts';
import { restoredApp } from './app/restored.ts';
import { suspendedApp } from './app/suspend.ts';
import { coreFileDamage } from './damage/core-files.ts';
import { heldFileDamage } from './damage/held-files.ts';
import { coreDisk } from './disk/full.ts';
import type { Family } from './family.ts';
import { coreKills } from './kill/core.ts';
import { fileKills } from './kill/files.ts';
import { badTraffic } from './line/traffic.ts';
import { restoredCore } from './profile/restored.ts';
import { storeDisk, storeQuota } from './store/full.ts';
import { storeKills } from './store/kills.ts';
import { clockJumps } from './time/clock.ts';
import { suspendedCore } from './time/suspend.ts';

export const families: readonly Family[] = [
  fileKills,
  coreKills,
  storeKills,
  appKills,
  coreFileDamage,
  heldFileDamage,
  appDamage,
  coreDisk,
  storeQuota,
  storeDisk,
  secondInstance,
  restoredCore,
  restoredApp,
  clockJumps,
  suspendedCore,
  suspendedApp,
  badTraffic,
];
