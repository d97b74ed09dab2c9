/** Electron's BrowserWindow on a Chromium window. */
import type { BrowserWindowConstructorOptions } from 'electron';
import { type Rectangle, screen } from './screen.ts';
import { HostEmitter, hostEvent, NotImplemented, noEffect } from './strict.ts';
import { destroyContents, makeContents, pageOf, type WebContents, windowOf } from './web-contents.ts';
import { ChromiumWindow } from './window-placement.ts';

const EVENTS = [
  'closed',
  'close',
  'ready-to-show',
  'focus',
  'blur',
  'show',
  'hide',
  'unresponsive',
  'responsive',
  'enter-full-screen',
  'leave-full-screen',
  'resize',
];
/** Options that the host carries out, and those that make no difference to a page. */
const OPTIONS: ReadonlySet<string> = new Set([
  'webPreferences',
  'x',
  'y',
  'width',
  'height',
  'show',
  'kiosk',
  'fullscreen',
  'title',
  'frame',
  'backgroundColor',
  'autoHideMenuBar',
  'minWidth',
  'minHeight',
  'maxWidth',
  'maxHeight',
  'resizable',
  'movable',
  'minimizable',
  'maximizable',
  'closable',
  'focusable',
  'alwaysOnTop',
  'fullscreenable',
  'skipTaskbar',
  'icon',
  'useContentSize',
  'center',
  'enableLargerThanScreen',
  'hasShadow',
  'darkTheme',
  'titleBarStyle',
  'paintWhenInitiallyHidden',
  'thickFrame',
  'disableAutoHideCursor',
  'acceptFirstMouse',
  'simpleFullscreen',
  'roundedCorners',
]);

const windows = new Set<BrowserWindow>();
let focused: BrowserWindow | undefined;
let lastId = 0;
let onAllClosed: () => void = () => undefined;

/** Tells `listener` whenever the last window has closed. */
export function onAllWindowsClosed(listener: () => void): void {
  onAllClosed = listener;
}

/** A window with one page. */
export class BrowserWindow extends HostEmitter {
  readonly id: number = ++lastId;
  readonly webContents: WebContents;
  #bounds: Rectangle;
  #title: string;
  #visible: boolean;
  #kiosk: boolean;
  #fullScreen: boolean;
  #protected = false;
  #onTop: boolean;
  #destroyed = false;
  readonly #window: ChromiumWindow;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super('BrowserWindow', EVENTS);
    for (const name of Object.keys(options)) {
      if (!OPTIONS.has(name)) throw new NotImplemented(`BrowserWindow option ${name}`);
    }
    const { width = 800, height = 600 } = options;
    const area = screen.getPrimaryDisplay().workArea;
    // Without a place Electron centres the window.
    const {
      x = area.x + Math.round((area.width - width) / 2),
      y = area.y + Math.round((area.height - height) / 2),
    } = options;
    this.#bounds = { x, y, width, height };
    this.#title = options.title ?? 'Electron';
    this.#visible = options.show ?? true;
    this.#kiosk = options.kiosk ?? false;
    this.#fullScreen = options.fullscreen ?? this.#kiosk;
    this.#onTop = options.alwaysOnTop ?? false;
    this.webContents = makeContents(options.webPreferences ?? {}, this);
    windows.add(this);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', hostEvent({})));
    this.#window = new ChromiumWindow(pageOf(this.webContents), {
      bounds: this.#bounds,
      visible: this.#visible,
      fullScreen: this.#fullScreen,
    });
    if (this.#visible) this.#takeFocus();
  }

  #place(): void {
    this.#window.place({ bounds: this.#bounds, visible: this.#visible, fullScreen: this.#fullScreen });
  }

  loadURL(url: string, options?: object): Promise<void> {
    if (options !== undefined) throw new NotImplemented('BrowserWindow.loadURL with options');
    return this.webContents.loadURL(url);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    if (!this.#visible) {
      this.#visible = true;
      this.#place();
      this.emit('show', hostEvent({}));
    }
    this.focus();
  }

  showInactive(): void {
    if (this.#visible) return;
    this.#visible = true;
    this.#place();
    this.emit('show', hostEvent({}));
  }

  /** Emulated: the window is minimised. */
  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#place();
    this.#loseFocus();
    this.emit('hide', hostEvent({}));
  }

  focus(): void {
    if (!this.#visible) return;
    this.#window.raise();
    this.#takeFocus();
  }

  blur(): void {
    this.#loseFocus();
  }

  moveTop(): void {
    this.focus();
  }

  #takeFocus(): void {
    if (focused === this || this.#destroyed) return;
    if (focused) focused.#loseFocus();
    focused = this;
    this.emit('focus', hostEvent({}));
  }

  #loseFocus(): void {
    if (focused !== this) return;
    focused = undefined;
    this.emit('blur', hostEvent({}));
  }

  isFocused(): boolean {
    return focused === this;
  }

  isVisible(): boolean {
    return this.#visible && !this.#destroyed;
  }

  isMinimized(): boolean {
    return false;
  }

  /** Emits `close`, which a listener may prevent, and then closes. */
  close(): void {
    if (this.#destroyed) return;
    const event = hostEvent({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    this.#loseFocus();
    destroyContents(this.webContents);
    this.#window.close();
    this.emit('closed', hostEvent({}));
    if (windows.size === 0) onAllClosed();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.#place();
    this.emit('resize', hostEvent({}));
  }

  getBounds(): Rectangle {
    return this.#fullScreen ? { ...screen.getDisplayMatching(this.#bounds).bounds } : { ...this.#bounds };
  }

  getNormalBounds(): Rectangle {
    return { ...this.#bounds };
  }

  setKiosk(flag: boolean): void {
    this.#kiosk = flag;
    this.setFullScreen(flag);
  }

  isKiosk(): boolean {
    return this.#kiosk;
  }

  setFullScreen(flag: boolean): void {
    if (this.#fullScreen === flag) return;
    this.#fullScreen = flag;
    this.#place();
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen', hostEvent({}));
  }

  isFullScreen(): boolean {
    return this.#fullScreen;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  // Kept and told, without effect: a test's Chromium has no window manager to ask.
  setContentProtection(enable: boolean): void {
    this.#protected = enable;
  }

  isContentProtected(): boolean {
    return this.#protected;
  }

  setAlwaysOnTop(flag: boolean, _level?: string, _relativeLevel?: number): void {
    this.#onTop = flag;
  }

  isAlwaysOnTop(): boolean {
    return this.#onTop;
  }

  readonly setMenu = noEffect;
  readonly removeMenu = noEffect;
  readonly setMenuBarVisibility = noEffect;
  readonly setAutoHideMenuBar = noEffect;
  readonly setSkipTaskbar = noEffect;
  readonly setVisibleOnAllWorkspaces = noEffect;
  readonly setResizable = noEffect;
  readonly setMovable = noEffect;
  readonly setMinimizable = noEffect;
  readonly setClosable = noEffect;
  readonly setBackgroundColor = noEffect;

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    const found = windowOf(contents);
    return found instanceof BrowserWindow && !found.#destroyed ? found : null;
  }

  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
  }

  /** For the host: the window whose target this is. */
  static ofTarget(targetId: string): BrowserWindow | undefined {
    return BrowserWindow.getAllWindows().find((window) => pageOf(window.webContents).targetId === targetId);
  }
}
