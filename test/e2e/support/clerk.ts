/** What a clerk does at the staff window, in their words. */
import type { Page } from '@playwright/test';
import { en } from '../../../renderer/staff/i18n/en.ts';
import { zhCN } from '../../../renderer/staff/i18n/zh-CN.ts';
import { en as commonEn } from '../../../renderer/ui/i18n/en.ts';
import { zhCN as commonZh } from '../../../renderer/ui/i18n/zh-CN.ts';
import type { Language } from '../../../shared/domain/policy.ts';
import type { Representation } from '../../../shared/domain/representation.ts';
import type { Category, Purpose } from '../../../shared/domain/scope.ts';
import { expect } from './expect.ts';

/** Demo staff of the reference service. */
export const demoStaff = { id: '1024', pin: '246810' } as const;

/** A second one, who witnesses. */
export const demoWitness = { id: '1025', pin: '135791' } as const;

export interface Ask {
  number: string;
  categories?: Category[];
  purpose?: Purpose;
  /** Both ends; the last month when left out. */
  period?: { from: string; to: string };
  /** Who came; the subject themself when left out. */
  representation?: Representation;
}

export class Clerk {
  readonly page: Page;
  readonly words: typeof zhCN | typeof en;
  readonly common: typeof commonZh | typeof commonEn;
  constructor(page: Page, language: Language = 'zh-CN') {
    this.page = page;
    this.words = language === 'en' ? en : zhCN;
    this.common = language === 'en' ? commonEn : commonZh;
  }

  /** Waits until the visit is in a phase, e.g. `serving.reading`. */
  async phase(name: string): Promise<void> {
    await expect(this.page.locator('[data-phase]').first()).toHaveAttribute('data-phase', name);
  }
  button(name: string) {
    return this.page.getByRole('button', { name });
  }

  async signIn(staff: { id: string; pin: string } = demoStaff): Promise<void> {
    await this.page.getByLabel(this.words.signIn.staffId).fill(staff.id);
    await this.page.getByLabel(this.words.signIn.pin).fill(staff.pin);
    await this.button(this.words.signIn.submit).click();
    await expect(this.page.getByLabel(this.words.request.number)).toBeVisible();
  }

  /** Fills the request without sending it. */
  async fill(ask: Ask): Promise<void> {
    await this.page.getByLabel(this.words.request.number).fill(ask.number);
    for (const category of ask.categories ?? ['sms'])
      await this.page.getByRole('checkbox', { name: this.common.category[category] }).check();
    if (ask.period) {
      await this.page.getByRole('radio', { name: this.words.request.preset.custom }).check();
      await this.page.getByLabel(this.words.request.from).fill(ask.period.from);
      await this.page.getByLabel(this.words.request.to).fill(ask.period.to);
    } else await this.page.getByRole('radio', { name: this.words.request.preset.one }).check();
    await this.page.getByRole('radio', { name: this.common.purpose[ask.purpose ?? 'own-copy'] }).check();
    if (ask.representation) await this.note(ask.representation);
  }

  /** Says who came and notes their papers. */
  async note(representation: Representation): Promise<void> {
    const { kind } = representation;
    await this.page.getByRole('radio', { name: this.common.representation[kind], exact: true }).check();
    if (representation.kind === 'self') return;
    await this.page.getByLabel(this.words.request.name, { exact: true }).fill(representation.name);
    for (const paper of representation.documents)
      await this.page.getByLabel(this.common.document[paper.kind], { exact: true }).fill(paper.reference);
  }

  /** A second member of staff confirms what was signed. */
  async witness(staff: { id: string; pin: string } = demoWitness): Promise<void> {
    await this.phase('serving.witnessing.waiting');
    await this.page.getByLabel(this.words.witness.staffId).fill(staff.id);
    await this.page.getByLabel(this.words.witness.pin).fill(staff.pin);
    await this.button(this.words.witness.submit).click();
  }

  async start(ask: Ask): Promise<void> {
    await this.fill(ask);
    await this.button(this.words.request.submit).click();
  }

  async close(followUp: string): Promise<void> {
    await this.page.getByRole('textbox', { name: this.words.close.followUp }).fill(followUp);
    await this.button(this.words.close.submit).click();
    await this.phase('idle');
  }

  async acknowledge(): Promise<void> {
    await this.button(this.words.ended.acknowledge).click();
    await this.phase('idle');
  }

  async cancel(): Promise<void> {
    await this.button(this.words.visit.cancel).click();
    await this.button(this.words.visit.cancelYes).click();
  }
}
