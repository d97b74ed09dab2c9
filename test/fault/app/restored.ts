/** An old profile put back under the whole app: the browser's part, the core's part, or both. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo } from '../../e2e/support/visit.ts';
import { filesIn } from '../damage/damage.ts';
import { type Family, Tally } from '../family.ts';
import { call, inWindow, NUMBER, openScene, type Scene, shows } from './scene.ts';

/** What the core writes; everything else in the profile is Chromium's. */
const CORES = /^(?:vault|identity|audit|outbox|day-list)\/|^(?:policy|clock|feed|settings-seen)\.json$/;
const isKept = (path: string) => !/Singleton|HostLock|\.lock$/.test(path);
const parts = ['browser', 'core', 'both'] as const;

export const restoredApp: Family = {
  name: 'old profile of the whole app put back',
  async run({ quick, folder, progress }) {
    const tally = new Tally();
    const scene = await openScene(folder);
    const { counter, place } = scene;
    try {
      // The copy is made while a customer reads: their pages lie in the browser's part.
      const { customer } = await playTo(counter, 'reading', { number: NUMBER });
      await expect(customer.page.locator('li[data-index]').first()).toBeVisible();
      const proof = await call(counter, 'customer', 'openProof');
      const old = join(folder, 'old');
      cpSync(place.userData, old, { recursive: true, filter: isKept });
      await counter.central.withdrawByCode(String(proof.value?.withdrawalCode));
      await people(counter).clerk.phase('ended');
      await people(counter).clerk.acknowledge();
      await counter.app.close();
      const now = join(folder, 'now');
      cpSync(place.userData, now, { recursive: true, filter: isKept });
      for (const part of quick ? (['browser', 'both'] as const) : parts) {
        put(place.userData, now, old, part);
        try {
          tally.good(await startOn(scene, part));
        } catch (error) {
          tally.bad(`${part}: ${error instanceof Error ? error.message : String(error)}`);
        }
        await counter.app.close();
        progress(part);
      }
      put(place.userData, now, old, 'none');
      return tally.outcome(
        'both windows, copied while a customer read under a consent that was then withdrawn',
      );
    } finally {
      await scene.close();
    }
  },
};

/** The profile as it is now, with a part of the old one in its place. */
function put(userData: string, now: string, old: string, part: (typeof parts)[number] | 'none'): void {
  rmSync(userData, { recursive: true, force: true });
  cpSync(now, userData, { recursive: true });
  for (const file of filesIn(userData)) if (isOf(file, part)) rmSync(join(userData, file));
  for (const file of filesIn(old)) if (isOf(file, part)) cpSync(join(old, file), join(userData, file));
}

function isOf(file: string, part: (typeof parts)[number] | 'none'): boolean {
  if (part === 'none' || file === 'counter.json') return false;
  return part === 'both' || CORES.test(file) === (part === 'core');
}

async function startOn({ counter }: Scene, part: (typeof parts)[number]): Promise<string> {
  try {
    await counter.relaunch();
  } catch {
    const said = await counter.refusal();
    if (part !== 'browser' && /审计日志不完整/.test(said)) return `${part}: refused by name`;
    throw new Error(`did not start, and said: ${said.slice(0, 400)}`);
  }
  await shows(counter, 'customer', 'idle');
  // Nothing of the old pages is there for a script to find.
  for (const plane of ['staff', 'customer'] as const) {
    const left = await inWindow<number>(counter, plane, LEFT);
    if (left !== 0) throw new Error(`${left} things are left in the ${plane} window's storage`);
  }
  if (part === 'browser') {
    await people(counter).clerk.signIn();
    await playTo(counter, 'notice', { number: NUMBER });
    await call(counter, 'staff', 'cancel');
    return 'browser: nothing left, and it serves';
  }
  const signIn = async () => {
    const answer = await call(counter, 'staff', 'signIn', { staffId: '1024', pin: '246810' });
    if (answer.ok) throw new Error('a clerk signed in');
    return answer.error?.kind;
  };
  await expect.poll(signIn, { timeout: 60_000 }).toBe('audit-failed');
  return `${part}: nobody signs in`;
}

const LEFT = `(async () => {
  let files = 0;
  for await (const _ of (await navigator.storage.getDirectory()).keys()) files += 1;
  return files + (await indexedDB.databases()).length;
})()`;
