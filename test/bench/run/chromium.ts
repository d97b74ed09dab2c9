/** The one Chromium of the bench: headless, with a persistent profile, so that storage is on the disk and outlives it. */
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { findChromium } from '../../host/chromium.ts';
import { canTellMemory, familyOf, memoryOf, rootOf, untilIdle } from './processes.ts';

export interface Browser {
  readonly context: BrowserContext;
  /** Opens a contestant's page in its own origin, alone, and waits until the browser has nothing else to do. */
  open(contestant: string): Promise<Page>;
  /** Waits until the browser has nothing else to do. */
  settle(): Promise<void>;
  /** Memory of all renderer processes, in bytes; undefined where the system does not tell. */
  rendererMemory(): number | undefined;
  close(): Promise<void>;
}

/** @param profile folder @param port of the server */
export async function startBrowser(profile: string, port: number): Promise<Browser> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    // As root there is no sandbox to be had.
    chromiumSandbox: process.getuid?.() !== 0,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // Renderers kept in reserve, or for the browser's own surface, would be at work meanwhile and be counted; `gc()`
    // makes memory comparable.
    args: [
      '--disable-features=SpareRendererForSitePerProcess,PreloadTopChromeWebUI',
      '--js-flags=--expose-gc',
    ],
  });
  const root = canTellMemory ? rootOf(`--user-data-dir=${profile}`) : undefined;
  const settle = async (): Promise<void> => {
    if (root !== undefined) await untilIdle(() => familyOf(root));
  };
  return {
    context,
    open: async (contestant) => {
      const page = await context.newPage();
      page.on('pageerror', (error) => process.stderr.write(`${contestant}: ${error.message}\n`));
      await page.goto(`http://${contestant}.localhost:${port}/page/`);
      await page.waitForFunction(() => 'bench' in window);
      await page.evaluate((name) => window.bench.start(name), contestant);
      await settle();
      return page;
    },
    settle,
    rendererMemory: () => {
      if (root === undefined) return undefined;
      return memoryOf(familyOf(root).filter(({ command }) => command.includes('--type=renderer')));
    },
    close: () => context.close(),
  };
}
