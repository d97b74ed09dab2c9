/** Records that the customer agreed to have kept: read again, taken back, past their date, and without a line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import {
  comeBack,
  filesWith,
  finishKeeping,
  heldFiles,
  keepFor,
  keeping,
  openList,
  piecesOf,
  proveAgain,
} from './support/held.ts';
import { Line } from './support/line.ts';
import { evidenceFolder, makeReport, saveReport } from './support/report.ts';
import { sweepFolder } from './support/sweep.ts';
import { people, playTo } from './support/visit.ts';
import { beginWithdrawal, byCode, endWithdrawal, takeBack } from './support/withdrawal.ts';

const number = '13900010001';
const SENTINEL = 'ZQ-SENTINEL-QUOKKA-7731';
const MANAGER = { id: '1025', pin: '135791' };
const DAY = 86_400_000;
const receiptSchema = z.object({ withdrawal: z.object({ code: z.string() }) });
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
const lookups = (counter: Counter) => counter.central.context.db.selectFrom('lookups').selectAll().execute();
const reasons = async (counter: Counter) =>
  (await counter.central.context.db.selectFrom('erasures').select('reason').execute()).map(
    ({ reason }) => reason,
  );
const pagesGiven = async (counter: Counter) =>
  (await readFile(counter.central.logPath, 'utf8')).split('\n').filter((line) => line.includes('/pages/'))
    .length;
const actionsOf = async (counter: Counter) => (await auditOf(counter.kiosk)).map(({ action }) => action);

test('kept over a restart, read and shown again without a lookup, destroyed when the case is done', async () => {
  const counter = await open({ central: { sentinel: SENTINEL } });
  let visit = await playTo(counter, 'reading', { number, grants: keeping });
  let pieces: Buffer[] = [];
  const text = await visit.customer.page.locator('.row-text').first().textContent();
  await expect(visit.customer.page.getByText(customerWords.kept.stop)).toBeVisible();

  await test.step('the customer is done: sealed, and nothing of it is evidence of an erasure yet', async () => {
    await finishKeeping(visit.customer);
    await visit.clerk.close('投诉已登记，等计费核查');
    await visit.customer.phase('idle');
    expect((await heldFiles(counter)).map((name) => name.split('.')[1]).sort()).toEqual([
      'case',
      'content',
      'key',
      'metadata',
    ]);
    expect((await sweepFolder(counter.kiosk, [SENTINEL, number])).found).toEqual([]);
    expect(await reasons(counter)).toEqual([]);
    pieces = await piecesOf(counter);
    // The search finds what is there, and in no third place.
    expect((await filesWith(counter, pieces)).map((path) => path.replace(/[^/.]+\./, '')).sort()).toEqual([
      'held/case',
      'held/key',
    ]);
  });

  await test.step('the machine is started again; the day list says until when', async () => {
    await counter.relaunch();
    visit = people(counter);
    await visit.clerk.signIn();
    await openList(visit);
    await expect(visit.clerk.page.locator('.staff-days').getByText('139****0001').first()).toBeVisible();
    await expect(visit.clerk.page.locator('.staff-days')).toContainText(/留存到 \d+月\d+日/);
    await expect(visit.clerk.page.locator('body')).not.toContainText(number);
  });

  await test.step('the customer comes back, proves who they are, and reads', async () => {
    await comeBack(visit);
    await proveAgain(counter, visit, number);
    await visit.customer.phase('serving.reading');
    await expect(visit.customer.page.locator('.row-text').first()).toHaveText(text ?? '');
    await visit.clerk.phase('serving.reading');
    await expect(visit.clerk.page.getByText(/已核对：\d+ 条，完整无缺/)).toBeVisible();
    // A new report is a new lookup's.
    await expect(visit.customer.button(customerWords.records.report)).toHaveCount(0);
    const [, newReport = ''] = customerWords.kept.isKept.split('}}');
    await expect(visit.customer.page.getByText(newReport)).toBeVisible();
  });

  await test.step('what they choose is shown to staff', async () => {
    await visit.customer.release(1);
    const released = visit.clerk.page.getByRole('region', { name: staffWords.guide.released });
    await expect(released).toContainText((text ?? '').slice(0, 12));
  });

  await test.step('they leave; it stays; the clerk says that the case is done, and it is gone', async () => {
    await visit.customer.press(customerWords.records.finish);
    await visit.customer.press(customerWords.kept.finishAgainConfirm);
    await visit.customer.phase('serving.followUp');
    await visit.clerk.close('已向客户说明');
    expect(await heldFiles(counter)).toHaveLength(4);
    await openList(visit);
    await visit.clerk.button(staffWords.held.close).first().click();
    await visit.clerk.page
      .getByRole('dialog')
      .getByRole('button', { name: staffWords.held.closeYes })
      .click();
    await expect(visit.clerk.page.getByRole('heading', { name: staffWords.held.title })).toHaveCount(0);
    await expect.poll(() => heldFiles(counter)).toEqual([]);
    await expect.poll(() => reasons(counter)).toEqual(['case-closed']);
    await expect(visit.clerk.page.locator('.staff-days')).toContainText(staffWords.held.rowStates.over);
  });
  expect(await lookups(counter)).toHaveLength(1);
  const actions = await actionsOf(counter);
  for (const action of ['records-held', 'held-opened', 'held-closed', 'keys-destroyed'])
    expect(actions).toContain(action);
  await test.step('a search of every byte of the profile finds neither what was read nor anything that opens it', async () => {
    expect((await sweepFolder(counter.kiosk, [SENTINEL, number])).found).toEqual([]);
    expect(await filesWith(counter, pieces)).toEqual([]);
    await counter.app.close();
    expect((await sweepFolder(counter.kiosk, [SENTINEL, number])).found).toEqual([]);
    expect(await filesWith(counter, pieces)).toEqual([]);
  });
});

test('taken back on the customer’s own screen: before it is sealed, and when they have come back', async () => {
  const counter = await open({});
  const stop = async ({ customer }: ReturnType<typeof people>) => {
    await customer.press(customerWords.kept.stop);
    const dialog = customer.page.getByRole('dialog', { name: customerWords.kept.stopTitle });
    await dialog.getByRole('button', { name: customerWords.kept.stopConfirm }).click();
  };

  await test.step('before it is sealed: they read on, and at the end nothing is there', async () => {
    const visit = await playTo(counter, 'reading', { number, grants: keeping });
    await stop(visit);
    await expect(visit.customer.button(customerWords.kept.stop)).toHaveCount(0);
    await visit.customer.phase('serving.reading');
    await visit.customer.finish();
    await visit.customer.phase('serving.followUp');
    expect(await heldFiles(counter)).toEqual([]);
    await visit.clerk.close('投诉已登记，等计费核查');
    await expect.poll(() => reasons(counter)).toEqual(['visit-ended']);
    expect(await actionsOf(counter)).not.toContain('records-held');
  });

  await test.step('when they have come back: destroyed at once, and the visit ends', async () => {
    const visit = await keepFor(counter, number);
    const pieces = await piecesOf(counter);
    await comeBack(visit);
    await proveAgain(counter, visit, number);
    await visit.customer.phase('serving.reading');
    await stop(visit);
    await visit.customer.phase('ended');
    await expect(visit.customer.page.getByText(customerWords.kept.outcomes.withdrawn.title)).toBeVisible();
    await visit.clerk.acknowledge();
    await expect.poll(() => heldFiles(counter)).toEqual([]);
    await expect.poll(() => reasons(counter)).toEqual(['visit-ended', 'withdrawn']);
    expect(await filesWith(counter, pieces)).toEqual([]);
    await openListOfNone(counter);
  });
});

test('the date passes while the customer reads it again: closed and destroyed on the timer, by central’s time', async () => {
  let ahead = 0;
  const counter = await open({ central: { now: () => Date.now() + ahead } });
  const visit = await keepFor(counter, number);
  await comeBack(visit);
  await proveAgain(counter, visit, number);
  await visit.customer.phase('serving.reading');
  expect(await heldFiles(counter)).toHaveLength(4);
  ahead = 31 * DAY;
  // Central's time is heard with the next status, some ten seconds on.
  await visit.customer.phase('ended', 60_000);
  await expect(visit.customer.page.getByText(customerWords.kept.outcomes.expired.title)).toBeVisible();
  await expect(visit.customer.page.locator('.row-text')).toHaveCount(0);
  await expect.poll(() => heldFiles(counter)).toEqual([]);
  await expect.poll(() => reasons(counter), { timeout: 60_000 }).toEqual(['expired']);
});

test('taken back by the receipt at another counter while it is kept: destroyed here at once', async () => {
  const first = await open({});
  const visit = await playTo(first, 'reading', { number, grants: keeping });
  await makeReport(visit.customer);
  await saveReport(visit.customer);
  await expect(visit.customer.page.getByText(customerWords.kept.receiptUntil)).toBeVisible();
  const receipt = await readFile(join(await evidenceFolder(first), 'receipt.json'), 'utf8');
  const { code } = receiptSchema.parse(JSON.parse(receipt)).withdrawal;
  await visit.customer.press(customerWords.receipt.finish);
  await visit.customer.phase('serving.followUp');
  await visit.clerk.close('投诉已登记，等计费核查');
  expect(await heldFiles(first)).toHaveLength(4);

  const second = await open({ beside: first }, MANAGER);
  const { clerk, customer } = people(second);
  await beginWithdrawal({ clerk, customer });
  await byCode(customer, code);
  await takeBack(customer, ['keep']);
  await expect(customer.page.getByText(customerWords.withdrawal.counter.erased)).toBeVisible();
  await endWithdrawal({ clerk, customer });

  await expect.poll(() => heldFiles(first)).toEqual([]);
  await expect.poll(() => reasons(first)).toEqual(['withdrawn']);
  await openListOfNone(first);
  expect(await actionsOf(first)).toContain('change-received');
});

/** The list has nothing to show, and so it is not there. */
async function openListOfNone(counter: Counter): Promise<void> {
  const { clerk } = people(counter);
  await clerk.page.keyboard.press('Alt+3');
  await expect(clerk.page.getByRole('heading', { name: clerk.words.dayList.title })).toBeVisible();
  await expect(clerk.page.getByRole('heading', { name: clerk.words.held.title })).toHaveCount(0);
}

