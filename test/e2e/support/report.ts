/** From the customer's records to the saved report, and what was saved. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counter } from './counter.ts';
import type { Customer } from './customer.ts';
import { expect } from './expect.ts';

export interface ReportChoice {
  texts?: boolean;
  name?: 'masked' | 'full' | 'hidden';
}

/** Opens the report page, chooses, and waits for the preview. */
export async function makeReport(customer: Customer, choice: ReportChoice = {}): Promise<void> {
  await customer.press(customer.words.records.report);
  await customer.phase('serving.report.composing');
  const pick = (name: string) =>
    customer.page.getByRole('radio', { name: new RegExp(`^${name}`) }).check({ force: true });
  if (choice.name) await pick(customer.words.report.nameStyles[choice.name]);
  if (choice.texts !== undefined)
    await pick(choice.texts ? customer.words.report.textsYes : customer.words.report.textsNo);
  await customer.press(customer.words.report.make);
  // A report of 20,000 rows has some thousand pages: laying them out takes its time, and the screen says so.
  await customer.phase('serving.report.preview', 600_000);
  // Drawn, not only there.
  await expect(customer.page.locator('canvas').first()).toBeVisible();
  await expect(customer.page.locator('canvas').first()).not.toHaveAttribute('aria-busy', 'true');
}

/** Saves what the preview shows and waits for the receipt. */
export async function saveReport(customer: Customer): Promise<void> {
  await customer.press(customer.words.report.save);
  await customer.phase('serving.receipt');
}

/** The folder of the one visit whose evidence was handed over. */
export async function evidenceFolder(counter: Counter): Promise<string> {
  const folders = (await readdir(counter.handover, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const [only] = folders;
  if (folders.length !== 1 || !only) throw new Error(`expected one evidence folder, found ${folders.length}`);
  return join(counter.handover, only.name);
}
