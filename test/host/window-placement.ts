/** Chromium's window under a BrowserWindow: made once, then brought into the state that is asked for. */
import type { Page } from './page.ts';
import { browserContextOf, browserSession, whenStarted } from './runtime.ts';
import { type Rectangle, screen } from './screen.ts';

/** How a window is to stand. */
export interface Placement {
  readonly bounds: Rectangle;
  readonly visible: boolean;
  readonly fullScreen: boolean;
}

/** One window of Chromium; its operations run one after the other. */
export class ChromiumWindow {
  readonly #page: Page;
  #windowId = 0;
  #work: Promise<void>;

  constructor(page: Page, placement: Placement) {
    this.#page = page;
    this.#work = this.#open(placement);
    this.#work.catch((error: Error) => this.#failed(error));
  }

  async #open(placement: Placement): Promise<void> {
    await whenStarted();
    const browserContextId = await browserContextOf(this.#page.partition);
    if (this.#page.closed) return;
    const { x: left, y: top, width, height } = placement.bounds;
    await browserSession().send('Target.createTarget', {
      url: this.#page.marker,
      newWindow: true,
      left,
      top,
      width,
      height,
      ...(browserContextId === undefined ? {} : { browserContextId }),
    });
    await this.#page.ready;
    const found = await browserSession().send('Browser.getWindowForTarget', {
      targetId: this.#page.targetId,
    });
    this.#windowId = found.windowId;
    await this.#apply(placement);
  }

  /** Moves, hides or shows it. */
  place(placement: Placement): void {
    this.#enqueue(() => this.#apply(placement));
  }

  /** Brings it before the others. */
  raise(): void {
    this.#enqueue(async () => {
      await this.#page.session.send('Page.bringToFront');
    });
  }

  close(): void {
    const { targetId } = this.#page;
    // Already gone when Chromium closed it, and when the whole browser is closing.
    if (targetId !== '')
      browserSession()
        .send('Target.closeTarget', { targetId })
        .catch(() => undefined);
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#page.closed ? undefined : step()));
    this.#work.catch((error: Error) => this.#failed(error));
  }

  #failed(error: Error): void {
    if (!this.#page.closed) process.emitWarning(`chromium host: window ${this.#page.id}: ${error.message}`);
  }

  async #apply({ bounds, visible, fullScreen }: Placement): Promise<void> {
    const set = (to: object): Promise<unknown> =>
      browserSession().send('Browser.setWindowBounds', { windowId: this.#windowId, bounds: to });
    // Every other state can only be reached from the normal one.
    await set({ windowState: 'normal' });
    await set({ left: bounds.x, top: bounds.y, width: bounds.width, height: bounds.height });
    if (!visible) {
      await set({ windowState: 'minimized' });
      return;
    }
    if (!fullScreen) return;
    // A desktop without a window manager knows no full screen: the window has the display's size anyway.
    const display = screen.getDisplayMatching(bounds).bounds;
    await set({ left: display.x, top: display.y, width: display.width, height: display.height });
    await set({ windowState: 'fullscreen' });
  }
}
