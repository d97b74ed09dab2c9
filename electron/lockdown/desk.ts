/** The two windows on their displays: shown to whom the screen belongs, reloaded, photographed, printed, wiped. */
import type { App, BrowserWindow, Screen as Displays, Session } from 'electron';
import type { Plane } from '../../shared/contract/names.ts';
import type { Screen, ScreenHolder } from '../gate/screen.ts';
import type { CustomerWindow } from '../gate/visit.ts';
import { type Arrangement, arrange, safeHolder } from './displays.ts';
import { planes } from './origins.ts';
import { loadPage, makeWindows, type PlaneWindows } from './windows.ts';

/** Inches. The footer needs its room. */
const MARGINS = { top: 0.5, bottom: 0.7, left: 0.5, right: 0.5 };
/** A renderer that keeps dying is not started again and again. */
const RELOADS = 5;
const RELOADS_MS = 60_000;

export interface DeskOptions {
  app: App;
  displays: Displays;
  preloads: string;
  setting: 'auto' | 'handover';
  sessions: Record<Plane, Session>;
  /** A window closed, or its page cannot be kept alive: the counter cannot go on. */
  onLost: (plane: Plane) => void;
}

export class Desk implements CustomerWindow {
  readonly #options: DeskOptions;
  #windows: PlaneWindows | undefined;
  readonly #reloads = new Map<Plane, number[]>();
  #arrangement: Arrangement;
  /** Who may have the display that is left, since displays last came or went. */
  #safe: 'staff' | 'customer' = 'staff';
  #screen: ScreenHolder | undefined;

  constructor(options: DeskOptions) {
    const { displays, setting } = options;
    const arrangement = arrange(displays.getAllDisplays(), displays.getPrimaryDisplay().id, setting);
    if (!arrangement) throw new Error('no display');
    this.#options = options;
    this.#arrangement = arrangement;
    displays.on('display-added', () => this.#rearrange());
    displays.on('display-removed', () => this.#rearrange());
    displays.on('display-metrics-changed', () => this.#rearrange());
  }

  get mode(): Screen['mode'] {
    return this.#arrangement.mode;
  }

  /** From here on the screen follows the displays: as they are now, whatever they were when it was made. */
  follow(screen: ScreenHolder): void {
    this.#screen = screen;
    screen.onChange((current) => this.show(current));
    screen.setMode(this.mode, this.#safe);
  }

  /** Makes both windows; `prepare` puts its listeners on each before any page is loaded. */
  async open(prepare: (plane: Plane, window: BrowserWindow) => void): Promise<void> {
    const { app, preloads, onLost } = this.#options;
    const windows = makeWindows(preloads, app.isPackaged, this.#arrangement);
    this.#windows = windows;
    for (const plane of planes) {
      windows[plane].on('closed', () => onLost(plane));
      windows[plane].webContents.on('render-process-gone', () => this.#revive(plane));
      windows[plane].webContents.on('unresponsive', () => this.#revive(plane));
      prepare(plane, windows[plane]);
      // What a crash or a kill may have left goes before a page could find it. SECURITY: S11
      await this.#options.sessions[plane].clearStorageData();
      await this.#options.sessions[plane].clearCache();
    }
    await Promise.all(planes.map((plane) => loadPage(windows[plane], plane)));
  }

  /** Shows each plane to whom the screen belongs. What must not be seen is hidden before the other is shown. */
  show({ mode, holder }: Screen): void {
    const windows = this.#windows;
    if (!windows) return;
    const has = (plane: Plane) => mode === 'dual' || holder === plane;
    for (const plane of planes) if (!has(plane)) windows[plane].hide();
    for (const plane of planes) {
      if (!has(plane)) continue;
      windows[plane].setBounds(this.#arrangement[plane]);
      windows[plane].show();
    }
  }

  async capture(): Promise<Uint8Array<ArrayBuffer>> {
    const image = await this.#window('customer').webContents.capturePage();
    return new Uint8Array(image.toPNG());
  }

  async print(footer: string): Promise<Uint8Array<ArrayBuffer>> {
    const pdf = await this.#window('customer').webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer,
      margins: MARGINS,
    });
    return new Uint8Array(pdf);
  }

  /** Clears a plane's storage and starts its page afresh. SECURITY: S11 S19 */
  async force(plane: Plane): Promise<void> {
    // The page first: an open database cannot be deleted, and its memory holds keys.
    const reloaded = loadPage(this.#window(plane), plane);
    // Together: a page that fails while the storage is cleared fails this call, not the whole core.
    await Promise.all([reloaded, this.#options.sessions[plane].clearStorageData()]);
    await this.#options.sessions[plane].clearStorageData();
  }

  #window(plane: Plane): BrowserWindow {
    const window = this.#windows?.[plane];
    if (!window || window.isDestroyed()) throw new Error(`no ${plane} window`);
    return window;
  }

  #revive(plane: Plane): void {
    const now = performance.now();
    const recent = (this.#reloads.get(plane) ?? []).filter((at) => now - at < RELOADS_MS);
    this.#reloads.set(plane, [...recent, now]);
    // SECURITY: S16 a page that dies again and again may be made to: the counter stops instead.
    if (recent.length >= RELOADS) this.#options.onLost(plane);
    else void loadPage(this.#window(plane), plane).catch(() => this.#options.onLost(plane));
  }

  #rearrange(): void {
    const { displays, setting } = this.#options;
    const all = displays.getAllDisplays();
    const next = arrange(all, displays.getPrimaryDisplay().id, setting);
    // No display at all: nothing is to be seen, and one will come back.
    if (!next) return;
    if (next.mode !== this.mode) this.#safe = safeHolder(this.#arrangement, all);
    this.#arrangement = next;
    const screen = this.#screen;
    screen?.setMode(next.mode, this.#safe);
    // Where the mode is what it was, the places are not.
    if (screen) this.show(screen.current);
  }
}
