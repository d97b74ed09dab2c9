/** Who looked at me: the customer sees every access on their own screen, an attempt from another counter too. */
import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { en as customerEn } from '../../renderer/customer/i18n/en.ts';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import { askFor, openCounter as openBareCounter } from '../central/tests/visit.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { Line } from './support/line.ts';
import { tapped, tapStaff } from './support/tap.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
const words = customerWords.accesses;
let counter: Counter;
test.afterEach(() => counter?.close());

const rows = (page: Page) => page.locator('.access');

test('not before identity has passed: no button, and the core refuses', async () => {
  counter = await openCounter();
  const { clerk, customer } = people(counter);
  await clerk.signIn();
  await playTo(counter, 'identity', { number });
  await expect(customer.button(words.button)).toHaveCount(0);
  const answer = await customer.page.evaluate(() =>
    (window as unknown as { zhiqing: PlaneApi<'customer'> }).zhiqing.call('accesses', { refusedOnly: false }),
  );
  expect(answer).toMatchObject({ ok: false, error: { kind: 'wrong-state' } });
  expect((await auditOf(counter.kiosk)).at(-1)).toMatchObject({ action: 'accesses-denied' });
});

test('a refused attempt from another counter is there; nothing of it reaches staff; the page stays as it was', async () => {
  counter = await openCounter();
  const other = await openBareCounter(counter.central, 'counter-0002', { id: '1025', pin: '135791' });
  await other.refused('lookup', {
    body: { lookupId: randomUUID(), consentId: randomUUID(), request: askFor(number) },
  });
  await tapStaff(counter.app);
  const { clerk, customer } = people(counter);
  const { page } = customer;
  await clerk.signIn();
  await playTo(counter, 'ticks', { number });
  const lookupTick = page.getByRole('checkbox', { name: customer.words.ticks.grants.lookup });
  await lookupTick.check({ force: true });

  await test.step('the attempt is named with hall, counter, staff number and reason', async () => {
    await customer.press(words.button);
    const refused = rows(page).filter({ hasText: words.what.lookup.refused });
    await expect(refused).toHaveCount(1);
    await expect(refused).toContainText('counter-0002');
    await expect(refused).toContainText('1025');
    await expect(refused).toContainText(words.reasons['consent-required']);
    await expect(rows(page).filter({ hasText: words.thisVisit })).toHaveCount(2);
    await expect(lookupTick).toBeHidden();
  });

  await test.step('only the refused ones', async () => {
    await page.getByRole('radio', { name: words.refusedOnly }).check({ force: true });
    await expect(rows(page)).toHaveCount(1);
  });

  await test.step('back to the ticks, with what was ticked', async () => {
    await customer.press(words.back);
    await expect(lookupTick).toBeChecked();
    await customer.tick(['lookup', 'release']);
    await customer.sign();
    await customer.phase('serving.reading');
  });

  await test.step('the lookup of this visit is there too', async () => {
    await customer.press(words.button);
    await expect(rows(page).filter({ hasText: '短信' }).first()).toBeVisible();
    await expect(rows(page).filter({ hasText: words.what.consent.allowed })).toHaveCount(1);
    await customer.press(words.back);
    await expect(page.getByRole('list', { name: customer.words.records.list })).toBeVisible();
  });

  await test.step('it is in the log, and nothing of it was bound for staff', async () => {
    const actions = (await auditOf(counter.kiosk)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'accesses-viewed').length).toBeGreaterThanOrEqual(3);
    const messages = await tapped(counter.app);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.filter((text) => text.includes('counter-0002') || text.includes('1025'))).toEqual([]);
  });

  await test.step('gone with the visit', async () => {
    await customer.press(words.button);
    await expect(rows(page).first()).toBeVisible();
    await clerk.page.keyboard.press('Alt+7');
    await clerk.button(clerk.words.visit.cancelYes).click();
    await customer.phase('ended');
    await expect(rows(page)).toHaveCount(0);
    await expect(customer.button(words.button)).toHaveCount(0);
  });
});

test('central is away: said and tried again (English)', async () => {
  const line = new Line('counter-0001');
  counter = await openCounter({
    settings: { language: 'en', timeoutSeconds: 5 },
    central: { intercept: line.intercept },
  });
  const { clerk, customer } = people(counter);
  await clerk.signIn();
  await playTo(counter, 'question', { number });
  line.cut();
  await customer.press(customerEn.accesses.button);
  await expect(customer.page.getByRole('alert').first()).toBeVisible();
  await expect(rows(customer.page)).toHaveCount(0);
  line.mend();
  await customer.press(customerEn.accesses.again);
  await expect(customer.page.getByText(customerEn.accesses.what['identity-check'].allowed)).toBeVisible();
});