test('the date passes while the machine is off and its clock is a month behind: destroyed at the start', async () => {
  let ahead = 0;
  const line = new Line('counter-0001');
  const counter = await open({
    settings: { timeoutSeconds: 3 },
    central: { now: () => Date.now() + ahead, intercept: line.intercept },
  });
  await keepFor(counter, number);
  const kept = (await counter.central.context.db.selectFrom('consents').select('held_until').execute())[0];
  expect(kept?.held_until).toBeTruthy();
  await counter.app.close();
  // A month by the world's clock; the machine's says that it is still today.
  ahead = 31 * DAY;
  expect(await reasons(counter)).toEqual([]);
  await counter.relaunch();
  await expect.poll(() => heldFiles(counter), { timeout: 60_000 }).toEqual([]);
  await expect.poll(() => reasons(counter), { timeout: 60_000 }).toEqual(['expired']);
  // Set back once more, without a line: what the counter knows stays known.
  line.cut();
  ahead = 0;
  await counter.relaunch();
  expect(await heldFiles(counter)).toEqual([]);
});

test('without a line nothing kept is opened, and both are told why; with one it opens', async () => {
  const line = new Line('counter-0001');
  let isAnswerLost = false;
  const counter = await open({
    settings: { timeoutSeconds: 2 },
    central: {
      intercept: (request, reply) => {
        if (!isAnswerLost || !request.url.endsWith('/reopen')) return line.intercept(request, reply);
        request.raw.socket.destroy();
        return true;
      },
    },
  });
  const visit = await keepFor(counter, number);
  const { clerk, customer } = visit;

  await test.step('identity can not be shown without it', async () => {
    line.cut();
    await comeBack(visit);
    // The policy is here; only central can check a proof.
    await customer.phase('serving.request');
    await customer.press(customerWords.kept.requestAccept);
    await customer.phase('serving.identity.challengeFailed');
    await expect(clerk.page.getByText('ZQ-2001').first()).toBeVisible();
    await clerk.cancel();
    await clerk.acknowledge();
  });

  await test.step('nor whether it may still be opened', async () => {
    line.mend();
    await comeBack(visit);
    // The line goes between the proof and the question.
    isAnswerLost = true;
    await proveAgain(counter, visit, number);
    await customer.phase('serving.reopenFailed');
    await expect(customer.page.getByText(customerWords.failure.titles.reopen)).toBeVisible();
    await clerk.phase('serving.reopenFailed');
    expect(await heldFiles(counter)).toHaveLength(4);
    expect(await actionsOf(counter)).not.toContain('held-opened');
  });

  await test.step('tried again with a line', async () => {
    isAnswerLost = false;
    await customer.press(customerWords.failure.retry);
    await customer.phase('serving.reading');
    await expect(customer.page.locator('.row-text').first()).toContainText(/\S/);
    await expect(clerk.page.getByText(/已核对：\d+ 条，完整无缺/)).toBeVisible();
  });

  await test.step('the line goes again: what is open is read, searched and shown from the disk', async () => {
    line.cut();
    const asked = await pagesGiven(counter);
    await customer.page.getByLabel(customerWords.records.search).fill('验证码');
    await expect(customer.page.locator('.row-text').first()).toContainText('验证码');
    await customer.release(1);
    const released = clerk.page.getByRole('region', { name: staffWords.guide.released });
    await expect(released).toContainText('验证码');
    await customer.press(customerWords.records.finish);
    await customer.press(customerWords.kept.finishAgainConfirm);
    await clerk.close('已向客户说明');
    expect(await pagesGiven(counter)).toBe(asked);
    expect(await heldFiles(counter)).toHaveLength(4);
    expect(await lookups(counter)).toHaveLength(1);
  });
});
