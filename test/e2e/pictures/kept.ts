/** What is kept for a case, in pictures: the tick, sealing, the list, coming back, the end of it. */
import { expect } from '../support/expect.ts';
import { comeBack, keeping, openList, proveAgain } from '../support/held.ts';
import { playTo } from '../support/visit.ts';
import type { Scene } from './others.ts';

const NUMBER = '13900010001';

export async function kept(scene: Scene): Promise<void> {
  const { counter, clerk, customer, theirs, ours, both } = scene;
  const { words } = customer;
  await playTo(counter, 'ticks', { number: NUMBER });
  await customer.page.getByText(words.ticks.grants.keep, { exact: true }).scrollIntoViewIfNeeded();
  await theirs.take(customer.page, 'keep-tick');
  await customer.tick(keeping);
  await customer.draw();
  await customer.press(words.signature.sign);
  await customer.phase('serving.reading');
  await expect(customer.page.getByText(words.kept.stop)).toBeVisible();
  await expect(clerk.page.locator('.staff-chart canvas')).toBeVisible();
  await both('keep-reading');
  await customer.press(words.records.finish);
  await theirs.take(customer.page, 'keep-finish');
  await customer.press(words.kept.finishKeepConfirm);
  await customer.phase('serving.followUp');
  await both('keep-sealed');
  await clerk.close(clerk.words.close.phrases.bill);
  await customer.phase('idle');
  await openList({ clerk, customer });
  await ours.take(clerk.page, 'kept-list');
  await comeBack({ clerk, customer });
  await customer.phase('serving.request');
  await both('kept-request');
  await proveAgain(counter, { clerk, customer }, NUMBER);
  await customer.phase('serving.reading');
  await expect(customer.page.locator('.row-text').first()).toBeVisible();
  await both('kept-reading');
  await customer.press(words.kept.stop);
  await theirs.take(customer.page, 'kept-stop');
  await customer.page.getByRole('dialog').getByRole('button', { name: words.kept.stopConfirm }).click();
  await clerk.phase('ended');
  await both('kept-destroyed');
  await clerk.acknowledge();
}
