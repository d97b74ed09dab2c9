/** Central goes away behind the first rows: they stay, it is said what is missing, and it comes when it can. */
import { expect, test } from '@playwright/test';
import { zhCN as words } from '../../renderer/customer/i18n/zh-CN.ts';
import { errorCodes } from '../../shared/domain/errors.ts';
import { countHeld, countShown } from './demo/count.ts';
import { type Counter, openCounter } from './support/counter.ts';
import { people, playTo } from './support/visit.ts';

/** Six pages of content. */
const MESSAGES = 3_000;
const heavy = '13900010005';

let counter: Counter;
let isAway = false;
test.beforeEach(async () => {
  isAway = false;
  counter = await openCounter({
    settings: { timeoutSeconds: 2 },
    central: {
      heavyMessages: MESSAGES,
      intercept: (request, reply) => {
        // The newest page comes with the metadata.
        if (!isAway || !/\/pages\/content\/[0-4](-[0-4])?$/.test(request.url)) return false;
        reply.raw.destroy();
        return true;
      },
    },
  });
  await people(counter).clerk.signIn();
});
test.afterEach(() => counter?.close());

test('content that does not come is said on the customer’s screen, and comes when asked again', async () => {
  isAway = true;
  const { customer, clerk } = await playTo(counter, 'reading', { number: heavy });
  const rows = customer.page.locator('li[data-index]');
  await expect(rows.first()).toBeVisible();
  const trouble = customer.page.getByRole('alert');
  await expect(trouble).toContainText(words.records.restMissing);
  await expect(trouble).toContainText(errorCodes['central-unreachable']);
  // What is there stays readable, and staff's counts do not depend on it.
  await expect(rows.first()).toBeVisible();
  await expect(clerk.page.getByText(/已核对：3,000 条，完整无缺/)).toBeVisible();
  expect((await countHeld(customer.page)).content).toBeLessThan(MESSAGES);

  // A search over what is not there finds nothing less in silence: it is refused, and said.
  await customer.page.getByLabel(words.records.search).fill('快递');
  await expect(trouble.first()).toContainText(errorCodes['central-unreachable']);

  isAway = false;
  await customer.press(words.records.again);
  await expect(trouble).toHaveCount(0);
  await expect.poll(() => countHeld(customer.page)).toEqual({ metadata: MESSAGES, content: MESSAGES });
  await customer.page.getByLabel(words.records.search).fill('');
  await expect(customer.page.getByText(/找到/)).toHaveCount(0);
  expect(await countShown(customer.page)).toBe(MESSAGES);
});

test('a visit that ends while the rest is missing leaves nothing', async () => {
  isAway = true;
  const { customer, clerk } = await playTo(counter, 'reading', { number: heavy });
  await expect(customer.page.getByRole('alert')).toContainText(words.records.restMissing);
  await customer.finish();
  await clerk.phase('serving.followUp');
  await clerk.close('无需后续');
  await customer.phase('idle');
  expect(await countHeld(customer.page)).toEqual({ metadata: 0, content: 0 });
  // The next visit is not told of it.
  isAway = false;
  await playTo(counter, 'reading', { number: heavy });
  await expect(customer.page.locator('li[data-index]').first()).toBeVisible();
  await expect.poll(() => countHeld(customer.page)).toEqual({ metadata: MESSAGES, content: MESSAGES });
  await expect(customer.page.getByRole('alert')).toHaveCount(0);
});
