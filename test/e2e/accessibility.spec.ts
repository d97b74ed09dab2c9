/** axe finds no violation on any screen of the story, in either window, in either language. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { type Counter, openCounter } from './support/counter.ts';
import { makeReport, saveReport } from './support/report.ts';
import { people, playTo } from './support/visit.ts';

let counter: Counter;
test.afterEach(() => counter.close());

async function expectAccessible(page: Page, what: string): Promise<void> {
  // Legacy mode: the other one opens a page of its own, which a kiosk refuses.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(found, what).toEqual([]);
}

for (const language of ['zh-CN', 'en'] as const)
  test(`no violation from idle to idle (${language})`, async () => {
    test.setTimeout(240_000);
    counter = await openCounter({ settings: { language } });
    const { clerk, customer } = people(counter);
    const both = async (stage: string) => {
      await expectAccessible(clerk.page, `staff ${stage}`);
      await expectAccessible(customer.page, `customer ${stage}`);
    };
    await both('idle');
    await clerk.signIn();
    await both('signed in');
    await playTo(counter, 'reading', { number: '13900010001', onStage: both });
    const list = customer.page.getByRole('list', { name: customer.words.records.list });
    await expect(list.locator('li[data-index]').first()).toBeVisible();
    await both('records');
    await customer.release(2);
    await expect(clerk.page.locator('blockquote')).toHaveCount(2);
    await both('released');
    await customer.press(customer.words.records.analysis);
    await expect(customer.page.getByText(customer.words.findings.working)).toBeHidden();
    await both('findings');
    await customer.press(customer.words.findings.back);
    await makeReport(customer);
    await both('report');
    await saveReport(customer);
    await both('receipt');
    await customer.press(customer.words.receipt.finish);
    await clerk.phase('serving.followUp');
    await both('follow-up');
    await clerk.close(clerk.words.close.phrases.none);
    await customer.phase('idle');
    await both('idle again');
  });
