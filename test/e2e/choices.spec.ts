/** What the customer refuses stays refused until they say otherwise; a new policy begins the reading anew. */
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { consentRecordSchema } from '../../shared/domain/consent.ts';
import type { GrantName } from '../../shared/domain/scope.ts';
import { type Counter, openCounter } from './support/counter.ts';
import type { Customer } from './support/customer.ts';
import { people, playTo, rightAnswer } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
/** Played when a consent has reached central and before it is judged. */
let beforeConsent: (() => Promise<void>) | undefined;
test.beforeEach(async () => {
  beforeConsent = undefined;
  counter = await openCounter({
    central: {
      intercept: async ({ method, url }) => {
        if (method === 'PUT' && url.startsWith('/v1/consents/')) await beforeConsent?.();
        return false;
      },
    },
  });
  await people(counter).clerk.signIn();
});
test.afterEach(() => counter?.close());

const { ticks } = customerWords;
const box = (customer: Customer, grant: GrantName) =>
  customer.page.getByRole('checkbox', { name: ticks.grants[grant] });
const changeOfMind = (grant: GrantName) => ticks.reconsiderOne.replace('{{grant}}', ticks.grants[grant]);

async function givenAtCentral(): Promise<string[]> {
  const { db } = counter.central.context;
  const { document } = await db.selectFrom('consents').select('document').executeTakeFirstOrThrow();
  const { processing } = consentRecordSchema.parse(JSON.parse(document));
  return processing.purposes.flatMap(({ purpose, given }) => (given ? [purpose] : []));
}

test('none is ticked beforehand; one refusal blocks nothing; a mind can be changed', async () => {
  const { customer } = await playTo(counter, 'ticks', { number });
  const boxes = customer.page.getByRole('checkbox');
  await expect(boxes).toHaveCount(7);
  for (const one of await boxes.all()) await expect(one).not.toBeChecked();
  await customer.tick(['lookup']);
  await customer.phase('serving.signature');

  await test.step('back again: nothing that was refused is asked', async () => {
    await customer.press(customerWords.signature.back);
    await customer.phase('serving.ticks');
    await expect(boxes).toHaveCount(1);
    await expect(box(customer, 'lookup')).toBeChecked();
    await expect(customer.page.getByText(ticks.declined)).toHaveCount(6);
  });
  await test.step('the customer changes their mind about one, and ticks it themself', async () => {
    await customer.press(changeOfMind('release'));
    await expect(box(customer, 'release')).not.toBeChecked();
    await customer.tick(['release']);
    await customer.sign();
    await customer.phase('serving.reading');
  });
  expect(await givenAtCentral()).toEqual(['lookup', 'release']);
});

test('a new policy in the middle: read, answer, tick and sign the new one', async () => {
  const { clerk, customer } = await playTo(counter, 'signature', { number, grants: ['lookup', 'analysis'] });
  await counter.central.publishPolicy((policy) => ({ ...policy, consentMinutes: 30 }));

  await test.step('said on both screens, and the reading begins anew', async () => {
    await customer.phase('serving.notice', 60_000);
    await expect(customer.page.getByText(customerWords.notice.renewed)).toBeVisible();
    await expect(clerk.page.getByText(staffWords.visit.renewed)).toBeVisible();
  });
  await customer.readNotice();
  // Identity stands: the new policy asks for the same proofs.
  await customer.answer(rightAnswer(counter.language));
  await customer.phase('serving.ticks');
  await expect(box(customer, 'lookup')).not.toBeChecked();
  await expect(box(customer, 'release')).toHaveCount(0);
  await customer.tick(['lookup']);
  await customer.sign();
  await customer.phase('serving.reading');
  expect(await givenAtCentral()).toEqual(['lookup']);
  const { db } = counter.central.context;
  const { document } = await db.selectFrom('consents').select('document').executeTakeFirstOrThrow();
  expect(consentRecordSchema.parse(JSON.parse(document)).processing.privacyNotice.policyVersion).toBe(2);
});

test('a policy that changes at the last moment: central does not take the old signature', async () => {
  const { customer } = await playTo(counter, 'signature', { number, grants: ['lookup'] });
  // Signed before the counter has heard of it: the policy changes while the consent is on its way.
  beforeConsent = async () => {
    beforeConsent = undefined;
    await counter.central.publishPolicy((policy) => ({ ...policy, consentMinutes: 30 }));
  };
  await customer.sign();
  await customer.phase('serving.notice', 60_000);
  await expect(customer.page.getByText(customerWords.notice.renewed)).toBeVisible();
  expect(await counter.central.context.db.selectFrom('consents').select('id').execute()).toEqual([]);
});

test('a notice past its review is not used, and both are told', async () => {
  await counter.central.publishPolicy((policy) => ({ ...policy, reviewBy: policy.validFrom }));
  const { clerk, customer } = people(counter);
  await clerk.start({ number });
  await clerk.phase('serving.prepareFailed');
  await expect(customer.page.getByText(customerWords.failure.titles.prepare)).toBeVisible();
});
