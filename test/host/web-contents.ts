/** Electron's WebContents: the face of a {@link Page}. */
import type { PrintToPDFOptions, WebPreferences } from 'electron';
import type { WebFrame } from './frames.ts';
import { allPages, Page, type PageOwner } from './page.ts';
import { pdfParameters } from './pdf.ts';
import { HostSession, sessionOf } from './session.ts';
import { HostEmitter, hostEvent, NotImplemented, noEffect, strict } from './strict.ts';
import { checkPreferences } from './web-preferences.ts';

const PDF_LIMIT_MS = 120_000;
const EVENTS = [
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'did-navigate',
  'did-navigate-in-page',
  'did-finish-load',
  'did-fail-load',
  'dom-ready',
  'render-process-gone',
  'will-attach-webview',
  'console-message',
  'before-input-event',
  'context-menu',
  'destroyed',
  'preload-error',
  'unresponsive',
  'responsive',
  'devtools-opened',
  'select-client-certificate',
  'certificate-error',
  'login',
  'select-bluetooth-device',
];

/** The window that a WebContents belongs to. */
export interface WindowOfContents {
  close(): void;
}

type WindowOpenHandler = (details: object) => { action: 'allow' | 'deny' };
interface ContentsParts {
  readonly page: Page;
  readonly preferences: WebPreferences;
  window: WindowOfContents | undefined;
  windowOpenHandler: WindowOpenHandler | undefined;
}
const parts = new WeakMap<WebContents, ContentsParts>();
let onCreated: (contents: WebContents) => void = () => undefined;

/** Tells `listener` of every WebContents made from now on. */
export function onContentsCreated(listener: (contents: WebContents) => void): void {
  onCreated = listener;
}

/** The page behind a WebContents. */
export const pageOf = (contents: WebContents): Page => partsOf(contents).page;

/** The window around a WebContents. */
export const windowOf = (contents: WebContents): WindowOfContents | undefined => partsOf(contents).window;

function partsOf(contents: WebContents): ContentsParts {
  const found = parts.get(contents);
  if (!found) throw new TypeError('Illegal invocation');
  return found;
}

/** Makes the WebContents of a new window. */
export function makeContents(preferences: WebPreferences, window: WindowOfContents): WebContents {
  const checked = checkPreferences(preferences);
  const session = preferences.session ?? sessionOf(preferences.partition ?? '');
  const contents = new WebContents(session as unknown as HostSession);
  const page = new Page(contents, HostSession.partition(contents.session), {
    preload: preferences.preload ?? '',
    nodeIntegrationInSubFrames: preferences.nodeIntegrationInSubFrames ?? false,
    additionalArguments: preferences.additionalArguments ?? [],
  });
  parts.set(contents, {
    page,
    preferences: checked,
    window,
    windowOpenHandler: undefined,
  });
  onCreated(contents);
  return contents;
}

/** One page's contents. */
export class WebContents extends HostEmitter implements PageOwner {
  readonly session: HostSession;

  constructor(session: HostSession) {
    super('webContents', EVENTS);
    this.session = session;
  }

  get id(): number {
    return pageOf(this).id;
  }

  get mainFrame(): WebFrame | null {
    return pageOf(this).frames.main;
  }

  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument');
    pageOf(this).send(channel, args);
  }

  getURL(): string {
    return pageOf(this).url;
  }

  getType(): 'window' {
    return 'window';
  }

  isDestroyed(): boolean {
    return pageOf(this).closed;
  }

  isCrashed(): boolean {
    return pageOf(this).crashed;
  }

  loadURL(url: string): Promise<void> {
    return pageOf(this).navigate(url);
  }

  reload(): void {
    pageOf(this)
      .reload()
      .catch(() => undefined);
  }

  close(_options?: { waitForBeforeUnload?: boolean }): void {
    windowOf(this)?.close();
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    partsOf(this).windowOpenHandler = handler;
  }

  getLastWebPreferences(): WebPreferences {
    return partsOf(this).preferences;
  }

  setVisualZoomLevelLimits(_minimum: number, _maximum: number): Promise<void> {
    return Promise.resolve();
  }

  /** Emulated by the device metrics of the page. */
  setZoomFactor(factor: number): void {
    const page = pageOf(this);
    page.ready
      .then(() => page.session.send('Emulation.setPageScaleFactor', { pageScaleFactor: factor }))
      .catch(() => undefined);
  }

  readonly setIgnoreMenuShortcuts = noEffect;
  readonly setWebRTCIPHandlingPolicy = noEffect;
  readonly setBackgroundThrottling = noEffect;

  async executeJavaScript(expression: string, _userGesture = false): Promise<unknown> {
    const page = pageOf(this);
    await page.ready;
    const { result, exceptionDetails } = await page.session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  }

  forcefullyCrashRenderer(): void {
    const page = pageOf(this);
    // Page.crash is never answered: the renderer that would answer is gone.
    page.ready.then(() => page.session.send('Page.crash', undefined, 1000)).catch(() => undefined);
  }

  async printToPDF(options: PrintToPDFOptions): Promise<Buffer> {
    const page = pageOf(this);
    await page.ready;
    const { data } = await page.session.send('Page.printToPDF', pdfParameters(options), PDF_LIMIT_MS);
    return Buffer.from(data, 'base64');
  }

  async capturePage(rectangle?: object): Promise<object> {
    if (rectangle !== undefined) throw new NotImplemented('webContents.capturePage of a part');
    const page = pageOf(this);
    await page.ready;
    const { data } = await page.session.send('Page.captureScreenshot', { format: 'png' });
    const png = Buffer.from(data, 'base64');
    return strict('NativeImage', {
      toPNG: () => png,
      isEmpty: () => png.length === 0,
      // Width and height stand in the header chunk of every PNG (RFC 2083, 4.1.1).
      getSize: () => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }),
    });
  }

  windowOpenAsked(details: { url: string; frameName: string; features: string }): void {
    const handler = partsOf(this).windowOpenHandler;
    const answer = handler?.({
      ...details,
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'default' },
    });
    if (answer?.action === 'allow') throw new NotImplemented("setWindowOpenHandler answering 'allow'");
  }

  closeAsked(): void {
    this.close();
  }

  override emit(event: string, ...args: unknown[]): boolean {
    const heard = super.emit(event, ...args);
    if (event === 'render-process-gone') onGone(this, args);
    return heard;
  }
}

let onGone: (contents: WebContents, args: unknown[]) => void = () => undefined;

/** Tells `listener` of every renderer that dies. */
export function onRendererGone(listener: (contents: WebContents, args: unknown[]) => void): void {
  onGone = listener;
}

const contentsOf = (page: Page | undefined): WebContents | undefined =>
  page?.owner as WebContents | undefined;

/** Electron's `webContents` module. */
export const webContents = strict('webContents', {
  getAllWebContents: (): WebContents[] => allPages().map((page) => page.owner as WebContents),
  fromId: (id: number): WebContents | undefined => contentsOf(allPages().find((page) => page.id === id)),
  fromDevToolsTargetId: (id: string): WebContents | undefined =>
    contentsOf(allPages().find((page) => page.targetId === id)),
  fromFrame: (frame: WebFrame): WebContents | undefined =>
    contentsOf(allPages().find((page) => page.frames.has(frame.frameToken))),
});

/** For the window: says that its contents are gone. */
export function destroyContents(contents: WebContents): void {
  pageOf(contents).close();
  contents.emit('destroyed', hostEvent({}));
}
