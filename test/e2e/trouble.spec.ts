/** Central is away or wrong, periods are empty or too long: a clear message, what to do, nothing lost. */
import { expect, test } from '@playwright/test';
import type { FastifyReply } from 'fastify';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { zhCN as commonWords } from '../../renderer/ui/i18n/zh-CN.ts';
import { type ErrorKind, errorCodes } from '../../shared/domain/errors.ts';
import { addDays, dayOf, monthsBefore } from '../../shared/domain/period.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { evidenceFolder, makeReport, saveReport } from './support/report.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
const today = dayOf(Date.now());
let counter: Counter;
/** What central does to requests whose path contains a word; everything else passes. */
let fault: { path: string; act: (reply: FastifyReply) => void } | undefined;

test.beforeEach(async () => {
  fault = undefined;
  counter = await openCounter({
    settings: { timeoutSeconds: 2 },
    central: {
      intercept: (request, reply) => {
        if (!fault || !request.url.includes(fault.path)) return false;
        fault.act(reply);
        return true;
      },
    },
  });
  await people(counter).clerk.signIn();
});
test.afterEach(() => counter?.close());

const faults: [string, ErrorKind, (reply: FastifyReply) => void][] = [
  ['cuts the line', 'central-unreachable', (reply) => reply.raw.destroy()],
  ['does not answer', 'central-unreachable', () => undefined],
  ['answers 500', 'central-failed', (reply) => void reply.code(500).send('broken')],
  ['answers garbage', 'central-garbage', (reply) => void reply.type('application/json').send('{"half":')],
  [
    'answers something else',
    'central-garbage',
    (reply) => void reply.type('application/json').send('{"yes":1}'),
  ],
  ['answers 404 without a word', 'central-refused', (reply) => void reply.code(404).send('')],
];

for (const [what, kind, act] of faults)
  test(`central ${what} when the consent is submitted: kept, said, and sent again`, async () => {
    const { clerk, customer } = await playTo(counter, 'signature', { number });
    fault = { path: '/v1/consents', act };
    await customer.sign();
    await clerk.phase('serving.submitFailed');
    await expect(clerk.page.getByText(errorCodes[kind]).first()).toBeVisible();
    await expect(customer.page.getByText(customerWords.failure.safe.submit)).toBeVisible();
    const signed = (await auditOf(counter.kiosk)).filter((entry) => entry.action === 'consent-signed');
    expect(signed).toHaveLength(1);
    fault = undefined;
    // Staff can always try again; the customer only where that is likely to help.
    await clerk.button(commonWords.error.retry).click();
    await customer.phase('serving.reading');
    // The same consent was sent again: signed once, accepted once.
    const actions = (await auditOf(counter.kiosk)).map((entry) => entry.action);
    expect(actions.filter((action) => action === 'consent-signed')).toHaveLength(1);
    expect(actions.filter((action) => action === 'consent-accepted')).toHaveLength(1);
  });

test('the consent went by itself before anybody asked again: accepted once, and the visit goes on', async () => {
  const { clerk, customer } = await playTo(counter, 'signature', { number });
  const accepted = async () =>
    (await auditOf(counter.kiosk)).filter((entry) => entry.action === 'consent-accepted').length;
  fault = { path: '/v1/consents', act: (reply) => void reply.code(500).send('broken') };
  await customer.sign();
  await clerk.phase('serving.submitFailed');
  fault = undefined;
  await expect.poll(accepted, { timeout: 30_000 }).toBe(1);
  await clerk.button(commonWords.error.retry).click();
  await customer.phase('serving.reading');
  expect(await accepted()).toBe(1);
});

test('central is silent before the visit begins: it begins with the policy held', async () => {
  const { clerk, customer } = people(counter);
  fault = { path: '/v1/policy', act: (reply) => reply.raw.destroy() };
  await clerk.start({ number });
  await customer.accept();
  await customer.readNotice();
  await customer.phase('serving.identity.entering');
});

