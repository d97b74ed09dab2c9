/** Bit flips and cuts in the whole profile, Chromium's files among them: the app comes up, or says why not. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo } from '../../e2e/support/visit.ts';
import { entriesOnDisk } from '../counter/judge.ts';
import { type Damage, drawDamage, filesIn, inflict, wordsOf } from '../damage/damage.ts';
import { resetter } from '../damage/reset.ts';
import { type Family, Tally } from '../family.ts';
import { call, NUMBER, openScene, type Scene, settled, shows } from './scene.ts';

const DAMAGES = { quick: 4, long: 90 };
/** What the core writes; everything else in the profile is Chromium's. */
const CORES =
  /^(?:vault|identity|audit|outbox|day-list)\/|^(?:policy|clock|feed|settings-seen|counter)\.json$/;
/** Of one in so many starts a visit is played as well. */
const VISIT_EVERY = 6;

export const appDamage: Family = {
  name: 'damaged profile of the whole app',
  async run({ quick, random, folder, progress }) {
    const total = quick ? DAMAGES.quick : DAMAGES.long;
    const tally = new Tally();
    const scene = await openScene(folder);
    const { counter, place } = scene;
    try {
      // A visit, so that there is something of everything.
      const { clerk, customer } = await playTo(counter, 'reading', { number: NUMBER });
      await customer.finish();
      await clerk.phase('serving.followUp');
      await clerk.close('无需后续');
      await settled(counter, place);
      await counter.app.close();
      const whole = join(folder, 'whole');
      cpSync(place.userData, whole, { recursive: true, filter: isKept });
      const reset = await resetter(counter.central, place);
      const files = filesIn(whole);
      const [ours, chromiums] = [
        files.filter((one) => CORES.test(one)),
        files.filter((one) => !CORES.test(one)),
      ];
      for (let i = 0; i < total; i++) {
        const damage = drawDamage(whole, random.pick(i % 2 === 0 ? chromiums : ours), random);
        rmSync(place.userData, { recursive: true });
        cpSync(whole, place.userData, { recursive: true });
        inflict(place.userData, damage);
        await reset();
        try {
          tally.good(await startOn(scene, whole, damage, i % VISIT_EVERY === 0));
        } catch (error) {
          tally.bad(`${wordsOf(damage)}: ${error instanceof Error ? error.message : String(error)}`);
        }
        await counter.app.close();
        progress(`${i + 1} of ${total}`);
      }
      rmSync(place.userData, { recursive: true });
      cpSync(whole, place.userData, { recursive: true });
      await reset();
      return tally.outcome(`${ours.length} files of the core, ${chromiums.length} of Chromium`);
    } finally {
      await scene.close();
    }
  },
};

/** Locks and sockets of a run are no part of a profile. */
const isKept = (path: string) => !/Singleton|HostLock|\.lock$/.test(path);

/** Central's address in a profile. */
const addressIn = (userData: string): unknown =>
  JSON.parse(readFileSync(join(userData, 'counter.json'), 'utf8')).central.url;

/** @param whole the profile as it was @returns what it came to @throws Error when that is no good */
async function startOn(
  { counter, place }: Scene,
  whole: string,
  damage: Damage,
  visit: boolean,
): Promise<string> {
  try {
    await counter.relaunch();
  } catch {
    const said = await counter.refusal();
    if (/意外错误/.test(said)) throw new Error(`unexpected error: ${said.slice(0, 400)}`);
    const named = /[\u4e00-\u9fff][^\n]*\n[^\n]*(?:vault|audit|outbox|counter\.json|\.pem)[^\n]*/.exec(said);
    if (!named) throw new Error(`did not start, and said: ${said.slice(0, 400)}`);
    return 'refused by name';
  }
  await shows(counter, 'customer', 'idle');
  if (addressIn(place.userData) !== addressIn(whole)) {
    // A bit in its address, and central is somebody else, whom nobody hears: that the settings changed is what is said.
    const changes = (userData: string) =>
      entriesOnDisk(userData).filter(({ entry }) => entry.action === 'settings-changed').length;
    await expect.poll(() => changes(place.userData)).toBe(changes(whole) + 1);
    return 'stands, and logs that its settings changed';
  }
  const { clerk, customer } = people(counter);
  const status = async () => (await call(counter, 'staff', 'getStatus')).value ?? {};
  const repaired = ((await status()).repairs as { file: string }[]).length > 0;
  const { state } = (await status()).central as { state: string };
  if (state === 'not-enrolled') return 'stands, and wants a certificate';
  await clerk.signIn();
  if (visit) {
    await playTo(counter, 'reading', { number: NUMBER });
    await expect(customer.page.locator('li[data-index]').first()).toBeVisible();
    await customer.finish();
    await clerk.phase('serving.followUp');
    await clerk.close('无需后续');
  }
  if (!CORES.test(damage.file)) return 'came up, nothing lost';
  return repaired ? 'said and mended' : 'stands';
}
