/** What is kept for a case: keeping it, coming back for it, and what of it lies on the disk. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { GrantName } from '../../../shared/domain/scope.ts';
import { filesUnder } from '../../support/profile-files.ts';
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

/**
 * Bytes of the sealed key and the sealed secrets of what is kept: without these its pages are noise, wherever Chromium
 * still has some of them.
 */
export async function piecesOf(counter: Counter): Promise<Buffer[]> {
  const names = (await heldFiles(counter)).filter((name) => /\.(key|case)$/.test(name));
  const files = await Promise.all(names.map((name) => readFile(join(counter.kiosk, 'held', name))));
  return files.flatMap((bytes) => {
    // Files of a case are some hundred bytes and more; 24 random bytes are nowhere by chance.
    const places = [0.1, 0.5, 0.9].map((share) => Math.floor(share * (bytes.length - 24)));
    return places.map((at) => bytes.subarray(at, at + 24));
  });
}

/** Files of the profile in which one of these pieces lies. */
export async function filesWith(counter: Counter, pieces: readonly Buffer[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, bytes } of filesUnder(counter.kiosk)) {
    if (pieces.some((piece) => bytes.includes(piece))) found.push(relative(counter.kiosk, path));
  }
  return found;
}
