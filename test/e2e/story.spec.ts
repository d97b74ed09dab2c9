/** One customer served, end to end: the story that the product exists for. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { auditOf, type Counter, openCounter, shell } from './support/counter.ts';
import { evidenceFolder, makeReport, saveReport } from './support/report.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
let counter: Counter;
test.beforeEach(async () => {
  counter = await openCounter();
});
test.afterEach(() => counter?.close());

test(`a month of messages, two released, report saved, nothing left (${shell.name})`, async () => {
  await people(counter).clerk.signIn();
  const { clerk, customer } = await playTo(counter, 'reading', { number });

  await test.step('the customer reads and searches', async () => {
    const list = customer.page.getByRole('list', { name: customerWords.records.list });
    await expect(list.getByRole('listitem').first()).toContainText(/\S/);
    const total = Number(await list.getByRole('listitem').first().getAttribute('aria-setsize'));
    expect(total).toBeGreaterThan(20);
    await customer.page.getByRole('textbox', { name: customerWords.records.search }).fill('验证码');
    await expect
      .poll(async () => Number(await list.getByRole('listitem').first().getAttribute('aria-setsize')))
      .toBeLessThan(total);
    await expect(list.locator('mark').first()).toHaveText('验证码');
    await customer.press(customerWords.records.clearSearch);
    await expect
      .poll(async () => Number(await list.getByRole('listitem').first().getAttribute('aria-setsize')))
      .toBe(total);
  });

  await test.step('the clerk sees counts and closed envelopes, no text', async () => {
    await clerk.phase('serving.reading');
    await expect(clerk.page.getByText(/已核对：\d+ 条，完整无缺/)).toBeVisible();
    await expect(clerk.page.getByText(staffWords.guide.releasedNone)).toBeVisible();
    await expect(clerk.page.locator('body')).not.toContainText(number);
  });

  const shown: string[] = [];
  await test.step('the customer releases two', async () => {
    const rows = customer.page.getByRole('list', { name: customerWords.records.list }).getByRole('listitem');
    for (const i of [0, 1])
      shown.push(((await rows.nth(i).locator('.row-text').textContent()) ?? '').slice(0, 12));
    await customer.release(2);
    const released = clerk.page.getByRole('region', { name: staffWords.guide.released });
    await expect(released.getByRole('listitem')).toHaveCount(2);
    for (const text of shown) await expect(released).toContainText(text);
    await expect(customer.page.getByText(customerWords.records.released)).toHaveCount(2);
  });

  await test.step('the report is shown and saved', async () => {
    await makeReport(customer, { texts: true, name: 'masked' });
    await expect(customer.page.locator('canvas').first()).toBeVisible();
    await saveReport(customer);
    await expect(customer.page.getByRole('img', { name: customerWords.receipt.qr })).toBeVisible();
  });

  const folder = await evidenceFolder(counter);
  await test.step('evidence holds by public tools', async () => {
    const text = execFileSync('pdftotext', ['-layout', join(folder, 'report.pdf'), '-'], {
      encoding: 'utf8',
    });
    const consent = JSON.parse(await readFile(join(folder, 'consent.json'), 'utf8'));
    expect(text).toContain(customerWords.paper.title);
    expect(text).toContain('张*');
    expect(text).not.toContain('张三');
    expect(text).toContain(consent.header.recordId);
    expect(text).toMatch(/第 1 页.共 \d+ 页/);
    const verify = ['cms', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any'];
    const files = ['-in', join(folder, 'consent.p7s'), '-content', join(folder, 'consent.json')];
    execFileSync(
      'openssl',
      [...verify, ...files, '-CAfile', join(folder, 'ca.pem'), '-out', join(folder, 'out.bin')],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    expect(await readFile(join(folder, 'out.bin'))).toEqual(await readFile(join(folder, 'consent.json')));
  });

  await test.step('the clerk writes the follow-up and closes', async () => {
    await customer.press(customerWords.receipt.finish);
    await clerk.phase('serving.followUp');
    await clerk.close('三个工作日内回电 13900010001');
    await customer.phase('idle');
    const row = clerk.page.getByRole('button', { name: staffWords.top.dayList }).first();
    await row.click();
    const table = clerk.page.getByRole('table').last();
    await expect(table).toContainText('139****0001');
    await expect(table).toContainText('张*');
    await expect(table).toContainText('三个工作日内回电 139****0001');
    await expect(table).not.toContainText(number);
  });

  await test.step('keys and pages are gone, and it is written down', async () => {
    for (const page of [counter.staff, counter.customer]) {
      const databases = await page.evaluate(async () => {
        const names = (await indexedDB.databases()).map((database) => database.name ?? '');
        const counts: number[] = [];
        for (const name of names) {
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          for (const store of database.objectStoreNames)
            counts.push(
              await new Promise<number>((resolve, reject) => {
                const request = database.transaction(store).objectStore(store).count();
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
              }),
            );
          database.close();
        }
        return counts.reduce((sum, count) => sum + count, 0);
      });
      expect(databases).toBe(0);
    }
    const actions = (await auditOf(counter.kiosk)).map((entry) => entry.action);
    for (const action of [
      'staff-signed-in',
      'session-started',
      'identity-passed',
      'consent-signed',
      'consent-accepted',
      'lookup-answered',
      'rows-released',
      'report-made',
      'report-saved',
      'keys-destroyed',
      'case-recorded',
      'session-ended',
    ])
      expect(actions, action).toContain(action);
    expect(actions.filter((action) => action === 'lookup-answered')).toHaveLength(1);
    expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
  });
});
