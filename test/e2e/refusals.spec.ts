/** The customer says no, fails, or leaves: the visit ends politely and nothing is looked up. */
import { expect, type Page, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import type { Outcome } from '../../shared/domain/case.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { type People, people, playTo, proofOf, wrongAnswer } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
test.afterEach(() => counter?.close());

/** Both windows say how it ended; no lookup was made; the clerk goes on to the next customer. */
async function endedWith(outcome: Outcome, { clerk, customer }: People, visits = 1): Promise<void> {
  await clerk.phase('ended');
  await expect(clerk.page.getByText(staffWords.ended.why[outcome])).toBeVisible();
  await expect(customer.page.getByText(customerWords.farewell.outcomes[outcome].body)).toBeVisible();
  const actions = (await auditOf(counter.kiosk)).map((entry) => entry.action);
  expect(actions).not.toContain('lookup-answered');
  expect(actions.filter((action) => action === 'session-ended')).toHaveLength(visits);
  await clerk.acknowledge();
  await customer.phase('idle');
}

test.describe('with all the time in the world', () => {
  test.beforeEach(async () => {
    counter = await openCounter();
    await people(counter).clerk.signIn();
  });

  test('refuses at the request', async () => {
    const both = await playTo(counter, 'request', { number });
    await both.customer.press(customerWords.request.refuse);
    await endedWith('refused', both);
  });

  test('refuses after the notice', async () => {
    const both = await playTo(counter, 'notice', { number });
    await both.customer.press(customerWords.notice.refuse);
    await endedWith('refused', both);
  });

  test('refuses at the ticks', async () => {
    const both = await playTo(counter, 'ticks', { number });
    await both.customer.press(customerWords.ticks.refuse);
    await endedWith('refused', both);
  });

  test('without the lookup ticked there is nothing to sign', async () => {
    const { customer } = await playTo(counter, 'ticks', { number });
    await customer.tick(['analysis']);
    await expect(customer.page.getByText(customerWords.ticks.needLookup)).toBeVisible();
    await customer.phase('serving.ticks');
  });

  test('the number is not the customer’s', async () => {
    const both = await playTo(counter, 'request', { number: '13900010002' });
    await both.customer.press(customerWords.request.notMine);
    await endedWith('not-my-number', both);
  });

  test('another person’s number does not open with one’s own password', async () => {
    const both = await playTo(counter, 'identity', { number: '13900010002' });
    const mine = counter.central.secrets(number).servicePassword;
    await both.customer.prove({ password: mine, code: proofOf(counter, '13900010002').code });
    await expect(both.customer.page.getByText(customerWords.identity.wrong)).toBeVisible();
    await both.customer.phase('serving.identity.entering');
  });

  test('wrong password until no try is left', async () => {
    const both = await playTo(counter, 'identity', { number });
    const tries = await triesLeft(both.customer.page);
    for (let left = tries; left > 0; left--) {
      await both.customer.prove({ password: '000000', code: proofOf(counter, number).code });
      if (left > 1) await expect.poll(() => triesLeft(both.customer.page)).toBe(left - 1);
    }
    await endedWith('identity-failed', both);
    await both.clerk.start({ number });
    await both.customer.accept();
    await both.customer.readNotice();
    await endedWith('identity-failed', both, 2);
  });

  test('wrong answers until no try is left, with the passage shown in between', async () => {
    const both = await playTo(counter, 'question', { number });
    const { questionTries } = await counter.central.context.policies.inForce();
    for (let left = questionTries; left > 0; left--) {
      await both.customer.answer(wrongAnswer);
      if (left > 1) await expect(both.customer.page.getByText(customerWords.question.wrong)).toBeVisible();
    }
    await endedWith('not-understood', both);
  });

  test('stops and leaves while reading; the records are wiped', async () => {
    const { clerk, customer } = await playTo(counter, 'reading', { number });
    await customer.press(customerWords.frame.stop);
    await customer.page
      .getByRole('dialog')
      .getByRole('button', { name: customerWords.stopDialog.confirm })
      .click();
    await clerk.phase('ended');
    const actions = (await auditOf(counter.kiosk)).map((entry) => entry.action);
    expect(actions).toContain('keys-destroyed');
    await clerk.acknowledge();
    await customer.phase('idle');
  });

  test('the clerk ends the visit', async () => {
    const both = await playTo(counter, 'notice', { number });
    await both.clerk.cancel();
    await endedWith('cancelled-by-staff', both);
  });
});

test('walks away: asked, then ended quietly', async () => {
  counter = await openCounter({ settings: { presence: { idleSeconds: 2, lastCallSeconds: 2 } } });
  await people(counter).clerk.signIn();
  const { clerk, customer } = people(counter);
  await clerk.start({ number });
  await customer.phase('serving.request');
  const stillThere = customer.page.getByRole('button', { name: customerWords.presence.here });
  await stillThere.click();
  await customer.phase('serving.request');
  await expect(stillThere).toBeVisible();
  await endedWith('abandoned', { clerk, customer });
});

/** Tries left as the identity page says. */
async function triesLeft(page: Page): Promise<number> {
  const text = await page.getByText(/还可以试 \d+ 次/).textContent();
  return Number(/\d+/.exec(text ?? '')?.[0]);
}
