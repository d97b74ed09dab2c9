/** One page of Chromium: its sessions, worlds, frames and messages. WebContents is its face. */
import { fromChromium, type Partition, toChromium } from './addresses.ts';
import type { Payload, Session } from './cdp.ts';
import { FrameTree } from './frames.ts';
import { loadError, netError } from './net-errors.ts';
import { PreloadChannel, SECRET } from './preload-channel.ts';
import { hostEvent } from './strict.ts';

/** What a page needs to know of its webPreferences. */
export interface PagePreferences {
  /** Absolute path of the preload, or empty. */
  readonly preload: string;
  readonly nodeIntegrationInSubFrames: boolean;
  readonly additionalArguments: readonly string[];
}

/** The WebContents, as its page sees it. */
export interface PageOwner {
  emit(event: string, ...args: unknown[]): boolean;
  /** A popup was asked for; the host never opens one. */
  windowOpenAsked(details: { url: string; frameName: string; features: string }): void;
  /** The page called `window.close()`. */
  closeAsked(): void;
}

const LOAD_LIMIT_MS = 60_000;
const pages = new Set<Page>();
let lastId = 0;

/** All pages that are not closed. */
export const allPages = (): Page[] => [...pages];

/** The page that holds this frame. */
export const pageOfFrame = (frameId: string): Page | undefined =>
  allPages().find((page) => page.frames.mainId === frameId || page.frames.has(frameId));

/** The page that was asked to open with this first address. */
export const pageOfMarker = (url: string): Page | undefined => allPages().find((page) => page.marker === url);

/** One page; made before its target exists. */
export class Page {
  readonly id: number = ++lastId;
  readonly partition: Partition;
  readonly owner: PageOwner;
  readonly frames: FrameTree;
  /** First address of the target, by which it is known when it appears. */
  readonly marker = `about:blank#${SECRET}-${this.id}`;
  /** Resolves when the target is attached and its worlds are set up; rejects when it never is. */
  readonly ready: Promise<void>;
  targetId = '';
  crashed = false;
  closed = false;
  readonly #channel: PreloadChannel;
  readonly #loads = new Map<string, (error?: Error) => void>();
  #session: Session | undefined;
  #expected: string | undefined;
  #started = false;
  /** Whether the marker's entry is gone from the page's history. */
  #forgotten = false;
  /** Loader whose load event came last. */
  #lastLoad = '';
  #resolveReady: () => void = () => undefined;
  #rejectReady: (error: Error) => void = () => undefined;

  constructor(owner: PageOwner, partition: Partition, preferences: PagePreferences) {
    this.owner = owner;
    this.partition = partition;
    this.#channel = new PreloadChannel(this, preferences);
    this.frames = new FrameTree(partition, this.id, (frameId, channel, args) =>
      this.#channel.send(frameId, channel, args),
    );
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    // Whoever needs the page awaits `ready` and gets the error there.
    this.ready.catch(() => undefined);
    pages.add(this);
  }

  /** The page's own session. Throws before `ready`. */
  get session(): Session {
    if (!this.#session) throw new Error('chromium host: the page is not ready');
    return this.#session;
  }

  get url(): string {
    return this.#started ? (this.frames.main?.url ?? '') : '';
  }

  /** Sets up the worlds in a new target; called while it still waits to run. */
  async attach(session: Session, targetId: string): Promise<void> {
    this.targetId = targetId;
    this.#session = session;
    try {
      await this.#install(session);
      this.frames.load((await session.send('Page.getFrameTree')).frameTree);
      this.#resolveReady();
    } catch (error) {
      this.#rejectReady(error as Error);
      throw error;
    }
  }

  async #install(session: Session): Promise<void> {
    this.#listen(session);
    await Promise.all([
      session.send('Page.enable'),
      session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      session.send('Log.enable'),
      this.#channel.install(session),
      // Frames of another process are targets of their own and need the same guards.
      session.send('Target.setAutoAttach', {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
        filter: [{ type: 'iframe' }],
      }),
    ]);
  }

