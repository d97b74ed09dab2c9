/** The small modules around windows: most have nothing to act on under a test and keep what they were told. */
import { HostEmitter, noEffect, strict, unavailable } from './strict.ts';

const say = (...parts: unknown[]): void => void process.stderr.write(`${parts.filter(Boolean).join('\n')}\n`);

let applicationMenu: object | null = null;

/** Electron's `Menu`, never shown. */
export const Menu = strict('Menu', {
  setApplicationMenu(menu: object | null): void {
    applicationMenu = menu;
  },
  getApplicationMenu: (): object | null => applicationMenu,
  buildFromTemplate: (items: object[]): object => strict('a Menu', { items }),
});

/** Electron's `dialog`: printed on stderr, answered by the default button. */
export const dialog = strict('dialog', {
  showErrorBox(title: string, content: string): void {
    say(title, content);
  },
  async showMessageBox(
    first: object,
    second?: object,
  ): Promise<{ response: number; checkboxChecked: boolean }> {
    const options = (second ?? first) as {
      message?: string;
      detail?: string;
      defaultId?: number;
      cancelId?: number;
    };
    say(options.message, options.detail);
    return { response: options.defaultId ?? options.cancelId ?? 0, checkboxChecked: false };
  },
});

const shortcuts = new Map<string, () => void>();

/** Electron's `globalShortcut`: recorded; no key of the desktop reaches it. */
export const globalShortcut = strict('globalShortcut', {
  register(accelerator: string, callback: () => void): boolean {
    shortcuts.set(accelerator, callback);
    return true;
  },
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
  unregister(accelerator: string): void {
    shortcuts.delete(accelerator);
  },
  unregisterAll(): void {
    shortcuts.clear();
  },
});

/** Electron's `powerMonitor`: emits only what a test emits on it. */
export const powerMonitor = new HostEmitter('powerMonitor', [
  'suspend',
  'resume',
  'lock-screen',
  'unlock-screen',
  'shutdown',
  'on-ac',
  'on-battery',
  'user-did-resign-active',
  'user-did-become-active',
  'speed-limit-change',
  'thermal-state-change',
]);

const blockers = new Set<number>();
let lastBlocker = 0;

/** Electron's `powerSaveBlocker`: counted. */
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start(_type: string): number {
    blockers.add(++lastBlocker);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
});

class NativeTheme extends HostEmitter {
  themeSource: 'system' | 'light' | 'dark' = 'system';

  constructor() {
    super('nativeTheme', ['updated']);
  }

  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'dark';
  }
}

/** Electron's `nativeTheme`: remembers the source; pages are not told. */
export const nativeTheme = new NativeTheme();

/** Electron's `crashReporter`: nothing is collected. */
export const crashReporter = strict('crashReporter', {
  start: noEffect,
});

/** Electron's `shell`: the product opens nothing outside itself. */
export const shell = strict('shell', {});

/** Modules that the host lacks. */
export const missing = Object.fromEntries(
  [
    'autoUpdater',
    'BaseWindow',
    'clipboard',
    'contentTracing',
    'desktopCapturer',
    'MenuItem',
    'MessageChannelMain',
    'nativeImage',
    'net',
    'netLog',
    'Notification',
    'systemPreferences',
    'Tray',
    'utilityProcess',
    'webFrameMain',
    'WebContentsView',
  ].map((name) => [name, unavailable(name)]),
);
