/** The machine sleeps while a customer reads: the visit goes on, and what was withdrawn meanwhile is gone. */
import { setTimeout as delay } from 'node:timers/promises';
import { zhCN as words } from '../../../renderer/customer/i18n/zh-CN.ts';
import { expect } from '../../e2e/support/expect.ts';
import { playTo } from '../../e2e/support/visit.ts';
import { type Family, Tally } from '../family.ts';
import { call, NUMBER, openScene, processesOf, type Scene } from './scene.ts';

const SLEEPS = { quick: 2, long: 16 };

export const suspendedApp: Family = {
  name: 'whole app suspended and resumed',
  async run({ quick, random, folder, progress }) {
    const total = quick ? SLEEPS.quick : SLEEPS.long;
    const tally = new Tally();
    const scene = await openScene(folder);
    try {
      for (let i = 0; i < total; i++) {
        const withdrawn = i % 2 === 0;
        try {
          await sleep(scene, withdrawn, random.below(quick ? 2_000 : 15_000));
          tally.good(withdrawn ? 'withdrawn meanwhile' : 'went on');
        } catch (error) {
          tally.bad(`sleep ${i}: ${error instanceof Error ? error.message : String(error)}`);
          await leave(scene);
        }
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome("both windows, by SIGSTOP of all processes and the system's word that it woke");
    } finally {
      await scene.close();
    }
  },
};

async function sleep({ counter }: Scene, withdrawn: boolean, ms: number): Promise<void> {
  const { clerk, customer } = await playTo(counter, 'reading', { number: NUMBER });
  const rows = customer.page.locator('li[data-index]');
  await expect(rows.first()).toBeVisible();
  const code = withdrawn ? String((await call(counter, 'customer', 'openProof')).value?.withdrawalCode) : '';
  const processes = processesOf(counter);
  for (const { pid } of processes) process.kill(pid, 'SIGSTOP');
  try {
    if (withdrawn && !(await counter.central.withdrawByCode(code))) throw new Error('nothing was withdrawn');
    await delay(ms);
  } finally {
    for (const { pid } of processes) process.kill(pid, 'SIGCONT');
  }
  await counter.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  if (withdrawn) {
    await clerk.phase('ended');
    await expect(rows).toHaveCount(0);
    await clerk.acknowledge();
    return;
  }
  await customer.page.getByLabel(words.records.search).fill('快递');
  await expect(customer.page.getByText(/找到/).first()).toBeVisible();
  await customer.page.getByLabel(words.records.search).fill('');
  await customer.finish();
  await clerk.phase('serving.followUp');
  await clerk.close('无需后续');
}

/** Back to where the next one can begin. */
async function leave({ counter }: Scene): Promise<void> {
  await call(counter, 'staff', 'cancel');
  await call(counter, 'staff', 'acknowledge');
}
