/** What a customer does at their own window, in their words. */
import type { Page } from '@playwright/test';
import { en } from '../../../renderer/customer/i18n/en.ts';
import { zhCN } from '../../../renderer/customer/i18n/zh-CN.ts';
import type { Language } from '../../../shared/domain/policy.ts';
import type { GrantName } from '../../../shared/domain/scope.ts';
import { expect } from './expect.ts';

export interface Proof {
  password?: string | undefined;
  code?: string | undefined;
  /** Identity number of who acts for the subject. */
  own?: string;
}

export class Customer {
  readonly page: Page;
  readonly words: typeof zhCN | typeof en;
  constructor(page: Page, language: Language = 'zh-CN') {
    this.page = page;
    this.words = language === 'en' ? en : zhCN;
  }

  async phase(name: string, timeout?: number): Promise<void> {
    const root = this.page.locator('[data-phase]').first();
    await expect(root).toHaveAttribute('data-phase', name, timeout === undefined ? {} : { timeout });
  }
  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }
  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  async accept(): Promise<void> {
    await this.phase('serving.request');
    await this.press(this.words.request.accept);
  }

  /** Turns every page of the notice to its end. `onPage` sees each one. */
  async readNotice(onPage: (page: number) => Promise<void> = async () => undefined): Promise<void> {
    await this.phase('serving.notice');
    const done = this.button(this.words.notice.done);
    const next = this.button(this.words.notice.next);
    for (let page = 1; ; page++) {
      await expect(done.or(next)).toBeVisible();
      await onPage(page);
      await this.page.locator('.notice-page').evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
      if (await done.isVisible()) break;
      await next.click();
      await expect(this.page.getByRole('status').filter({ hasText: String(page + 1) })).toBeVisible();
    }
    await done.click();
  }

  async prove(proof: Proof): Promise<void> {
    await this.phase('serving.identity.entering');
    const { fields } = this.words.identity;
    const typed = [
      [fields['service-password'], proof.password],
      [fields['one-time-code'], proof.code],
      [fields['representative-identity-number'], proof.own],
    ] as const;
    for (const [label, value] of typed)
      if (value !== undefined) await this.page.getByLabel(label, { exact: true }).fill(value);
    await this.press(this.words.identity.submit);
  }

  /** Picks the answer with these words. */
  async answer(text: string): Promise<void> {
    await this.phase('serving.question');
    // After a wrong answer the passage that says it lies over the page until it is put aside.
    const again = this.button(this.words.question.again);
    if (await again.isVisible()) await again.click();
    await this.page.getByRole('radio', { name: text }).check({ force: true });
    await this.press(this.words.question.submit);
  }

  async tick(grants: readonly GrantName[]): Promise<void> {
    await this.phase('serving.ticks');
    for (const grant of grants)
      await this.page.getByRole('checkbox', { name: this.words.ticks.grants[grant] }).check({ force: true });
    await this.press(this.words.ticks.submit);
  }

  /** Where the pad is on the screen. */
  async pad(label: string): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.page.getByRole('img', { name: label }).boundingBox();
    if (!box) throw new Error('the pad has no place on the screen');
    return box;
  }

  /** Says that they can't sign, and makes a mark: one touch. */
  async mark(): Promise<void> {
    await this.phase('serving.signature');
    await this.press(this.words.signature.cannot);
    await this.press(this.words.signature.cannotMark);
    await this.phase('serving.mark');
    const box = await this.pad(this.words.mark.pad);
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await this.press(this.words.mark.done);
  }

  /** Draws on the pad with the mouse: two strokes. */
  async draw(): Promise<void> {
    await this.phase('serving.signature');
    const box = await this.pad(this.words.signature.pad);
    const { mouse } = this.page;
    for (const row of [0.35, 0.6]) {
      await mouse.move(box.x + box.width * 0.25, box.y + box.height * row);
      await mouse.down();
      for (let i = 1; i <= 24; i++)
        await mouse.move(
          box.x + box.width * (0.25 + (0.4 * i) / 24),
          box.y + box.height * (row + 0.12 * Math.sin(i / 2)),
        );
      await mouse.up();
    }
  }

  async sign(): Promise<void> {
    await this.draw();
    await this.press(this.words.signature.sign);
  }

  /** Ticks the first `count` rows on screen and shows them to staff. */
  async release(count: number): Promise<void> {
    await this.phase('serving.reading');
    const ticks = this.page.getByRole('checkbox', { name: this.words.records.pick.split('{{')[0] ?? '' });
    for (let i = 0; i < count; i++) await ticks.nth(i).check({ force: true });
    await this.press(this.words.records.show.replace('{{count}}', String(count)));
    await this.press(this.words.records.showConfirm);
  }

  async finish(): Promise<void> {
    await this.press(this.words.records.finish);
    await this.press(this.words.records.finishConfirm);
  }
}
