/** kill -9 of core and renderers, and the end of a worker, in the whole app. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { zhCN as words } from '../../../renderer/customer/i18n/zh-CN.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo, type Stage } from '../../e2e/support/visit.ts';
import { judgeCentral, judgeDisk } from '../counter/judge.ts';
import { Ledger } from '../counter/ledger.ts';
import { type Family, Tally } from '../family.ts';
import type { Random } from '../random.ts';
import {
  call,
  inWindow,
  NUMBER,
  noteDisk,
  openScene,
  processesOf,
  type Scene,
  settled,
  shows,
} from './scene.ts';

const KILLS = { quick: 3, long: 36 };
const victims = ['core', 'renderers', 'worker'] as const;
const stages: readonly Stage[] = ['notice', 'identity', 'question', 'ticks', 'signature', 'reading'];

export const appKills: Family = {
  name: 'kill -9 in the whole app',
  async run({ quick, random, folder, progress }) {
    const total = quick ? KILLS.quick : KILLS.long;
    const tally = new Tally();
    const scene = await openScene(folder);
    const ledger = new Ledger();
    try {
      for (let i = 0; i < total; i++) {
        const victim = victims[i % victims.length] ?? 'core';
        // Two of three while there is most to lose.
        const stage = victim === 'worker' || random.chance(0.6) ? 'reading' : random.pick(stages);
        try {
          await kill(scene, victim, stage, random, ledger);
          tally.good(`${victim} at ${stage}`);
        } catch (error) {
          tally.bad(
            `kill ${i}, ${victim} at ${stage}: ${error instanceof Error ? error.message : String(error)}`,
          );
          await scene.counter.relaunch();
          await people(scene.counter).clerk.signIn();
        }
        progress(`${i + 1} of ${total}`);
      }
      await settled(scene.counter, scene.place);
      const wrong = [
        ...judgeDisk(scene.place, ledger),
        ...(await judgeCentral(scene.counter.central, ledger, scene.place)),
      ];
      tally.lost.push(...wrong.slice(0, 10));
      return tally.outcome('both windows');
    } finally {
      await scene.close();
    }
  },
};

async function kill(
  { counter, place }: Scene,
  victim: (typeof victims)[number],
  stage: Stage,
  random: Random,
  ledger: Ledger,
): Promise<void> {
  const { clerk, customer } = await playTo(counter, stage, { number: NUMBER });
  if (victim === 'core') {
    // While records are loaded or searched, or while they are erased.
    if (stage === 'reading') {
      if (random.chance(0.5)) await customer.page.getByLabel(words.records.search).fill('快递');
      else void customer.finish().catch(() => undefined);
      await delay(random.below(800));
    }
    noteDisk(place, ledger);
    const gone = once(counter.app.process(), 'exit');
    counter.app.process().kill('SIGKILL');
    await gone;
    await counter.relaunch();
    await shows(counter, 'customer', 'idle');
    const wrong = judgeDisk(place, ledger);
    if (wrong.length > 0) throw new Error(wrong.slice(0, 3).join('; '));
    await people(counter).clerk.signIn();
  } else if (victim === 'renderers') {
    const renderers = processesOf(counter).filter(({ command }) => command.includes('--type=renderer'));
    if (renderers.length === 0) throw new Error('no renderer was found');
    const phase = String((await call(counter, 'staff', 'getView')).value?.phase);
    for (const { pid } of renderers) process.kill(pid, 'SIGKILL');
    // Both windows are there again, where the visit stands.
    await shows(counter, 'staff', phase);
    await shows(counter, 'customer', phase);
    if (stage === 'reading') {
      const rows = () =>
        inWindow<number>(counter, 'customer', `document.querySelectorAll('li[data-index]').length`);
      await expect.poll(rows, { timeout: 60_000 }).toBeGreaterThan(0);
    }
    await call(counter, 'staff', 'cancel');
    await shows(counter, 'staff', 'ended');
    await call(counter, 'staff', 'acknowledge');
    await shows(counter, 'customer', 'idle');
    noteDisk(place, ledger);
    // The driver's own pages do not come back to life.
    await counter.relaunch();
    await people(counter).clerk.signIn();
  } else {
    const rows = customer.page.locator('li[data-index]');
    await expect(rows.first()).toBeVisible();
    for (const worker of customer.page.workers()) void worker.evaluate(() => close()).catch(() => undefined);
    // Said, and opened again.
    await customer.press(words.records.again);
    await expect(rows.first()).toBeVisible({ timeout: 60_000 });
    await customer.finish();
    await clerk.phase('serving.followUp');
    await clerk.close('无需后续');
    noteDisk(place, ledger);
  }
}
