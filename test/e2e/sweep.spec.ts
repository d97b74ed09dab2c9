/**
 * The sentinel sweep: every text, password, identity number and code of the demo carries a marker. After a
 * visit none is found where staff, logs or disk could give it away, the two released messages apart.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { zhCN as customerWords } from '../../renderer/customer/i18n/zh-CN.ts';
import { type Counter, openCounter } from './support/counter.ts';
import { makeReport, saveReport } from './support/report.ts';
import { heapOf, stringsWith, sweepFolder, wordsIn } from './support/sweep.ts';
import { tapped, tapStaff } from './support/tap.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
const sentinel = 'ZQSENTINEL';
let counter: Counter;
test.beforeEach(async () => {
  counter = await openCounter({ central: { sentinel } });
});
test.afterEach(() => counter?.close());

test('nothing planted is found on the staff plane, in logs or on disk', async () => {
  test.setTimeout(240_000);
  await tapStaff(counter.app);
  await people(counter).clerk.signIn();
  const { clerk, customer } = await playTo(counter, 'reading', { number });
  const secrets = await counter.central.allSecrets();
  const mine = counter.central.secrets(number);
  const words = [
    ...new Set([sentinel, ...secrets, mine.servicePassword, mine.identityNumber, ...mine.codes]),
  ];

  await test.step('the check can fail: the customer’s heap holds what they read', async () => {
    const list = customer.page.getByRole('list', { name: customerWords.records.list });
    await expect(list.getByRole('listitem').first()).toContainText(sentinel);
    expect(stringsWith(await heapOf(customer.page), [sentinel]).length).toBeGreaterThan(0);
  });

  await test.step('before a release the staff window holds none', async () => {
    expect(stringsWith(await heapOf(clerk.page), words)).toHaveLength(0);
  });

  await test.step('nor was any sent to it, and the tap does hear', async () => {
    const messages = await tapped(counter.app);
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.some((message) => message.includes('serving.reading'))).toBe(true);
    expect(messages.filter((message) => words.some((word) => message.includes(word)))).toHaveLength(0);
  });

  await customer.release(2);
  await expect(clerk.page.locator('blockquote')).toHaveCount(2);
  const released = await clerk.page.locator('blockquote').allInnerTexts();
  await test.step('after it, the two and no other', async () => {
    const markers = (text: string) =>
      [...text.matchAll(new RegExp(`${sentinel}\\w*`, 'g'))].map(([marker]) => marker);
    const allowed = new Set(released.flatMap(markers));
    const held = new Set(stringsWith(await heapOf(clerk.page), words).flatMap(markers));
    expect([...held].filter((marker) => !allowed.has(marker))).toHaveLength(0);
    expect(held.size).toBeGreaterThan(0);
  });

  await makeReport(customer, { texts: true });
  await saveReport(customer);
  await customer.press(customerWords.receipt.finish);
  await clerk.close('无需后续');
  await customer.phase('idle');

  await test.step('after the visit neither window holds any', async () => {
    expect(stringsWith(await heapOf(clerk.page), words)).toHaveLength(0);
    expect(stringsWith(await heapOf(customer.page), words)).toHaveLength(0);
  });

  await test.step('and over the whole visit only the two were sent', async () => {
    const allowed = released.flatMap((text) =>
      [...text.matchAll(new RegExp(`${sentinel}\\w*`, 'g'))].map(([m]) => m),
    );
    const sent = (await tapped(counter.app)).flatMap((message) =>
      [...message.matchAll(new RegExp(`${sentinel}\\w*`, 'g'))].map(([marker]) => marker),
    );
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.filter((marker) => !allowed.includes(marker))).toHaveLength(0);
    const others = words.filter((word) => word !== sentinel);
    const messages = await tapped(counter.app);
    expect(messages.filter((message) => others.some((word) => message.includes(word)))).toHaveLength(0);
  });

  const full = [...words, '张三', number];
  await test.step('nor do logs', async () => {
    expect(wordsIn(Buffer.from(counter.output()), full)).toHaveLength(0);
    expect(wordsIn(await readFile(counter.central.logPath), full)).toHaveLength(0);
  });

  await test.step('nor the profile, running and closed', async () => {
    const running = await sweepFolder(counter.kiosk, full);
    expect(running.found).toEqual([]);
    expect(running.searched).toBeGreaterThan(10);
    await counter.app.close();
    const closed = await sweepFolder(counter.kiosk, full);
    expect(closed.found).toEqual([]);
  });
});
