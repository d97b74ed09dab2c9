/** kill -9 of the renderer, and the end of its worker, while records are loaded, held, searched and erased. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Family, Tally } from '../family.ts';
import type { Random } from '../random.ts';
import { StoreBrowser } from './browser.ts';
import type { StepName } from './page/page.ts';
import { HITS, openSite, ROWS } from './site.ts';

const KILLS = { quick: 10, long: 130 };

const points = ['load', 'hold', 'search', 'wipe'] as const satisfies StepName[];
type Point = (typeof points)[number];

export const storeKills: Family = {
  name: 'kill -9 of a renderer, end of a worker',
  async run({ quick, random, folder, progress }) {
    const total = quick ? KILLS.quick : KILLS.long;
    const tally = new Tally();
    const site = await openSite(folder);
    const browser = await StoreBrowser.open(join(folder, 'profile'), site.origin);
    try {
      const took = await goodVisit(browser);
      for (let i = 0; i < total; i++) {
        const victim = i % 2 === 0 ? 'renderer' : 'worker';
        const point = points[(i >> 1) % points.length] ?? 'load';
        const wrong = await killAt(browser, victim, point, took[point], random);
        if (wrong === undefined) tally.good(`${victim} in ${point}`);
        else tally.bad(`${victim} in ${point}, kill ${i}: ${wrong}`);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome(`the real store over ${ROWS} rows in a page of its own`);
    } finally {
      await browser.close();
      await site.close();
    }
  },
};

/** One that nothing happens to. @returns how long each step takes, ms */
async function goodVisit(browser: StoreBrowser): Promise<Record<Point, number>> {
  await browser.fresh();
  const took: Record<Point, number> = { load: 0, hold: 0, search: 0, wipe: 0 };
  for (const point of points) {
    const started = performance.now();
    const result = await browser.step(point);
    if ('failed' in result) throw new Error(`a good visit: ${point} ${result.failed} ${result.detail}`);
    took[point] = performance.now() - started;
  }
  return took;
}

async function killAt(
  browser: StoreBrowser,
  victim: 'renderer' | 'worker',
  point: Point,
  took: number,
  random: Random,
): Promise<string | undefined> {
  await browser.fresh();
  // As every window does when it starts.
  await must(browser, 'sweep');
  for (const before of points.slice(0, points.indexOf(point))) await must(browser, before);
  const struck = browser.step(point);
  await delay(random.next() * took * 1.1);
  if (victim === 'renderer') {
    await browser.killRenderers();
    const result = await struck;
    // Told before the kill: the pages are gone, whatever comes after.
    const wiped = point === 'wipe' && 'value' in result;
    await browser.fresh();
    return afterwards(browser, wiped);
  }
  await browser.step('endWorker');
  const result = await struck;
  if ('failed' in result) {
    // Its window is told, and does not wait for somebody who is dead.
    if (result.failed === 'hang' || result.failed === 'gone') return `${point} came to ${result.failed}`;
    if (!['storage-failed', 'wrong-state'].includes(result.failed))
      return `${point} came to ${result.failed}`;
  }
  const wiped = await browser.step('wipe');
  if ('failed' in wiped) return `the wipe after it: ${wiped.failed} ${wiped.detail}`;
  const left = await browser.step('left');
  if (!('value' in left) || left.value !== 0)
    return `after the wipe there is something left: ${JSON.stringify(left)}`;
  return afterwards(browser, true);
}

/** What a start does: whatever is left goes, and everything is there again from central. */
async function afterwards(browser: StoreBrowser, clean: boolean): Promise<string | undefined> {
  const before = await browser.step('left');
  if (clean && !('value' in before && before.value === 0))
    return `told to be erased, and left: ${JSON.stringify(before)}`;
  const swept = await browser.step('sweep');
  if ('failed' in swept) return `the sweep: ${swept.failed} ${swept.detail}`;
  const left = await browser.step('left');
  if (!('value' in left) || left.value !== 0) return `left after the sweep: ${JSON.stringify(left)}`;
  const rows = await browser.step('load');
  if (!('value' in rows) || rows.value !== ROWS) return `loaded again: ${JSON.stringify(rows)}`;
  const hits = await browser.step('search');
  if (!('value' in hits) || hits.value !== HITS) return `found again: ${JSON.stringify(hits)}`;
  return undefined;
}

async function must(browser: StoreBrowser, step: StepName): Promise<void> {
  const result = await browser.step(step);
  if ('failed' in result) throw new Error(`${step}: ${result.failed} ${result.detail}`);
}
