/** No room for the store: less quota than it needs, or a disk that is full. Said, not hung, and mended by room. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession } from '@playwright/test';
import { mountSmall, whyNoMount } from '../disk/small-disk.ts';
import { type Family, Tally } from '../family.ts';
import { StoreBrowser } from './browser.ts';
import { HITS, openSite, ROWS } from './site.ts';

const QUOTAS = { quick: 3, long: 20 };
const DISKS = { quick: 2, long: 12 };
/** Chromium's own profile and what the store needs of it. */
const DISK_BYTES = 160 * 1024 * 1024;

/** There was room enough: nothing was injected. */
const HELD = 'held all the same';

/** Loads with too little room, then with enough. @returns what went wrong, or what it came to */
async function loadTwice(
  browser: StoreBrowser,
  narrow: () => Promise<void>,
  widen: () => Promise<void>,
): Promise<{ wrong: string } | { came: string }> {
  await browser.fresh();
  await browser.step('sweep');
  await narrow();
  const load = await browser.step('load');
  const hold = 'value' in load ? await browser.step('hold') : load;
  const came = 'failed' in hold ? `${hold.failed} ${hold.detail}` : HELD;
  const hung = 'failed' in hold && (hold.failed === 'hang' || hold.failed === 'gone');
  await widen();
  if (hung) return { wrong: came };
  if ('failed' in hold && hold.failed !== 'storage-failed') return { wrong: `another failure: ${came}` };
  // What was said to be there is all there; what was not goes on from where it stood.
  if (!('value' in load)) {
    const again = await browser.step('load');
    if (!('value' in again) || again.value !== ROWS) return { wrong: `with room: ${JSON.stringify(again)}` };
  }
  const held = await browser.step('hold');
  if ('failed' in held) return { wrong: `with room: ${held.failed} ${held.detail} (before: ${came})` };
  const hits = await browser.step('search');
  if (!('value' in hits) || hits.value !== HITS) return { wrong: `with room found ${JSON.stringify(hits)}` };
  const wiped = await browser.step('wipe');
  if ('failed' in wiped) return { wrong: `wipe: ${wiped.failed}` };
  return { came };
}

export const storeQuota: Family = {
  name: 'quota of the store exceeded',
  async run({ quick, random, folder, progress }) {
    const total = quick ? QUOTAS.quick : QUOTAS.long;
    const tally = new Tally();
    const site = await openSite(folder);
    const browser = await StoreBrowser.open(join(folder, 'profile'), site.origin);
    try {
      for (let i = 0; i < total; i++) {
        // None at all means no limit to Chromium.
        const quota = 1 + Math.floor(random.next() * (i === 0 ? 1 : 1_500_000));
        // The quota counts for as long as who has set it stays.
        let session: CDPSession | undefined;
        const narrow = async () => {
          session = await browser.session();
          await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: quota });
        };
        const verdict = await loadTwice(browser, narrow, async () => session?.detach());
        if ('wrong' in verdict) tally.bad(`quota of ${quota} bytes: ${verdict.wrong}`);
        else if (verdict.came !== HELD) tally.good(verdict.came);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome('the real store in a page of its own');
    } finally {
      await browser.close();
      await site.close();
    }
  },
};

export const storeDisk: Family = {
  name: 'disk full under the browser',
  missing: whyNoMount,
  async run({ quick, random, folder, progress }) {
    const total = quick ? DISKS.quick : DISKS.long;
    const tally = new Tally();
    const site = await openSite(folder);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const unmount = mountSmall(disk, DISK_BYTES);
    const browser = await StoreBrowser.open(join(disk, 'profile'), site.origin);
    try {
      const ballast = join(disk, 'ballast');
      for (let i = 0; i < total; i++) {
        const room = i === 0 ? 0 : Math.floor(random.next() * 2_000_000);
        const fill = async () => {
          const { bavail, bsize } = statfsSync(disk);
          execFileSync('fallocate', ['-l', String(Math.max(1, bavail * bsize - room)), ballast]);
        };
        const verdict = await loadTwice(browser, fill, async () => rmSync(ballast, { force: true }));
        if ('wrong' in verdict) tally.bad(`${room} bytes left: ${verdict.wrong}`);
        else if (verdict.came !== HELD) tally.good(verdict.came);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome('the real store in a page of its own, profile on a small tmpfs');
    } finally {
      await browser.close();
      unmount();
      await site.close();
    }
  },
};
