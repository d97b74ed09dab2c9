/** One display: the screen is the customer's until they hand it back; a staff PIN returns it. */
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { demoStaff } from './support/clerk.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import type { Customer } from './support/customer.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
test.beforeEach(async () => {
  counter = await openCounter({ displays: 'handover' });
  await people(counter).clerk.signIn();
});
test.afterEach(() => counter?.close());

/** Which windows are on the display. */
const visible = () =>
  counter.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .filter((window) => window.isVisible())
      .map((window) => /\/(staff|customer)\//.exec(window.webContents.getURL())?.[1]),
  );

async function handBack(customer: Customer, pin: string): Promise<void> {
  const field = customer.page.getByLabel(customerWords.handBack.pin);
  if (!(await field.isVisible())) await customer.page.getByRole('button', { name: /交还/ }).first().click();
  await field.fill(pin);
  await customer.press(customerWords.handBack.confirm);
}

test('a whole visit on one screen', async () => {
  await expect.poll(visible).toEqual(['staff']);
  const { clerk, customer } = await playTo(counter, 'request', { number });
  await clerk.button(staffWords.top.handOver).first().click();
  await expect.poll(visible).toEqual(['customer']);

  await test.step('a wrong PIN does not return the screen', async () => {
    await handBack(customer, '111111');
    await expect(customer.page.getByText(customerWords.handBack.wrong.replace('{{n}}', '4'))).toBeVisible();
    expect(await visible()).toEqual(['customer']);
  });

  await test.step('the right one does, and what the customer had is not on the staff window', async () => {
    await handBack(customer, demoStaff.pin);
    await expect.poll(visible).toEqual(['staff']);
    await expect(customer.page.getByText(customerWords.blank)).toBeVisible();
    await clerk.button(staffWords.top.handOver).first().click();
    await expect.poll(visible).toEqual(['customer']);
  });

  await test.step('the customer refuses, hands back, the next one can come', async () => {
    await customer.press(customerWords.request.refuse);
    await customer.phase('ended');
    await handBack(customer, demoStaff.pin);
    await expect.poll(visible).toEqual(['staff']);
    await clerk.acknowledge();
  });

  const actions = (await auditOf(counter.kiosk)).map((entry) => entry.action);
  expect(actions).toContain('screen-handed-over');
  expect(actions).toContain('screen-return-refused');
  expect(actions).toContain('screen-returned');
});
