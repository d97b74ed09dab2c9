/** What is kept for a case: keeping it, coming back for it, and what of it lies on the disk. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrantName } from '../../../shared/domain/scope.ts';
import type { Counter } from './counter.ts';
import type { Customer } from './customer.ts';
import { expect } from './expect.ts';
import { type People, playTo, proofOf } from './visit.ts';

export const keeping: readonly GrantName[] = ['lookup', 'analysis', 'release', 'keep'];

/** The customer is done, and what was found is sealed. */
export async function finishKeeping(customer: Customer): Promise<void> {
  await customer.press(customer.words.records.finish);
  await customer.press(customer.words.kept.finishKeepConfirm);
  await customer.phase('serving.followUp');
}

/** A whole visit after which the records are kept for a case. */
export async function keepFor(counter: Counter, number: string): Promise<People> {
  const visit = await playTo(counter, 'reading', { number, grants: keeping });
  await finishKeeping(visit.customer);
  await visit.clerk.close('投诉已登记，等计费核查');
  await visit.customer.phase('idle');
  return visit;
}

/** The clerk's list of cases, by keyboard as a clerk would. */
export async function openList({ clerk }: People): Promise<void> {
  await clerk.page.keyboard.press('Alt+3');
  await expect(clerk.page.getByRole('heading', { name: clerk.words.held.title })).toBeVisible();
}

/** The customer is back: the clerk opens their case, and the customer sees what it is about. */
export async function comeBack(people: People): Promise<void> {
  await openList(people);
  await people.clerk.button(people.clerk.words.held.open).first().click();
}

/** The customer agrees and proves who they are. */
export async function proveAgain(counter: Counter, { customer }: People, number: string): Promise<void> {
  await customer.phase('serving.request');
  await customer.press(customer.words.kept.requestAccept);
  await customer.phase('serving.identity.entering');
  await customer.prove(proofOf(counter, number));
}

/** Names of files of kept cases. */
export const heldFiles = (counter: Counter): Promise<string[]> =>
  readdir(join(counter.kiosk, 'held')).catch(() => []);
