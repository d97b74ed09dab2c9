/** Evidence that the customer carries: a receipt without a report, then both; read back from the very papers. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { lineOf } from '../../build/verify/result.ts';
import { verifyFolder } from '../../build/verify/verify.ts';
import { zhCN as words } from '../../renderer/customer/i18n/zh-CN.ts';
import { readCode } from '../support/read-code.ts';
import { auditOf, type Counter, openCounter, shell } from './support/counter.ts';
import { makeReport, saveReport } from './support/report.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
let scratch: string;
test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'zhiqing-papers-'));
  counter = await openCounter();
});
test.afterEach(async () => {
  await counter?.close();
  await rm(scratch, { recursive: true, force: true });
});

const run = (command: string, args: string[]) => execFileSync(command, args, { encoding: 'utf8' });

async function filesIn(folder: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of await readdir(folder))
    files.set(name, new Uint8Array(await readFile(join(folder, name))));
  return files;
}

/** The text of the QR code on the first page of a PDF, from its picture. */
async function codeOn(pdf: string): Promise<string | undefined> {
  run('pdftoppm', ['-r', '150', '-f', '1', '-l', '1', '-singlefile', '-png', pdf, join(scratch, 'page')]);
  const { data, info } = await sharp(join(scratch, 'page.png'))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readCode(new Uint8ClampedArray(data), info.width, info.height);
}

async function expectSound(folder: string): Promise<void> {
  const results = await verifyFolder(await filesIn(folder));
  expect(results.filter(({ ok }) => !ok).map(lineOf)).toEqual([]);
}

test(`a receipt alone, then a report with name and number in full (${shell.name})`, async () => {
  // Three papers are printed, rendered and read back.
  test.setTimeout(300_000);
  await people(counter).clerk.signIn();
  const { customer } = await playTo(counter, 'reading', { number });
  const folders = async () => (await readdir(counter.handover)).sort();

  await test.step('the receipt is taken without a report', async () => {
    await customer.press(words.records.finish);
    await customer.press(words.records.finishReceipt);
    await customer.phase('serving.receipt');
    const [first] = await folders();
    const folder = join(counter.handover, first ?? '');
    expect((await filesIn(folder)).has('report.pdf')).toBe(false);
    await expectSound(folder);
    const receipt = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'));
    await expect(customer.page.getByText(receipt.withdrawal.code)).toBeVisible();
    const paper = run('pdftotext', ['-layout', join(folder, 'receipt.pdf'), '-']);
    expect(paper).toContain(receipt.withdrawal.code);
    expect(paper).toContain('139****0001');
    expect(paper).not.toContain(number);
    expect(run('pdfinfo', [join(folder, 'receipt.pdf')])).toMatch(/Pages:\s+1\n/);
    expect(await codeOn(join(folder, 'receipt.pdf'))).toBe(receipt.qr);
    expect((await auditOf(counter.kiosk)).filter(({ action }) => action === 'receipt-made')).toHaveLength(1);
  });

  await test.step('and once more, with a report', async () => {
    await customer.press(words.receipt.back);
    await customer.phase('serving.reading');
    await makeReport(customer, { texts: true, name: 'full' });
    await saveReport(customer);
    const [, second] = await folders();
    const folder = join(counter.handover, second ?? '');
    await expectSound(folder);
    const report = run('pdftotext', ['-layout', join(folder, 'report.pdf'), '-']);
    // Their own copy, in full as they chose.
    expect(report).toContain('张三');
    expect(report).toContain(number);
    const receipt = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'));
    expect(await codeOn(join(folder, 'report.pdf'))).toBe(receipt.qr);
    expect(run('pdfsig', ['-nocert', join(folder, 'report.pdf')])).toContain('Signature is Valid.');
    // What was looked at is what was signed and saved.
    const paper = run('pdftotext', ['-layout', join(folder, 'receipt.pdf'), '-']).replaceAll(/\s/g, '');
    expect(paper).toContain(receipt.report.sha256);
  });
});
