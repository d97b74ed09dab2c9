/** Withdrawal at any counter: by the receipt's code, in person, during a visit elsewhere, and with the line down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { Line } from './support/line.ts';
import { evidenceFolder, makeReport, saveReport } from './support/report.ts';
import { people, playTo, proofOf } from './support/visit.ts';
import { beginWithdrawal, byCode, endWithdrawal, inPerson, takeBack } from './support/withdrawal.ts';

const number = '13900010001';
const MANAGER = { id: '1025', pin: '135791' };
const receiptSchema = z.object({ withdrawal: z.object({ code: z.string() }) });
// Two counters are two Chromiums: on two busy cores they take their time.
test.setTimeout(300_000);
const counters: Counter[] = [];
test.afterEach(async () => {
  for (const counter of counters.splice(0).toReversed()) await counter.close();
});

async function open(options: Parameters<typeof openCounter>[0], staff?: { id: string; pin: string }) {
  const counter = await openCounter(options);
  counters.push(counter);
  await people(counter).clerk.signIn(staff);
  return counter;
}
const actionsOf = async (counter: Counter) => (await auditOf(counter.kiosk)).map(({ action }) => action);
const erasures = (counter: Counter) =>
  counter.central.context.db.selectFrom('erasures').selectAll().execute();

test('by the code on the receipt: a wrong one is said, the right one takes back what outlasts the visit', async () => {
  const counter = await open({});
  const { clerk, customer } = await playTo(counter, 'reading', {
    number,
    grants: ['lookup', 'analysis', 'release', 'contact'],
  });
  await makeReport(customer);
  await saveReport(customer);
  const text = await readFile(join(await evidenceFolder(counter), 'receipt.json'), 'utf8');
  const { code } = receiptSchema.parse(JSON.parse(text)).withdrawal;
  await customer.press(customerWords.receipt.finish);
  await clerk.close('无需后续');
  await customer.phase('idle');
  // Every visit's end is evidence at central.
  await expect
    .poll(async () => (await erasures(counter)).map(({ reason }) => reason))
    .toEqual(['visit-ended']);

  await beginWithdrawal({ clerk, customer });
  await byCode(customer, '0000-0000-0000-0000');
  await expect(customer.page.getByText(customerWords.withdrawal.codeUnknown)).toBeVisible();
  await customer.page.getByLabel(customerWords.withdrawal.code, { exact: true }).fill(code.toLowerCase());
  await customer.press(customerWords.withdrawal.codeSubmit);
  await takeBack(customer, ['contact']);
  await expect(customer.page.getByText(customerWords.withdrawal.donePart)).toBeVisible();
  await endWithdrawal({ clerk, customer });

  // The whole, a second time round; what is gone is said to be gone.
  await beginWithdrawal({ clerk, customer });
  await byCode(customer, code);
  await takeBack(customer, 'all');
  await expect(customer.page.getByText(customerWords.withdrawal.counter.erased)).toBeVisible();
  await endWithdrawal({ clerk, customer });
  await beginWithdrawal({ clerk, customer });
  await byCode(customer, code);
  await expect(customer.page.getByText(customerWords.withdrawal.alreadyTitle)).toBeVisible();
  await customer.press(customerWords.withdrawal.finish);
  await clerk.phase('withdrawal.ended');

  const actions = await actionsOf(counter);
  expect(actions.filter((action) => action === 'consent-withdrawn')).toHaveLength(2);
  expect(actions.filter((action) => action === 'withdrawal-refused')).toHaveLength(1);
  expect(actions.filter((action) => action === 'withdrawal-started')).toHaveLength(3);
  // Neither code nor number is in the log.
  const log = JSON.stringify(await auditOf(counter.kiosk));
  expect(log).not.toContain(code);
  expect(log).not.toContain(number);
});

test('in person at another counter while the visit runs: its keys go within two seconds', async () => {
  const first = await open({});
  const visit = await playTo(first, 'reading', { number });
  const second = await open({ beside: first }, MANAGER);
  const { clerk, customer } = people(second);
  await beginWithdrawal({ clerk, customer });
  await inPerson(customer, number, () => proofOf(first, number));
  // What staff of the second counter see holds neither number nor consent.
  await expect(clerk.page.getByText('139')).toHaveCount(0);

  await customer.page.getByRole('checkbox', { name: customerWords.withdrawal.whole }).check({ force: true });
  await customer.press(customerWords.withdrawal.partsSubmit);
  await customer.press(customerWords.withdrawal.confirm);
  const asked = Date.now();
  await visit.customer.phase('ended', 10_000);
  // Pages wiped on both planes, evidence written: all of it. Two seconds are for the keys, which come first.
  expect(Date.now() - asked).toBeLessThan(10_000);
  await expect(visit.customer.page.getByText(customerWords.farewell.outcomes.withdrawn.title)).toBeVisible();
  await visit.clerk.phase('ended');
  await expect(customer.page.getByText(customerWords.withdrawal.counter.erased)).toBeVisible();

  const rows = await erasures(first);
  expect(rows.map(({ reason, device_id }) => [device_id, reason])).toEqual([['counter-0001', 'withdrawn']]);
  const actions = await actionsOf(first);
  expect(actions).toContain('change-received');
  const ended = (await auditOf(first.kiosk)).find(({ action }) => action === 'session-ended');
  expect(ended?.facts.outcome).toBe('withdrawn');
  await endWithdrawal({ clerk, customer });
});

test('a counter without a line is shown as pending, and erases when it is back', async () => {
  const line = new Line('counter-0001');
  const first = await open({ settings: { timeoutSeconds: 2 }, central: { intercept: line.intercept } });
  const visit = await playTo(first, 'reading', { number });
  const second = await open({ beside: first }, MANAGER);
  const { clerk, customer } = people(second);
  await beginWithdrawal({ clerk, customer });
  await inPerson(customer, number, () => proofOf(first, number));
  line.cut();
  await takeBack(customer, 'all');
  await expect(customer.page.getByText(customerWords.withdrawal.counter.pending)).toBeVisible();
  // The visit goes on with what it holds: nobody told it yet.
  await visit.customer.phase('serving.reading');
  expect(await erasures(first)).toEqual([]);

  line.mend();
  await visit.customer.phase('ended', 60_000);
  await expect(customer.page.getByText(customerWords.withdrawal.counter.erased)).toBeVisible({
    timeout: 60_000,
  });
  expect((await erasures(first)).map(({ reason }) => reason)).toEqual(['withdrawn']);
});

test('one display: the withdrawal is handed over and back', async () => {
  const counter = await open({ displays: 'handover' });
  const { clerk, customer } = people(counter);
  await clerk.button(clerk.words.withdrawal.start).click();
  await clerk.phase('withdrawal.active.choosing');
  await clerk.button(clerk.words.top.handOver).first().click();
  await customer.phase('withdrawal.active.choosing');
  await customer.press(customerWords.frame.stop);
  await customer.page
    .getByRole('dialog')
    .getByRole('button', { name: customerWords.withdrawal.stopConfirm })
    .click();
  await customer.phase('withdrawal.ended');
  await customer.press(customerWords.handBack.button);
  await customer.page.getByLabel(customerWords.handBack.pin).fill('246810');
  await customer.press(customerWords.handBack.confirm);
  await clerk.button(clerk.words.ended.acknowledge).click();
  await clerk.phase('idle');
});

test('nobody touches it: it ends by itself, and a visit can begin', async () => {
  const counter = await open({ settings: { presence: { idleSeconds: 2, lastCallSeconds: 2 } } });
  const { clerk, customer } = people(counter);
  await beginWithdrawal({ clerk, customer });
  await clerk.phase('withdrawal.ended');
  await expect(customer.page.getByText(customerWords.withdrawal.outcomes.abandoned.title)).toBeVisible();
  await clerk.button(clerk.words.ended.acknowledge).click();
  await clerk.start({ number });
  await customer.phase('serving.request');
});

test('expiry with the clock set back: the machine may say what it likes, the consent ends on time', async () => {
  let offset = 0;
  const counter = await open({ central: { now: () => Date.now() + offset } });
  const { clerk, customer } = await playTo(counter, 'reading', { number });
  // Whoever owns the machine sets its clock back by a day.
  await counter.app.evaluate(() => {
    const real = Date.now;
    Date.now = () => real() - 86_400_000;
  });
  const { consentMinutes } = await counter.central.context.policies.inForce();
  offset = (consentMinutes + 1) * 60_000;
  await customer.phase('ended', 60_000);
  await expect(customer.page.getByText(customerWords.farewell.outcomes.expired.title)).toBeVisible();
  await expect.poll(async () => (await erasures(counter)).map(({ reason }) => reason)).toEqual(['expired']);
  // Nor does the past come back: the next start knows how late it is.
  await clerk.button(clerk.words.ended.acknowledge).click();
  await counter.relaunch();
  const mark = JSON.parse(await readFile(join(counter.kiosk, 'clock.json'), 'utf8'));
  expect(mark.value.highWater).toBeGreaterThan(Date.now() + offset - 60_000);
});
