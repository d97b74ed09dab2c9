/** Every state of the staff window in a real browser under the strict policy: nothing refused, readable, usable. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../../renderer/staff/i18n/en.ts';
import { zhCN } from '../../../renderer/staff/i18n/zh-CN.ts';
import { type Gallery, type OpenScene, startGallery } from '../gallery/harness.ts';
import { prepare, type StaffLook } from '../gallery/staff-actions.ts';
import { type SceneName, scenes } from '../gallery/staff-scenes.ts';

// A browser and a build on a machine that does other things too.
const LIMIT = 180_000;
const small = { width: 1366, height: 768 };
const chinese: StaffLook = { language: 'zh-CN', light: 'day' };

let gallery: Gallery;
beforeAll(async () => {
  gallery = await startGallery('staff.html');
}, LIMIT);
afterAll(() => gallery.close(), LIMIT);

async function show(scene: SceneName, look: StaffLook = chinese): Promise<OpenScene> {
  const shown = await gallery.open(scene, small);
  await prepare(shown.page, scene, look);
  return shown;
}

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // One frame: no second page is opened to put the results of several together.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations: found } = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

/** What sticks out of the window, or has its words cut without an ellipsis. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    const cut = [...document.querySelectorAll<HTMLElement>('button, h1, h2, h3, label, legend')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
      .map((element) => `cut: ${element.textContent}`);
    return [...wide, ...cut];
  });
}

describe('every state keeps the policy, fits, and has no axe violation', () => {
  it.each(Object.keys(scenes) as SceneName[])(
    '%s',
    async (scene) => {
      const { page, complaints, close } = await show(scene);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toEqual([]);
      // The same in English, then by night: words have other lengths, colours other contrasts.
      await page.keyboard.press('Alt+4');
      expect(await overflow(page)).toEqual([]);
      await page.keyboard.press('Alt+5');
      expect(await violations(page, ['color-contrast'])).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
    LIMIT,
  );
});

const calls = (page: Page) => page.evaluate(() => window.double.calls);

describe('by keyboard', () => {
  it(
    'enters a request, hides the number once it is left, and starts the visit',
    async () => {
      const { page, close } = await show('idle');
      await page.keyboard.press('Alt+1');
      await page.keyboard.type('13900000001');
      await page.keyboard.press('Tab');
      expect(await page.getByLabel('手机号').inputValue()).toBe('139****0001');
      await page.getByRole('checkbox', { name: '短信' }).press('Space');
      await page.getByRole('radio', { name: '本人备查' }).press('Space');
      await page.getByText('查询 139****0001 在 10月22日至11月21日（31 天）的短信记录').waitFor();
      await page.keyboard.press('Control+Enter');
      expect((await calls(page)).at(-1)).toEqual({
        name: 'startSession',
        args: {
          subscriber: '13900000001',
          categories: ['sms'],
          period: { from: '2026-10-22', to: '2026-11-21' },
          purpose: 'own-copy',
          representation: { kind: 'self' },
        },
      });
      await close();
    },
    LIMIT,
  );

  it(
    'says beside each field what is missing, and sends nothing',
    async () => {
      const { page, close } = await show('idle');
      await page.getByLabel('开始日期').fill('2026-01-01');
      await page.keyboard.press('Control+Enter');
      for (const words of ['还没有填手机号。', '请至少选择一项查询内容。', '请问清客户的用途，选择一项。']) {
        await page.getByText(words).waitFor();
      }
      await page.getByText('最多可查 6 个月，开始日期不能早于 2026-05-21。').waitFor();
      expect((await calls(page)).map(({ name }) => name)).not.toContain('startSession');
      await close();
    },
    LIMIT,
  );

  it(
    'tries a sign-in once a press, and keeps no PIN',
    async () => {
      const { page, close } = await show('sign-in-refused');
      expect((await calls(page)).filter(({ name }) => name === 'signIn')).toHaveLength(1);
      expect(await page.getByLabel('口令').inputValue()).toBe('');
      await page.getByRole('alert').getByText('还可以试 2 次。').waitFor();
      await close();
    },
    LIMIT,
  );

  it(
    'ends a visit only after the question',
    async () => {
      const { page, close } = await show('cancel');
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.keyboard.press('Alt+7');
      await page.getByRole('button', { name: '确认结束' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      expect((await calls(page)).filter(({ name }) => name === 'cancel')).toHaveLength(1);
      await close();
    },
    LIMIT,
  );

  it(
    'closes with a follow-up, not with a full stop',
    async () => {
      const { page, close } = await show('follow-up');
      await page.getByLabel('后续行动').fill('.');
      await page.keyboard.press('Control+Enter');
      await page.getByText('请写一句后续行动').waitFor();
      await page.getByLabel('后续行动').fill('');
      await page.getByRole('button', { name: '无需后续' }).click();
      await page.keyboard.press('Control+Enter');
      expect((await calls(page)).at(-1)).toEqual({ name: 'closeSession', args: { followUp: '无需后续' } });
      await close();
    },
    LIMIT,
  );
});

describe('what a clerk has begun', () => {
  it(
    'is still there after a look at the day list: the follow-up, and a half-filled request',
    async () => {
      const { page, close } = await show('follow-up');
      await page.getByLabel('后续行动').fill('客户周五上午来取发票');
      await page.keyboard.press('Alt+3');
      await page.locator('[data-page="dayList"]').waitFor();
      // The way past the top bar leads to what is shown.
      const way = await page.locator('.staff-skip').getAttribute('href');
      expect(await page.locator(`main${way}`).isVisible()).toBe(true);
      expect(
        await page.locator('[id]').evaluateAll((all) => all.length - new Set(all.map(({ id }) => id)).size),
      ).toBe(0);
      // The visit's own keys rest meanwhile.
      await page.keyboard.press('Control+Enter');
      expect((await calls(page)).map(({ name }) => name)).not.toContain('closeSession');
      await page.keyboard.press('Alt+2');
      await page.getByRole('button', { name: '已提醒防诈骗，建议报警' }).click();
      await page.keyboard.press('Control+Enter');
      expect((await calls(page)).at(-1)).toEqual({
        name: 'closeSession',
        args: { followUp: '客户周五上午来取发票\n已提醒防诈骗，建议报警' },
      });
      await close();
      const idle = await show('idle');
      await idle.page.getByLabel('手机号').fill('13900000001');
      await idle.page.keyboard.press('Alt+3');
      await idle.page.locator('[data-page="dayList"]').waitFor();
      await idle.page.keyboard.press('Alt+2');
      await expect.poll(() => idle.page.getByLabel('手机号').inputValue()).toBe('139****0001');
      await idle.close();
    },
    LIMIT,
  );

  it(
    'is not left by signing out, and the window says why',
    async () => {
      const { page, close } = await show('follow-up');
      await page.evaluate(() => window.double.refuse('signOut', 'wrong-state'));
      await page.keyboard.press('Alt+9');
      await page.getByRole('alert').getByText(zhCN.top.signOutOpen).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: zhCN.warnings.noted }).click();
      expect(await page.getByText(zhCN.top.signOutOpen).count()).toBe(0);
      await close();
    },
    LIMIT,
  );
});

describe("the auditor's list", () => {
  it(
    'can be reached by keyboard after another search, and after scrolling away',
    async () => {
      const { page, close } = await show('audit');
      const stop = page.locator('.staff-audit-open[tabindex="0"]');
      await stop.first().focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('PageDown');
      await page.keyboard.press('Enter');
      await page.locator('.staff-audit-scroll').evaluate((box) => box.scrollTo({ top: 0 }));
      await expect.poll(() => stop.count()).toBe(1);
      await page.locator('.staff-select').selectOption('lookup-answered');
      await expect.poll(() => stop.count()).toBe(1);
      await stop.focus();
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('1');
      await close();
    },
    LIMIT,
  );
});

describe('what staff see of records', () => {
  it(
    'is rows without text, thousands of them, a few drawn',
    async () => {
      const { page, close } = await show('rows');
      const table = page.getByRole('table', { name: '逐条清单' });
      expect(await table.getAttribute('aria-rowcount')).toBe('1287');
      expect(await table.getByRole('row').count()).toBeLessThan(60);
      await page.getByRole('radio', { name: '发出' }).check();
      await page.getByText('321 条').first().waitFor();
      expect(await page.locator('body').textContent()).not.toContain('晚上七点');
      await close();
    },
    LIMIT,
  );

  it.each([chinese, { language: 'en', light: 'day' } as const])(
    'goes on without its chart in $language, which can be asked for again',
    async (look) => {
      const { page, close } = await gallery.open('reading', small);
      await page.route(/day-chart/, (route) => route.abort());
      await page.reload();
      await page.locator('[data-phase="serving.reading"]').waitFor();
      if (look.language === 'en') await page.keyboard.press('Alt+4');
      const words = look.language === 'en' ? en : zhCN;
      await page.getByRole('alert').getByText(words.records.chartFailed).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await page.getByRole('tab').count()).toBe(3);
      await page.unroute(/day-chart/);
      await page.getByRole('button', { name: look.language === 'en' ? 'Try again' : '再试一次' }).click();
      await page.locator('.staff-chart canvas').waitFor();
      expect(await page.getByText(words.records.chartFailed).count()).toBe(0);
      await close();
    },
    LIMIT,
  );

  it(
    'is gone with the wipe, released texts too, and the core hears it',
    async () => {
      const { page, close } = await show('released');
      await page.getByText('您中奖了，请点击链接领取。').waitFor();
      await page.evaluate(async () => {
        const result = await window.double.api.call('getView', {});
        if (!result.ok) throw new TypeError('no view');
        const { lookupId: _, ...rest } = result.value;
        window.double.push('wipe', { sessionId: rest.sessionId ?? '' });
        window.double.push('view', { ...rest, released: [], phase: 'ended', outcome: 'stopped' });
      });
      await page.locator('[data-phase="ended"]').waitFor();
      expect(await page.locator('body').textContent()).not.toContain('您中奖了');
      await expect.poll(async () => (await calls(page)).map(({ name }) => name)).toContain('wiped');
      await close();
    },
    LIMIT,
  );

  it(
    'is nothing while the customer has the only screen',
    async () => {
      const { page, close } = await show('handed-over');
      const words = await page.locator('body').textContent();
      expect(words).not.toContain('139****0001');
      expect(await page.getByRole('button').count()).toBe(0);
      await close();
    },
    LIMIT,
  );
});
