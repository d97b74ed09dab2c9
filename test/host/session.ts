/** Electron's `session`: one object a partition, with its protocol handlers, filters and storage. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  customScheme,
  labelOf,
  type Partition,
  partitionOf,
  setCustomScheme,
  toChromium,
} from './addresses.ts';
import { allPages } from './page.ts';
import { pathOf } from './paths.ts';
import { browserSession, isStarted } from './runtime.ts';
import { HostEmitter, NotImplemented, noEffect, strict } from './strict.ts';

/** A handler of `protocol.handle`. */
export type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** What a listener of `webRequest` may answer. */
export interface WebRequestAnswer {
  readonly cancel?: boolean;
  readonly redirectURL?: string;
  readonly responseHeaders?: Record<string, string | string[]>;
  readonly statusLine?: string;
}
/** A listener of `webRequest`. */
export type WebRequestListener = (details: object, callback: (answer: WebRequestAnswer) => void) => void;
/** The two stages of a request that the host lets the app listen to. */
export type WebRequestStage = 'onBeforeRequest' | 'onHeadersReceived';

const STORAGE_TYPES: Record<string, string> = {
  cookies: 'cookies',
  filesystem: 'file_systems',
  indexdb: 'indexeddb',
  localstorage: 'local_storage',
  shadercache: 'shader_cache',
  serviceworkers: 'service_workers',
  cachestorage: 'cache_storage',
};

function makeProtocol(handlers: Map<string, ProtocolHandler>) {
  return strict('protocol', {
    registerSchemesAsPrivileged(schemes: { readonly scheme: string }[]): void {
      if (isStarted())
        throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      const [only, ...others] = schemes;
      if (!only || others.length > 0) throw new NotImplemented('more than one custom scheme');
      setCustomScheme(only.scheme);
    },
    handle(scheme: string, handler: ProtocolHandler): void {
      if (scheme !== customScheme())
        throw new NotImplemented(`protocol.handle of the unprivileged '${scheme}'`);
      if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
      handlers.set(scheme, handler);
    },
    unhandle(scheme: string): void {
      if (!handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
    },
    isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
  });
}

function makeWebRequest(listeners: Map<WebRequestStage, WebRequestListener>) {
  const setter =
    (stage: WebRequestStage) =>
    (first: WebRequestListener | { urls: string[] } | null, second?: WebRequestListener | null): void => {
      if (
        first !== null &&
        typeof first === 'object' &&
        first.urls.some((url) => !/^(<all_urls>|\*:\/\/\*\/\*)$/.test(url))
      ) {
        throw new NotImplemented(`webRequest.${stage} with a filter other than <all_urls>`);
      }
      const listener = typeof first === 'function' || first === null ? first : (second ?? null);
      if (listener === null) listeners.delete(stage);
      else listeners.set(stage, listener);
    };
  return strict('webRequest', {
    onBeforeRequest: setter('onBeforeRequest'),
    onHeadersReceived: setter('onHeadersReceived'),
  });
}

/** One partition's session. */
export class HostSession extends HostEmitter {
  readonly #partition: Partition;
  readonly #handlers = new Map<string, ProtocolHandler>();
  readonly #listeners = new Map<WebRequestStage, WebRequestListener>();
  readonly protocol = makeProtocol(this.#handlers);
  readonly webRequest = makeWebRequest(this.#listeners);

  constructor(partition: Partition) {
    super('session', ['will-download', 'select-hid-device', 'select-serial-port', 'select-usb-device']);
    this.#partition = partition;
  }

  isPersistent(): boolean {
    return this.#partition.persistent;
  }

  getStoragePath(): string | null {
    return this.#partition.persistent ? path.join(pathOf('userData'), 'Default') : null;
  }

  get storagePath(): string | null {
    return this.getStoragePath();
  }

  // Chromium denies every permission whatever the handlers say: they are taken and never asked.
  readonly setPermissionRequestHandler = noEffect;
  readonly setPermissionCheckHandler = noEffect;
  readonly setDevicePermissionHandler = noEffect;
  readonly setDisplayMediaRequestHandler = noEffect;
  readonly setBluetoothPairingHandler = noEffect;
  readonly setUSBProtectedClassesHandler = noEffect;
  readonly setSpellCheckerEnabled = noEffect;
  readonly setSpellCheckerLanguages = noEffect;
  /** Chromium writes storage by itself. */
  readonly flushStorageData = noEffect;

  async clearCache(): Promise<void> {
    // Answers of the custom scheme are never put into the HTTP cache.
  }

  async clearData(options?: object): Promise<void> {
    if (options !== undefined) throw new NotImplemented('session.clearData with options');
    await this.clearStorageData();
  }

  /** Clears the given storages of all origins of this partition, or of one. */
  async clearStorageData(
    options: { origin?: string; storages?: string[]; quotas?: string[] } = {},
  ): Promise<void> {
    const storageTypes =
      (options.storages ?? []).map((name) => STORAGE_TYPES[name] ?? name).join(',') || 'all';
    const origins =
      options.origin === undefined ? this.#origins() : [toChromium(options.origin, this.#partition)];
    const page = allPages().find((candidate) => candidate.partition === this.#partition);
    // A window just made has its page in a moment; the browser itself cannot clear an origin.
    await page?.ready;
    const session = page?.session ?? browserSession();
    for (const origin of origins) await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  }

  /** Origins of this partition with a page now or with data on the disk. */
  #origins(): Set<string> {
    const origins = new Set<string>();
    for (const page of allPages()) {
      const url = page.partition === this.#partition ? page.frames.main?.origin : undefined;
      if (url !== undefined && url !== 'null') origins.add(toChromium(url, this.#partition));
    }
    const folder = path.join(pathOf('userData'), 'Default', 'IndexedDB');
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const host = /^https_(.+)_\d+\.indexeddb/.exec(name)?.[1];
      const origin = `https://${host}`;
      if (host !== undefined && labelOf(origin) === this.#partition.label) origins.add(origin);
    }
    return origins;
  }

  /** For the host: the partition of a session. */
  static partition(session: HostSession): Partition {
    return session.#partition;
  }

  /** For the host: who answers this session's custom scheme. */
  static handler(session: HostSession): ProtocolHandler | undefined {
    return session.#handlers.get(customScheme() ?? '');
  }

  /** For the host: who listens to this stage of this session's requests. */
  static listener(session: HostSession, stage: WebRequestStage): WebRequestListener | undefined {
    return session.#listeners.get(stage);
  }
}

const sessions = new Map<string, HostSession>();

/** The session of this partition, made on first use. */
export function sessionOf(name: string): HostSession {
  const known = sessions.get(name);
  if (known) return known;
  const made = new HostSession(partitionOf(name));
  sessions.set(name, made);
  onCreated(made);
  return made;
}

let onCreated: (session: HostSession) => void = () => undefined;

/** Tells `listener` of every session made from now on. */
export function onSessionCreated(listener: (session: HostSession) => void): void {
  onCreated = listener;
}

/** The session that an address for Chromium belongs to. */
export function sessionOfAddress(url: string): HostSession | undefined {
  const label = labelOf(url);
  return [...sessions.values()].find((session) => HostSession.partition(session).label === label);
}

/** Electron's `session` module. */
export const session = strict('session', {
  get defaultSession(): HostSession {
    return sessionOf('');
  },
  fromPartition(name: string, options?: { cache?: boolean }): HostSession {
    if (options?.cache !== undefined) throw new NotImplemented('session.fromPartition with options.cache');
    return sessionOf(name);
  },
});
