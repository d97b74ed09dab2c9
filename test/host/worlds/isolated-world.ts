import type { Bridge } from './bridge.ts';
import type { Codec } from './codec.ts';

/** What the host tells the isolated world when the document starts. */
export interface IsolatedWorldParameters {
  readonly secret: string;
  /** True to run the preload in frames below the top one too. */
  readonly subframes: boolean;
  readonly preloadPath: string;
  readonly versions: Record<string, string>;
  readonly argv: readonly string[];
}

/** The preload as a function of the names that CommonJS gives it. */
export type PreloadFunction = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: object,
) => void;

/**
 * Runs in a world of its own before the page's scripts: ipcRenderer, contextBridge and the preload, and the guards
 * that a page must not be able to take off. Self-contained: its source is injected.
 */
export function isolatedWorld(
  createBridge: (secret: string, side: 'preload') => Bridge,
  createCodec: () => Codec,
  given: IsolatedWorldParameters,
  preload: PreloadFunction,
): void {
  type Listener = (event: object, ...args: unknown[]) => void;
  const world = globalThis as typeof globalThis & {
    __zhiqingSend(text: string): void;
    __zhiqingReceive?(text: string): void;
  };
  const codec = createCodec();
  const toHost = world.__zhiqingSend;
  const post = (...message: unknown[]): void => toHost(codec.encode(message));
  const bridge = createBridge(given.secret, 'preload');
  const isTop = window === window.top;

  bridge.onSignal((signal) => {
    const { kind, url, name, features } = signal as Record<string, string>;
    if (kind === 'open') post('open', url, name, features);
    else if (kind === 'close') post('close');
  });

  // A top document that is blob:, data: or about: would be a page that no handler answered and no policy covers;
  // such navigations make no request, so they are stopped here.
  const navigation = (window as unknown as { navigation?: EventTarget }).navigation;
  navigation?.addEventListener('navigate', (event) => {
    const { destination, downloadRequest } = event as Event & {
      destination: { url: string };
      downloadRequest: string | null;
    };
    const { url } = destination;
    // A download is no navigation; Chromium cancels it.
    if (!isTop || /^https:/.test(url) || downloadRequest !== null) return;
    event.preventDefault();
    post('blocked-navigation', url);
  });

  // Browser shortcuts that Electron's windows don't have.
  const isBrowserKey = (e: KeyboardEvent): boolean => {
    if (/^(F1|F3|F5|F6|F7|F10|F11|F12|BrowserBack|BrowserForward|BrowserHome|BrowserRefresh)$/.test(e.key))
      return true;
    const control = e.ctrlKey || e.metaKey;
    if (control && e.shiftKey && /^[ijcntwropbmkq]$/i.test(e.key)) return true;
    if (control && /^([dfghjlnoprstuw]|[0-9]|[-+=]|F4|Tab|PageUp|PageDown)$/i.test(e.key)) return true;
    return e.altKey && /^(ArrowLeft|ArrowRight|Home|F4|d|e|f)$/i.test(e.key);
  };
  for (const type of ['keydown', 'keyup'] as const) {
    window.addEventListener(
      type,
      (e) => {
        if (e.isTrusted && isBrowserKey(e)) e.preventDefault();
        post('input', {
          type: type === 'keydown' ? 'keyDown' : 'keyUp',
          key: e.key,
          code: e.code,
          isAutoRepeat: e.repeat,
          isComposing: e.isComposing,
          shift: e.shiftKey,
          control: e.ctrlKey,
          alt: e.altKey,
          meta: e.metaKey,
          location: e.location,
          modifiers: [],
        });
      },
      true,
    );
  }
  window.addEventListener('contextmenu', (e) => {
    if (e.defaultPrevented) return;
    e.preventDefault();
    post('context-menu', { x: e.x, y: e.y });
  });

  if (!isTop && !given.subframes) return;

  let lastCall = 0;
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const refuse = (what: string): never => {
    throw new Error(`chromium host: ${what} is not implemented`);
  };
  /** Unknown properties throw by name, as in the main process. */
  const strict = <T extends object>(name: string, api: T): T =>
    new Proxy(api, {
      get: (target, key) =>
        key in target || typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key === '__esModule'
          ? Reflect.get(target, key)
          : refuse(`${name}.${key}`),
    });

  const listen = (channel: string, listener: Listener, once: boolean): void => {
    const known = listeners.get(channel) ?? [];
    listeners.set(channel, [...known, { listener, once }]);
  };
  const unlisten = (channel: string, listener: Listener): void => {
    const known = listeners.get(channel) ?? [];
    const index = known.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) listeners.set(channel, known.toSpliced(index, 1));
  };
  const ipcRenderer = strict('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const call = ++lastCall;
        post('invoke', call, String(channel), args);
        calls.set(call, { resolve, reject });
      }),
    send: (channel: string, ...args: unknown[]): void => post('send', String(channel), args),
    on(channel: string, listener: Listener) {
      listen(channel, listener, false);
      return ipcRenderer;
    },
    once(channel: string, listener: Listener) {
      listen(channel, listener, true);
      return ipcRenderer;
    },
    off(channel: string, listener: Listener) {
      unlisten(channel, listener);
      return ipcRenderer;
    },
    addListener(channel: string, listener: Listener) {
      listen(channel, listener, false);
      return ipcRenderer;
    },
    removeListener(channel: string, listener: Listener) {
      unlisten(channel, listener);
      return ipcRenderer;
    },
    removeAllListeners(channel?: string) {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
  });

  world.__zhiqingReceive = (text) => {
    const [kind, ...rest] = codec.decode(text) as [string, ...unknown[]];
    if (kind === 'event') {
      const [channel, args] = rest as [string, unknown[]];
      for (const { listener, once } of listeners.get(channel) ?? []) {
        if (once) unlisten(channel, listener);
        listener({ sender: ipcRenderer, ports: [] }, ...args);
      }
      return;
    }
    const [call, value] = rest as [number, unknown];
    const waiting = calls.get(call);
    calls.delete(call);
    if (kind === 'resolve') waiting?.resolve(value);
    else waiting?.reject(new Error(String(value)));
  };

  const electron = strict("require('electron') in a preload", {
    ipcRenderer,
    contextBridge: strict('contextBridge', {
      exposeInMainWorld: (key: string, api: unknown): void => {
        if (Object.hasOwn(window, key)) throw new Error('Cannot bind an API on top of an existing property');
        bridge.expose(key, api);
      },
    }),
    webFrame: strict('webFrame', {
      setVisualZoomLevelLimits: (): void => undefined,
      setZoomFactor: (): void => undefined,
      setZoomLevel: (): void => undefined,
    }),
  });
  const require_ = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    return refuse(`require('${name}') in a preload`);
  };
  const process_ = strict('process in a preload', {
    platform: 'linux',
    arch: 'x64',
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: isTop,
    versions: given.versions,
    argv: given.argv,
    env: {},
    pid: 0,
  });
  const module_ = { exports: {} as unknown };
  try {
    preload(require_, module_, module_.exports, process_);
  } catch (error) {
    console.error(`Unable to load preload script: ${given.preloadPath}`, error);
    post('preload-error', error instanceof Error ? error : new Error(String(error)));
  }
}
