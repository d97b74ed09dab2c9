/** A hostile script in a window: what it tries and what the page, the core or Chromium answered. */
import type { ConsoleMessage, ElectronApplication, Page } from '@playwright/test';
import type { Result } from '../../../shared/domain/errors.ts';
import {
  type Attack,
  type Foothold,
  gotThrough,
  type Refusal,
  type Rule,
  refused,
  withoutEffect,
} from '../attack.ts';

/** What a script saw: whether it got what it wanted, and the answer. A throw is a refusal in its own words. */
export type Seen = readonly [through: boolean, answer: string];

/** What scripts find on `window.attackTools`. */
export interface Tools {
  /** The next violation of the content security policy. */
  violation(): Promise<Seen>;
  /** Settles once the window has gone through another request and two frames. */
  settled(): Promise<void>;
  /** The address of the other plane's page, in this host's spelling. */
  otherPlane(): string;
}

function installTools(): void {
  const tools: Tools = {
    violation: () =>
      new Promise((resolve) => {
        document.addEventListener(
          'securitypolicyviolation',
          (event) =>
            resolve([false, `CSP ${event.effectiveDirective} blocked ${event.blockedURI || 'inline'}`]),
          { once: true },
        );
      }),
    settled: async () => {
      for (let i = 0; i < 2; i++) {
        await fetch(location.pathname, { cache: 'no-store' });
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    },
    otherPlane: () =>
      location.pathname.startsWith('/staff/')
        ? location.href.replaceAll('staff', 'customer')
        : location.href.replaceAll('customer', 'staff'),
  };
  Object.assign(window, { attackTools: tools });
}

/** Has the core's process note what its own listeners decided about navigations. Once for each run of the counter. */
export function noteDecisions(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => {
    const noted: string[] = [];
    Object.assign(globalThis, { attackDecisions: noted });
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const own = webContents.getURL();
      const note = (name: string, url: string, prevented: boolean) => {
        // The page's own reload is the one navigation there is.
        if (prevented || url !== own)
          noted.push(`${name} to ${url.split(':', 1)[0]}: ${prevented ? 'prevented' : 'allowed'}`);
      };
      webContents.on('will-navigate', (event) => note('will-navigate', event.url, event.defaultPrevented));
      webContents.on('will-frame-navigate', (event) =>
        note('will-frame-navigate', event.url, event.defaultPrevented),
      );
    }
  });
}

function takeDecisions(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => {
    const noted: string[] = Reflect.get(globalThis, 'attackDecisions') ?? [];
    return [...new Set(noted.splice(0))];
  });
}

/** A window with a listener for what Chromium says about refusals. */
export class Window {
  readonly page: Page;
  readonly foothold: Foothold;
  readonly #app: ElectronApplication;
  readonly #said: string[] = [];

  constructor(app: ElectronApplication, page: Page, foothold: Foothold) {
    this.#app = app;
    this.page = page;
    this.foothold = foothold;
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#said.push(message.text());
    });
  }

  /** Runs a script in the page as if the page had been taken over. */
  async run(script: () => Seen | Promise<Seen>): Promise<Refusal> {
    this.#said.length = 0;
    await this.page.evaluate(installTools);
    const path = new URL(this.page.url()).pathname;
    await takeDecisions(this.#app);
    await this.page.evaluate(() => Object.assign(window, { attackMark: true }));
    let seen: Seen;
    try {
      seen = await this.page.evaluate(script);
    } catch (error) {
      const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      // A page that went away under the script has been navigated.
      if (/context was destroyed|Target.*closed|crashed/i.test(words)) return gotThrough(words);
      seen = [false, words.replace(/^page\.evaluate: /, '')];
    }
    const [through, answer] = seen;
    if (through) return gotThrough(answer);
    const marked = await this.page.evaluate(() => Reflect.get(window, 'attackMark') === true);
    const now = new URL(this.page.url()).pathname;
    if (!marked || now !== path) return gotThrough(`the page went to ${now}`);
    const said = this.#said.find((text) => /refus|not allow|block|unsafe|violat|denied/i.test(text));
    const core = await takeDecisions(this.#app);
    if (core.some((decision) => decision.includes('allowed'))) return gotThrough(core.join(', '));
    const words = [answer, ...core, ...(said && !answer.includes('CSP') ? [said] : [])];
    return refused(words.join(' · '));
  }

  /** Calls the core over the window's own bridge. */
  call(name: string, args: unknown = {}): Promise<Result<unknown>> {
    return this.page.evaluate(([command, given]) => Reflect.get(window, 'zhiqing').call(command, given), [
      name,
      args,
    ] as const);
  }
}

export type Script = () => Seen | Promise<Seen>;

/** Scripts as attacks, each with a look at what they must not change. */
export function scripts(
  window: Window,
  family: string,
  rule: Rule,
  table: Readonly<Record<string, Script>>,
  state: () => Promise<string>,
): Attack[] {
  return Object.entries(table).map(([name, script]) => ({
    id: `${family}/${name}`,
    foothold: window.foothold,
    rule,
    try: () => withoutEffect(state, () => window.run(script)),
  }));
}

/** A refusal by the core, as data: its kind, and the field or reason it names. */
export function answerOf(result: Result<unknown>, kinds: readonly string[]): Refusal {
  if (result.ok) return gotThrough(`accepted: ${JSON.stringify(result.value)?.slice(0, 120)}`);
  const { kind, detail, code } = result.error;
  const words = `${kind} ${code}${detail === undefined ? '' : ` (${detail})`}`;
  // A crash is no refusal.
  return kinds.includes(kind) ? refused(words) : gotThrough(`another answer: ${words}`);
}

/** A command of the window's bridge as an attack. */
export function command(
  window: Window,
  rule: Rule,
  id: string,
  name: string,
  args: unknown,
  kinds: readonly string[],
  state: () => Promise<string>,
): Attack {
  return {
    id,
    foothold: window.foothold,
    rule,
    try: () => withoutEffect(state, async () => answerOf(await window.call(name, args), kinds)),
  };
}
