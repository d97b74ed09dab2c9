/** Who cannot sign makes a mark: it counts once a second member of staff has seen it. */
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { zhCN as commonWords } from '../../renderer/ui/i18n/zh-CN.ts';
import { consentRecordSchema } from '../../shared/domain/consent.ts';
import { demoStaff, demoWitness } from './support/clerk.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
test.afterEach(() => counter?.close());

/** The one consent that central holds. */
async function consentAtCentral() {
  const { db } = counter.central.context;
  const { document } = await db.selectFrom('consents').select('document').executeTakeFirstOrThrow();
  return consentRecordSchema.parse(JSON.parse(document));
}

test('a mark, with a witness who is somebody else and knows their PIN', async () => {
  counter = await openCounter();
  await people(counter).clerk.signIn();
  const { clerk, customer } = await playTo(counter, 'signature', { number });

  await test.step('an empty pad is no mark', async () => {
    await customer.press(customerWords.signature.cannot);
    await customer.press(customerWords.signature.cannotMark);
    await customer.phase('serving.mark');
    await customer.press(customerWords.mark.done);
    await expect(customer.page.getByText(customerWords.mark.empty)).toBeVisible();
    await customer.press(customerWords.mark.back);
  });
  await customer.mark();
  await customer.phase('serving.witnessing.waiting');
  await expect(customer.page.getByText(customerWords.witnessing.mark)).toBeVisible();

  await test.step('not the clerk who serves, nobody with a wrong PIN', async () => {
    await clerk.witness(demoStaff);
    await expect(clerk.page.getByText(staffWords.witness.same)).toBeVisible();
    await clerk.witness({ id: demoWitness.id, pin: '000000' });
    await expect(clerk.page.getByText(commonWords.errors['witness-refused'].what)).toBeVisible();
    await customer.phase('serving.witnessing.waiting');
  });
  await clerk.witness();
  await customer.phase('serving.reading');

  const { signature, parties } = await consentAtCentral();
  expect(signature.method).toBe('witnessed-mark');
  expect(signature.witnesses?.map(({ staffId }) => staffId)).toEqual([demoStaff.id, demoWitness.id]);
  expect(parties.find(({ role }) => role === 'witness')?.id).toBe(demoWitness.id);
  await expect(clerk.page.getByText(staffWords.visit.mark)).toBeVisible();
  const actions = (await auditOf(counter.kiosk)).map(({ action }) => action);
  expect(actions.indexOf('mark-witnessed')).toBeLessThan(actions.indexOf('consent-signed'));
  expect(actions).toContain('staff-sign-in-refused');
});

test('on one screen: handed back for the witness, then to the customer again', async () => {
  counter = await openCounter({ displays: 'handover' });
  const { clerk, customer } = people(counter);
  await clerk.signIn();
  const give = () => clerk.button(staffWords.top.handOver).first().click();
  const plan = { number, onStage: async (stage: string) => (stage === 'request' ? give() : undefined) };
  await playTo(counter, 'signature', plan);
  await customer.mark();
  await expect(customer.page.getByText(customerWords.witnessing.handOver)).toBeVisible();
  await customer.press(customerWords.handBack.button);
  await customer.page.getByLabel(customerWords.handBack.pin).fill(demoStaff.pin);
  await customer.press(customerWords.handBack.confirm);
  await clerk.witness();
  await clerk.phase('serving.reading');
  await give();
  await customer.phase('serving.reading');
  expect((await consentAtCentral()).signature.method).toBe('witnessed-mark');
});
