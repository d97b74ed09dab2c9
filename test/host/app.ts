/** Electron's `app`. */
import { BrowserWindow, onAllWindowsClosed } from './browser-window.ts';
import { nameOfApp, pathOf, setNameOfApp, setPathOf } from './paths.ts';
import { onSessionCreated } from './session.ts';
import { listenForOthers, takeLock, tellFirst } from './single-instance.ts';
import { HostEmitter, hostEvent, noEffect, strict } from './strict.ts';
import { onContentsCreated, onRendererGone } from './web-contents.ts';

const EVENTS = [
  'ready',
  'before-quit',
  'will-quit',
  'quit',
  'window-all-closed',
  'web-contents-created',
  'session-created',
  'second-instance',
  'render-process-gone',
  'child-process-gone',
  'select-client-certificate',
  'certificate-error',
  'login',
];

/** What the launcher knows of the app. */
export interface AppFacts {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Switches of argv. */
  readonly switches: ReadonlyMap<string, string>;
}

let facts: AppFacts | undefined;
const switches = new Map<string, string>();
/** Switches that the app appended: these go on to Chromium. */
export const appendedSwitches = new Map<string, string>();
let endChromium: () => Promise<void> = () => Promise.resolve();

const given = (): AppFacts => {
  if (!facts) throw new Error('chromium host: the electron module is for apps that the host runs');
  return facts;
};

class App extends HostEmitter {
  readonly isPackaged = false;
  readonly commandLine = strict('app.commandLine', {
    appendSwitch(name: string, value = ''): void {
      switches.set(name, value);
      appendedSwitches.set(name, value);
    },
    hasSwitch: (name: string): boolean => switches.has(name),
    getSwitchValue: (name: string): string => switches.get(name) ?? '',
    removeSwitch(name: string): void {
      switches.delete(name);
      appendedSwitches.delete(name);
    },
  });
  #ready = false;
  #quitting = false;
  /** Settles when a first instance, if any, has been told of this one. */
  #told: Promise<void> = Promise.resolve();
  #announce: () => void = () => undefined;
  readonly #whenReady: Promise<void>;

  constructor() {
    super('app', EVENTS);
    this.#whenReady = new Promise((resolve) => {
      this.#announce = resolve;
    });
  }

  whenReady(): Promise<void> {
    return this.#whenReady;
  }

  isReady(): boolean {
    return this.#ready;
  }

  get name(): string {
    return nameOfApp();
  }

  set name(name: string) {
    setNameOfApp(name);
  }

  getName(): string {
    return nameOfApp();
  }

  setName(name: string): void {
    setNameOfApp(name);
  }

  getVersion(): string {
    return given().version;
  }

  getAppPath(): string {
    return given().folder;
  }

  getPath(name: string): string {
    return pathOf(name);
  }

  setPath(name: string, value: string): void {
    setPathOf(name, value);
  }

  setAppLogsPath(value?: string): void {
    if (value !== undefined) setPathOf('logs', value);
  }

  getLocale(): string {
    return this.commandLine.getSwitchValue('lang') || 'zh-CN';
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  // Renderers are sandboxed as far as Chromium can; there is no hardware to turn off in a test.
  readonly enableSandbox = noEffect;
  readonly disableHardwareAcceleration = noEffect;
  readonly setAppUserModelId = noEffect;
  readonly setAboutPanelOptions = noEffect;

  requestSingleInstanceLock(additionalData: unknown = null): boolean {
    const userData = this.getPath('userData');
    if (takeLock(userData)) {
      listenForOthers(userData, (other) =>
        this.emit('second-instance', hostEvent({}), other.argv, other.workingDirectory, other.additionalData),
      );
      return true;
    }
    this.#told = tellFirst(userData, { argv: process.argv, workingDirectory: process.cwd(), additionalData });
    return false;
  }

  hasSingleInstanceLock(): boolean {
    return takeLock(this.getPath('userData'));
  }

  /** Closes all windows, any of which may refuse, and then ends. */
  quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    if (this.#stopped('before-quit')) return;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0) {
      this.#quitting = false;
      return;
    }
    this.#finish();
  }

  #stopped(name: string): boolean {
    const event = hostEvent({});
    this.emit(name, event);
    if (event.defaultPrevented) this.#quitting = false;
    return event.defaultPrevented;
  }

  #finish(): void {
    if (this.#stopped('will-quit')) return;
    this.emit('quit', hostEvent({}), 0);
    this.#end(0);
  }

  #end(code: number): void {
    void Promise.all([endChromium(), this.#told]).then(() => process.exit(code));
  }

  /** Ends at once, asking nobody. */
  exit(code = 0): void {
    this.#quitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.emit('quit', hostEvent({}), code);
    this.#end(code);
  }

  /** For the launcher: Chromium is there. */
  static announceReady(app: App): void {
    app.#ready = true;
    app.#announce();
    app.emit('ready', hostEvent({}), {});
  }

  /** For the launcher: whether the end of Chromium is expected. */
  static isQuitting(app: App): boolean {
    return app.#quitting;
  }

  static lastWindowClosed(app: App): void {
    if (app.#quitting) return;
    if (app.listenerCount('window-all-closed') === 0) app.quit();
    else app.emit('window-all-closed');
  }
}

/** Electron's `app`. */
export const app = new App();
onAllWindowsClosed(() => App.lastWindowClosed(app));
onContentsCreated((contents) => app.emit('web-contents-created', hostEvent({}), contents));
onSessionCreated((session) => app.emit('session-created', session));
onRendererGone((contents, [event, details]) => app.emit('render-process-gone', event, contents, details));

/** Gives the module what the launcher knows. */
export function introduceApp(known: AppFacts): void {
  facts = known;
  setNameOfApp(known.name);
  for (const [name, value] of known.switches) switches.set(name, value);
  const userData = known.switches.get('user-data-dir');
  if (userData !== undefined && userData !== '') setPathOf('userData', userData);
}

/** How Chromium is to be ended when the app quits. */
export function onEnd(end: () => Promise<void>): void {
  endChromium = end;
}

/** Tells the app that it may begin. */
export const announceReady = (): void => App.announceReady(app);

/** True once the app has asked to end. */
export const isQuitting = (): boolean => App.isQuitting(app);
