import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../chromium.ts';
import { storedOrigins } from '../stored-origins.ts';

let profile: string;
beforeAll(async () => {
  profile = await mkdtemp(path.join(os.tmpdir(), 'stored-origins-'));
});
afterAll(() => rm(profile, { recursive: true, force: true }));

const writeFile = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    await folder.getFileHandle('x', { create: true });
  });
const writeDatabase = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open('x');
        open.onsuccess = () => resolve(open.result.close());
        open.onerror = () => reject(open.error);
      }),
  );

test('origins that have written something, and no others, are found when the browser is gone', async () => {
  expect([...storedOrigins(profile)]).toEqual([]);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  await context.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  const page = await context.newPage();
  for (const [host, write] of [
    ['counter.staff.internal', writeFile],
    ['counter.customer.internal', writeDatabase],
    ['counter.nobody.internal', async () => undefined],
  ] as const) {
    await page.goto(`https://${host}/`);
    await write(page);
  }
  await context.close();
  expect([...storedOrigins(profile)].sort()).toEqual([
    'https://counter.customer.internal',
    'https://counter.staff.internal',
  ]);
});
