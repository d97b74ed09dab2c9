/** A Chromium of our own with the store's page in it: its processes are known by number, so that they can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { findChromium } from '../../host/chromium.ts';
import type { StepName, StepResult } from './page/page.ts';

/** A step that has not come back by then hangs, ms. Above the store's own limit for one operation. */
const HANG_MS = 45_000;
/** Renderers that Chromium may keep in reserve. */
const RESERVE = 4;

export class StoreBrowser {
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly #origin: string;
  #page: Page | undefined;

  private constructor(child: ChildProcess, browser: Browser, origin: string) {
    this.#child = child;
    this.#browser = browser;
    this.#origin = origin;
  }

  static async open(profile: string, origin: string): Promise<StoreBrowser> {
    const child = spawn(
      findChromium(),
      [
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        '--no-first-run',
        '--disable-gpu',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const lines = createInterface({ input: child.stderr as Readable });
    const address = await new Promise<string>((resolve, reject) => {
      lines.on('line', (line) => {
        const [, found] = /^DevTools listening on (\S+)/.exec(line) ?? [];
        if (found) resolve(found);
      });
      child.once('exit', () => reject(new Error('Chromium did not start')));
    });
    return new StoreBrowser(child, await chromium.connectOverCDP(address), origin);
  }

  /** A page that has just been loaded, in place of the one before. */
  async fresh(): Promise<void> {
    const [context] = this.#browser.contexts();
    if (!context) throw new Error('no context');
    const old = context.pages();
    this.#page = await this.#newPage(context);
    await Promise.all(old.map((page) => page.close().catch(() => undefined)));
    await this.#page.goto(this.#origin);
    await this.#page.waitForSelector('html[data-ready]', { state: 'attached' });
  }

  /** A renderer that Chromium had in reserve may have been killed with the others: then it makes another. */
  async #newPage(context: BrowserContext): Promise<Page> {
    for (let tries = 0; ; tries++) {
      try {
        return await context.newPage();
      } catch (error) {
        if (tries === RESERVE) throw error;
      }
    }
  }

  /** @returns what a step came to; `gone` when its page was killed, `hang` when it does not come back */
  async step(name: StepName): Promise<StepResult> {
    const page = this.#page;
    if (!page) throw new Error('no page');
    const hang = delay(HANG_MS, { failed: 'hang', detail: name }, { ref: false });
    const done = page.evaluate((step) => Reflect.get(globalThis, 'step')(step) as Promise<StepResult>, name);
    return Promise.race([done.catch(() => ({ failed: 'gone', detail: name })), hang]);
  }

  /** kill -9 of every renderer of this Chromium. */
  async killRenderers(): Promise<number> {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    for (const { id } of renderers) process.kill(id, 'SIGKILL');
    return renderers.length;
  }

  /** Of the page's own target. */
  async session(): Promise<CDPSession> {
    const page = this.#page;
    if (!page) throw new Error('no page');
    return page.context().newCDPSession(page);
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    await this.#browser.close().catch(() => undefined);
    this.#child.kill('SIGTERM');
    const late = delay(5_000, undefined, { ref: false }).then(() => this.#child.kill('SIGKILL'));
    await Promise.race([gone, late.then(() => gone)]);
  }
}
