/**
 * What is no ordinary visit, in pictures: a mark before a witness, somebody else's number, taking back, what is kept,
 * the auditor.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Language } from '../../../shared/domain/policy.ts';
import { representative } from '../../central/tests/visit.ts';
import { type Counter, openCounter } from '../support/counter.ts';
import { expect } from '../support/expect.ts';
import { evidenceFolder, makeReport, saveReport } from '../support/report.ts';
import { type People, people, playTo } from '../support/visit.ts';
import { beginWithdrawal, byCode, endWithdrawal } from '../support/withdrawal.ts';
import type { Camera, Series } from './camera.ts';
import { kept } from './kept.ts';

const receiptSchema = z.object({ withdrawal: z.object({ code: z.string() }) });
const AUDITOR = { id: '2001', pin: '864209' };

export interface Scene extends People {
  counter: Counter;
  theirs: Camera;
  ours: Camera;
  both(stage: string): Promise<void>;
}

export async function others(series: Series, language: Language): Promise<void> {
  const theirs = await series(`customer-${language}-others`);
  const ours = await series(`staff-${language}-others`);
  const counter = await openCounter({ settings: { language }, screens: '1280x800' });
  const { clerk, customer } = people(counter);
  const both = async (stage: string) => {
    await theirs.take(customer.page, stage);
    await ours.take(clerk.page, stage);
  };
  const scene: Scene = { counter, clerk, customer, theirs, ours, both };
  try {
    await clerk.signIn();
    await mark(scene);
    await relative(scene);
    await withdrawal(scene);
    await kept(scene);
    await auditor(scene);
  } finally {
    await counter.close();
  }
}

async function mark({ counter, clerk, customer, theirs, both }: Scene): Promise<void> {
  await playTo(counter, 'signature', { number: '13900010001' });
  await customer.press(customer.words.signature.cannot);
  await theirs.take(customer.page, 'cannot-sign');
  await customer.press(customer.words.signature.cannotMark);
  await customer.phase('serving.mark');
  await theirs.take(customer.page, 'mark');
  await customer.press(customer.words.mark.back);
  await customer.mark();
  await customer.phase('serving.witnessing.waiting');
  await both('witness');
  await clerk.witness();
  await customer.phase('serving.reading');
  await customer.press(customer.words.accesses.button);
  await expect(customer.page.locator('.access').first()).toBeVisible();
  await theirs.take(customer.page, 'who-looked');
  await customer.press(customer.words.accesses.back);
  await clerk.cancel();
  await clerk.phase('ended');
  await clerk.acknowledge();
}

async function relative({ counter, clerk, ours, both }: Scene): Promise<void> {
  const ask = { number: '13900010002', representation: representative('relative') };
  await clerk.fill(ask);
  await ours.take(clerk.page, 'relative-papers');
  await playTo(counter, 'ticks', ask);
  await both('relative-ticks');
  await clerk.cancel();
  await clerk.phase('ended');
  await clerk.acknowledge();
}

async function withdrawal(scene: Scene): Promise<void> {
  const { counter, clerk, customer, theirs, ours, both } = scene;
  const { words } = customer;
  await playTo(counter, 'reading', { number: '13900010001', grants: ['lookup', 'release', 'contact'] });
  await makeReport(customer);
  await saveReport(customer);
  const text = await readFile(join(await evidenceFolder(counter), 'receipt.json'), 'utf8');
  const { code } = receiptSchema.parse(JSON.parse(text)).withdrawal;
  await customer.press(words.receipt.finish);
  await clerk.close(clerk.words.close.phrases.none);
  await customer.phase('idle');
  await beginWithdrawal({ clerk, customer });
  await both('withdrawal');
  await byCode(customer, '0000-0000-0000-0000');
  await expect(customer.page.getByText(words.withdrawal.codeUnknown)).toBeVisible();
  await theirs.take(customer.page, 'withdrawal-code-unknown');
  await customer.page.getByLabel(words.withdrawal.code, { exact: true }).fill(code);
  await customer.press(words.withdrawal.codeSubmit);
  await customer.phase('withdrawal.active.list');
  await theirs.take(customer.page, 'withdrawal-list');
  await customer.page.getByRole('checkbox', { name: words.withdrawal.whole }).check({ force: true });
  await customer.press(words.withdrawal.partsSubmit);
  await customer.phase('withdrawal.active.confirm');
  await theirs.take(customer.page, 'withdrawal-confirm');
  await customer.press(words.withdrawal.confirm);
  await customer.phase('withdrawal.active.done');
  await both('withdrawal-done');
  await endWithdrawal(scene);
  await ours.take(clerk.page, 'withdrawal-ended');
}

async function auditor({ clerk, ours }: Scene): Promise<void> {
  const { page, words } = clerk;
  await page.keyboard.press('Alt+9');
  await page.getByLabel(words.signIn.staffId).fill(AUDITOR.id);
  await page.getByLabel(words.signIn.pin).fill(AUDITOR.pin);
  await clerk.button(words.signIn.submit).click();
  await expect(page.locator('.staff-audit-scroll tbody tr[data-opened]').first()).toBeVisible();
  await ours.take(page, 'auditor');
  await page.locator('.staff-audit-scroll tbody tr[data-opened]').first().click();
  await ours.take(page, 'auditor-entry');
}
