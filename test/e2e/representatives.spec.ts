/** Guardian, agent, relative of the deceased: each its own path, each named on every piece of evidence. */
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { zhCN as commonWords } from '../../renderer/ui/i18n/zh-CN.ts';
import { consentRecordSchema } from '../../shared/domain/consent.ts';
import type { RepresentativeKind } from '../../shared/domain/representation.ts';
import { representative } from '../central/tests/visit.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { people, playTo } from './support/visit.ts';

const numbers: Record<RepresentativeKind, string> = {
  guardian: '13900010006',
  agent: '13900010001',
  relative: '13900010002',
};
let counter: Counter;
test.beforeEach(async () => {
  counter = await openCounter();
  await people(counter).clerk.signIn();
});
test.afterEach(() => counter?.close());

for (const kind of ['guardian', 'agent', 'relative'] as const)
  test(`a visit by a ${kind}`, async () => {
    const representation = representative(kind);
    const name = representation.kind === 'self' ? '' : representation.name;
    const plan = { number: numbers[kind], representation, grants: ['lookup', 'release'] as const };
    const { clerk, customer } = await playTo(counter, 'signature', {
      ...plan,
      onStage: async (stage) => {
        // In whose name, before anything else, and again above the signature.
        if (stage === 'request' || stage === 'signature')
          await expect(customerOf().getByText(name, { exact: false }).first()).toBeVisible();
      },
    });
    await customer.sign();
    if (kind === 'relative') {
      await customer.phase('serving.witnessing.waiting');
      await expect(customer.page.getByText(customerWords.witnessing.signature)).toBeVisible();
      await clerk.witness();
    }
    await customer.phase('serving.reading');

    const { db } = counter.central.context;
    const { document } = await db.selectFrom('consents').select('document').executeTakeFirstOrThrow();
    const consent = consentRecordSchema.parse(JSON.parse(document));
    expect(consent.representation).toEqual(representation);
    expect(consent.events[0]?.by).toBe('representative');
    expect(consent.parties.find(({ role }) => role === 'representative')?.id).toBe(name);
    expect(consent.signature.witnesses?.length ?? 0).toBe(kind === 'relative' ? 2 : 0);

    await test.step('the day list says it; no log holds a name or the number of a paper', async () => {
      await customer.finish();
      await clerk.phase('serving.followUp');
      await clerk.close('无需后续');
      await clerk.button(staffWords.top.dayList).click();
      await expect(
        clerk.page.locator('.staff-days').getByText(commonWords.representation[kind]).first(),
      ).toBeVisible();
      const log = JSON.stringify(await auditOf(counter.kiosk));
      expect(log).toContain('representative-noted');
      for (const secret of [name, '编号-']) expect(log).not.toContain(secret);
    });
  });

const customerOf = () => counter.customer;

test('a child alone is sent for a guardian, and nobody poses as one for an adult', async () => {
  const { clerk, customer } = await playTo(counter, 'notice', { number: numbers.guardian });
  await customer.readNotice();
  await customer.phase('serving.identity.challengeFailed');
  await expect(clerk.page.getByText(commonWords.errors['representation-refused'].what)).toBeVisible();
  await clerk.cancel();
  await clerk.phase('ended');
  await clerk.acknowledge();
  const again = await playTo(counter, 'notice', {
    number: numbers.agent,
    representation: representative('guardian'),
  });
  await again.customer.readNotice();
  await again.customer.phase('serving.identity.challengeFailed');
});

test('a form without the papers does not start', async () => {
  const { clerk } = people(counter);
  await clerk.fill({ number: numbers.agent });
  await clerk.page.getByRole('radio', { name: commonWords.representation.agent, exact: true }).check();
  await clerk.button(staffWords.request.submit).click();
  await expect(clerk.page.getByText(staffWords.request.nameWrong)).toBeVisible();
  await expect(clerk.page.getByText(staffWords.request.documentWrong).first()).toBeVisible();
  await clerk.phase('idle');
});