test('central fails before the visit begins: said, nothing is asked of the customer', async () => {
  const { clerk, customer } = people(counter);
  fault = { path: '/v1/policy', act: (reply) => void reply.code(500).send('broken') };
  await clerk.start({ number });
  await clerk.phase('serving.prepareFailed');
  await expect(clerk.page.getByText(errorCodes['central-failed']).first()).toBeVisible();
  fault = undefined;
  await clerk.button(commonWords.error.retry).click();
  await customer.phase('serving.request');
});

test('central is away at the lookup: the consent holds, the lookup is tried again', async () => {
  const { clerk, customer } = await playTo(counter, 'signature', { number });
  fault = { path: '/v1/lookups', act: (reply) => reply.raw.destroy() };
  await customer.sign();
  await clerk.phase('serving.lookUpFailed');
  await expect(customer.page.getByText(customerWords.failure.safe.lookUp)).toBeVisible();
  fault = undefined;
  await clerk.button(commonWords.error.retry).click();
  await customer.phase('serving.reading');
});

test('central is away when the visit closes: it closes, and the rest is sent later', async () => {
  const { clerk, customer } = await playTo(counter, 'reading', { number });
  // Records that have not come are another story.
  await customer.page.locator('.row[data-index]').first().waitFor();
  fault = { path: '/v1/', act: (reply) => reply.raw.destroy() };
  await customer.finish();
  await clerk.phase('serving.followUp');
  await clerk.close('无需后续');
  await customer.phase('idle');
  fault = undefined;
  // What waits is said on the status bar, and goes once central is back.
  await expect
    .poll(async () => (await counter.central.context.db.selectFrom('cases').selectAll().execute()).length, {
      timeout: 60_000,
    })
    .toBe(1);
});

test('a wrong PIN is refused and said', async () => {
  await counter.relaunch();
  const { clerk } = people(counter);
  await clerk.page.getByLabel(staffWords.signIn.staffId).fill('1024');
  await clerk.page.getByLabel(staffWords.signIn.pin).fill('000000');
  await clerk.button(staffWords.signIn.submit).click();
  await expect(clerk.page.getByText(errorCodes['sign-in-refused'])).toBeVisible();
});

test('a number that is no customer’s is said to staff before anybody is asked', async () => {
  const { clerk, customer } = await playTo(counter, 'notice', { number: '13911112222' });
  await customer.readNotice();
  await clerk.phase('serving.identity.challengeFailed');
  await expect(clerk.page.getByText(errorCodes['unknown-subscriber']).first()).toBeVisible();
});

test('a period longer than policy allows is refused in the form and by the core', async () => {
  const { clerk } = people(counter);
  const period = { from: addDays(monthsBefore(today, 6), -1), to: today };
  await clerk.start({ number, period });
  await expect(clerk.page.getByText(/最多可查 6 个月/)).toBeVisible();
  await clerk.phase('idle');
  const request = {
    subscriber: number,
    categories: ['sms'] as 'sms'[],
    period,
    purpose: 'own-copy' as const,
  };
  await clerk.page.evaluate((args) => {
    const { zhiqing } = window as unknown as {
      zhiqing: { call(name: string, args: unknown): Promise<unknown> };
    };
    return zhiqing.call('startSession', args);
  }, request);
  await clerk.phase('serving.prepareFailed');
  await expect(clerk.page.getByText(errorCodes['period-too-long']).first()).toBeVisible();
});

test('a period without records: said kindly, a report of nothing can be made', async () => {
  const { clerk, customer } = await playTo(counter, 'reading', { number: '13900010004' });
  await expect(customer.page.getByText(customerWords.records.emptyTitle)).toBeVisible();
  await expect(clerk.page.getByText(staffWords.records.none)).toBeVisible();
  await makeReport(customer);
  await saveReport(customer);
  await evidenceFolder(counter);
  await customer.press(customerWords.receipt.finish);
  await clerk.close('无需后续');
});
