/** What has to be pressed before a scene is as its name says. By keyboard, as a clerk would. */
import type { Page } from '@playwright/test';
import type { SceneName } from './staff-scenes.ts';

export interface StaffLook {
  language: 'zh-CN' | 'en';
  light: 'day' | 'night';
}

export async function prepare(page: Page, scene: SceneName, look: StaffLook): Promise<void> {
  if (look.language === 'en') await page.keyboard.press('Alt+4');
  if (look.light === 'night') await page.keyboard.press('Alt+5');
  if (scene === 'day-list') await page.keyboard.press('Alt+3');
  if (scene.startsWith('held')) await held(page, scene);
  if (scene === 'shortcuts') await page.keyboard.press('Alt+0');
  if (scene === 'cancel') await page.keyboard.press('Alt+7');
  if (scene === 'sign-in-refused') {
    await page.locator('input').first().fill('1024');
    await page.locator('input[type=password]').fill('000000');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').waitFor();
  }
  if (scene === 'peers') await page.getByRole('tab').nth(1).click();
  if (scene === 'rows') {
    await page.getByRole('tab').nth(2).click();
    await page
      .getByRole('rowheader')
      .or(page.locator('.staff-grid td:nth-child(5):not(:empty)'))
      .first()
      .waitFor();
  }
  // Charts and tables come in a moment later; there is something to wait for in each.
  if (scene === 'reading' || scene === 'released' || scene === 'report') {
    await page.locator('.staff-chart canvas').waitFor();
  }
  if (scene.startsWith('audit')) await audit(page, scene);
  await page.evaluate(() => document.fonts.ready);
}

/** What is kept: from the start page to the list, to the question. */
async function held(page: Page, scene: SceneName): Promise<void> {
  if (scene === 'held') return;
  await page.keyboard.press('Alt+3');
  await page.locator('.staff-held').waitFor();
  if (scene === 'held-close') {
    await page.locator('.staff-held-actions .staff-action').nth(1).click();
    await page.getByRole('dialog').waitFor();
  }
}

/** The auditor's page, by keyboard where it can be. */
async function audit(page: Page, scene: SceneName): Promise<void> {
  const rows = page.locator('.staff-audit-open');
  await rows.first().waitFor();
  if (scene === 'audit-detail' || scene === 'audit-broken') {
    await rows.first().focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.staff-audit-side pre').first().waitFor();
  }
  if (scene === 'audit-filtered') {
    await page.locator('.staff-select').selectOption('lookup-answered');
    await page.locator('.staff-audit-filter input').nth(1).fill('2026-13-40');
    await page.keyboard.press('Enter');
    await page.locator('[data-problem="true"]').waitFor();
  }
  if (scene === 'audit-verifying') {
    await page.keyboard.press('Control+Enter');
    await page.locator('progress:not([hidden])').waitFor();
  }
  if (scene === 'audit-exported' || scene === 'audit-broken') {
    await page.locator('.staff-audit-act .staff-action').nth(1).click();
    await page.locator('.staff-audit-code:not(td):not(:empty), .zq-error').first().waitFor();
  }
}
