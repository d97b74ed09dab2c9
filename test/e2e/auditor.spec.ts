/** The auditor at the staff window: entries, proofs, verification, export; and nobody else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { isAuditExport, verifyExport } from '../../build/verify/checks/export.ts';
import { zhCN as staffWords } from '../../renderer/staff/i18n/zh-CN.ts';
import { type Bytes, utf8 } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import { auditOf, type Counter, openCounter } from './support/counter.ts';
import { people, playTo } from './support/visit.ts';

const number = '13900010001';
const words = staffWords.audit;
let counter: Counter;
test.afterEach(() => counter?.close());

async function signInAsAuditor({ staff: page }: Counter): Promise<void> {
  await page.getByLabel(staffWords.signIn.staffId).fill('2001');
  await page.getByLabel(staffWords.signIn.pin).fill('864209');
  await page.getByRole('button', { name: staffWords.signIn.submit }).click();
  await expect(page.getByRole('heading', { name: words.title })).toBeVisible();
}
const lines = (page: Page) => page.locator('.staff-audit-scroll tbody tr[data-opened]');
/** What the staff window's own API answers: an ok, or the kind of the refusal. */
const ask = (page: Page, name: 'auditState' | 'auditExport' | 'dayList') =>
  page.evaluate(async (command) => {
    const { call } = (window as unknown as { zhiqing: PlaneApi<'staff'> }).zhiqing;
    const answer =
      command === 'dayList' ? await call(command, { day: '2026-11-22' }) : await call(command, {});
    return answer.ok ? 'ok' : answer.error.kind;
  }, name);

test('sees what happened with its proof, filters, verifies, exports; the export checks offline', async () => {
  counter = await openCounter();
  const { clerk, customer } = people(counter);
  const { page } = clerk;
  await clerk.signIn();

  await test.step('a clerk has no way to it', async () => {
    await expect(page.getByText(words.title)).toHaveCount(0);
    expect(await ask(page, 'auditState')).toBe('forbidden');
    expect(await ask(page, 'auditExport')).toBe('forbidden');
    expect(await readdir(counter.handover)).toEqual([]);
  });

  await playTo(counter, 'reading', { number });
  await customer.finish();
  await clerk.phase('serving.followUp');
  await clerk.close(staffWords.close.phrases.none);
  await page.keyboard.press('Alt+9');
  await signInAsAuditor(counter);

  await test.step('entries, newest first, and nothing of customers', async () => {
    await expect(lines(page).first()).toBeVisible();
    await expect(lines(page).filter({ hasText: words.actions['lookup-answered'] })).toHaveCount(1);
    await expect(page.getByText(staffWords.today.title)).toHaveCount(0);
    await expect(page.getByLabel(staffWords.request.number)).toHaveCount(0);
    expect(await ask(page, 'dayList')).toBe('forbidden');
    expect(await page.locator('body').textContent()).not.toContain(number);
  });

  await test.step('filtered by action, and by the id of the session', async () => {
    await page.getByLabel(words.filter.action).selectOption('lookup-denied');
    await expect(page.getByText(words.table.none)).toBeVisible();
    await page.getByLabel(words.filter.action).selectOption('lookup-answered');
    await expect(lines(page)).toHaveCount(1);
    await page.getByRole('button', { name: words.filter.clear }).click();
    const started = (await auditOf(counter.kiosk)).find(({ action }) => action === 'session-started');
    const { sessionId = '' } = started as { sessionId?: string };
    await page.getByLabel(words.filter.id).fill(sessionId);
    await page.keyboard.press('Enter');
    await expect(lines(page).filter({ hasText: words.actions['session-ended'] })).toHaveCount(1);
    await expect(lines(page).filter({ hasText: words.actions['core-started'] })).toHaveCount(0);
  });

  await test.step('an entry by keyboard, with its proof worked out on the spot', async () => {
    await page.locator('.staff-audit-open').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByText(words.detail.holds)).toBeVisible();
    await expect(page.getByText('zhiqing/audit/counter-0001').first()).toBeVisible();
  });

  await test.step('verifies all of it', async () => {
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText(words.verify.done.split('{{n}}')[1] ?? '')).toBeVisible();
  });

  await test.step('exports it, and the folder checks offline against the root alone', async () => {
    await page.getByRole('button', { name: words.export.button }).click();
    await expect(page.getByText(words.export.done.split('{{folder}}')[0] ?? '')).toBeVisible();
    const [name = ''] = (await readdir(counter.handover)).filter((one) => one.startsWith('audit-'));
    await expect(page.getByText(name)).toBeVisible();
    const folder = join(counter.handover, name);
    const files = new Map<string, Bytes>();
    for (const file of await readdir(folder))
      files.set(file, new Uint8Array(await readFile(join(folder, file))));
    expect(isAuditExport(files)).toBe(true);
    const root = await sha256Hex(counter.central.authority.root.certificate);
    const checks = await verifyExport(files, { root });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
    // Another root than the operator's, and a log with one word changed.
    const other = await verifyExport(files, { root: 'a'.repeat(64) });
    expect(other.every(({ ok }) => ok)).toBe(false);
    const log = [...files.keys()].find((file) => file.endsWith('.jsonl')) ?? '';
    const text = Buffer.from(files.get(log) ?? [])
      .toString('utf8')
      .replace('own-copy', 'nuisance');
    const changed = await verifyExport(new Map([...files, [log, utf8(text)]]), { root });
    expect(changed.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('entries');
  });

  await test.step('who watches is watched', async () => {
    const audit = await auditOf(counter.kiosk);
    const mine = audit.filter((entry) => (entry as { staffId?: string }).staffId === '2001');
    const actions = mine.map(({ action }) => action);
    expect(actions).toContain('log-viewed');
    expect(actions).toContain('log-exported');
    expect(audit.filter(({ action }) => action === 'log-denied')).toHaveLength(2);
  });
});

test('an auditor cannot start a visit, whatever the window asks', async () => {
  counter = await openCounter();
  await signInAsAuditor(counter);
  const answer = await counter.staff.evaluate(() =>
    (window as unknown as { zhiqing: PlaneApi<'staff'> }).zhiqing.call('startSession', {
      subscriber: '13900010001',
      categories: ['sms'],
      period: { from: '2026-11-01', to: '2026-11-02' },
      purpose: 'own-copy',
      representation: { kind: 'self' },
    }),
  );
  expect(answer).toMatchObject({ ok: false, error: { kind: 'forbidden' } });
  await expect
    .poll(async () => (await auditOf(counter.kiosk)).map(({ action }) => action))
    .toContain('session-refused');
});