  #listen(session: Session): void {
    session.on('Target.attachedToTarget', ({ sessionId }) => {
      const child = session.child(sessionId);
      this.#install(child)
        .then(() => child.send('Runtime.runIfWaitingForDebugger'))
        // A frame that went away while it was set up needs no guards.
        .catch(() => undefined);
    });
    session.on(
      'Page.frameAttached',
      ({ frameId, parentFrameId }) => void this.frames.attached(frameId, parentFrameId),
    );
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') this.frames.detached(frameId);
    });
    session.on('Page.frameNavigated', ({ frame }) => this.#navigated(frame));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      this.frames.moved(frameId, url);
      const isMain = frameId === this.frames.mainId;
      this.owner.emit('did-navigate-in-page', hostEvent({}), this.map(url), isMain, this.id, this.id);
    });
    session.on('Page.lifecycleEvent', (event) => this.#lifecycle(event));
    session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      this.owner.windowOpenAsked({
        url: this.map(url),
        frameName: windowName,
        features: windowFeatures.join(','),
      }),
    );
    session.on('Runtime.consoleAPICalled', (event) => this.#console(event));
    session.on('Log.entryAdded', ({ entry }) =>
      this.#consoleMessage(
        entry.level === 'verbose' ? 'debug' : entry.level,
        entry.text,
        entry.lineNumber,
        entry.url,
      ),
    );
    session.on('Inspector.targetCrashed', () => this.#crash(session));
  }

  #crash(session: Session): void {
    if (session !== this.#session) return;
    this.crashed = true;
    this.#channel.clear();
    this.#settleLoads(new Error('the renderer is gone'));
    this.owner.emit('render-process-gone', hostEvent({}), { reason: 'crashed', exitCode: 11 });
  }

  #navigated(frame: Payload<'Page.frameNavigated'>['frame']): void {
    this.frames.navigated(frame);
    if (frame.parentId !== undefined) return;
    const failed = frame.unreachableUrl !== undefined;
    // The marker is the host's own address, not one of the app's.
    if (frame.url === 'about:blank' && frame.urlFragment?.startsWith(`#${SECRET}`)) return;
    this.#started = true;
    void this.#forgetMarker();
    this.crashed = false;
    if (failed) return;
    this.owner.emit('did-navigate', hostEvent({}), this.url, 200, 'OK');
  }

  #lifecycle({ frameId, loaderId, name }: Payload<'Page.lifecycleEvent'>): void {
    if (frameId !== this.frames.mainId || !this.#started) return;
    if (name === 'DOMContentLoaded') this.owner.emit('dom-ready', hostEvent({}));
    if (name === 'load') void this.#forgetMarker().then(() => this.#loaded(loaderId));
  }

  /**
   * The host's own address is no entry that a page could go back to. Chromium says no while something else is still
   * under way: asked again at every load until it did it.
   */
  async #forgetMarker(): Promise<void> {
    if (this.#forgotten) return;
    this.#forgotten = await this.session.send('Page.resetNavigationHistory').then(
      () => true,
      () => false,
    );
  }

  #loaded(loaderId: string): void {
    this.#lastLoad = loaderId;
    this.owner.emit('did-finish-load', hostEvent({}));
    this.#loads.get(loaderId)?.();
    this.#loads.delete(loaderId);
    // Any other load that was waited for has been overtaken by this one.
    this.#settleLoads(loadError('net::ERR_ABORTED', this.url));
  }

  #settleLoads(error: Error): void {
    for (const settle of this.#loads.values()) settle(error);
    this.#loads.clear();
  }

  #console(event: Payload<'Runtime.consoleAPICalled'>): void {
    const level =
      { warning: 'warning', error: 'error', assert: 'error', debug: 'debug' }[event.type as string] ?? 'info';
    const text = event.args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
    const at = event.stackTrace?.callFrames[0];
    this.#consoleMessage(level, text, at?.lineNumber, at?.url);
  }

  #consoleMessage(level: string, message: string, lineNumber = 0, sourceId = ''): void {
    const details = { level, message, lineNumber, sourceId: this.map(sourceId), frame: this.frames.main };
    this.owner.emit('console-message', hostEvent(details));
  }

  /** An address of Chromium as this page's app knows it. */
  map(url: string): string {
    return fromChromium(url, this.partition);
  }

  /** Whether this top-level request was asked for by the host; asked once. */
  takeExpected(url: string): boolean {
    const expected = this.#expected !== undefined && this.#expected.split('#')[0] === url.split('#')[0];
    if (expected) this.#expected = undefined;
    return expected;
  }

  /** Loads an address; resolves after the load event. */
  async navigate(url: string): Promise<void> {
    await this.ready;
    const target = toChromium(url, this.partition);
    this.#expected = target;
    const { errorText, loaderId } = await this.session.send('Page.navigate', { url: target }, LOAD_LIMIT_MS);
    if (errorText !== undefined) {
      const { name, code } = netError(errorText);
      this.owner.emit('did-fail-load', hostEvent({}), code, name, url, true, this.id, this.id);
      throw loadError(errorText, url);
    }
    if (loaderId === undefined || this.#lastLoad === loaderId) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(loadError('net::ERR_TIMED_OUT', url)), LOAD_LIMIT_MS);
      this.#loads.set(loaderId, (error) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Loads the present address anew, as the host's own navigation. */
  async reload(): Promise<void> {
    await this.ready;
    this.#expected = toChromium(this.url, this.partition);
    await this.session.send('Page.reload', {});
  }

  /** Sends to the preload of the top frame. */
  send(channel: string, args: unknown[]): void {
    this.#channel.send(this.frames.mainId, channel, args);
  }

  /** Forgets the page; what waits on it fails. */
  close(): void {
    this.closed = true;
    pages.delete(this);
    this.#rejectReady(new Error('the window was closed'));
    this.#settleLoads(new Error('the window was closed'));
    this.frames.detached(this.frames.mainId);
  }
}
