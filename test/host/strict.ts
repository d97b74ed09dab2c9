/**
 * Honesty by construction: what the host does not implement throws an error that names it, instead of being
 * `undefined` and failing far away, or silently doing nothing.
 */
import { EventEmitter } from 'node:events';

/** Keys that JavaScript, Node or an inspector reads from any object without meaning the Electron API. */
const LANGUAGE_KEYS: ReadonlySet<string> = new Set(['then', 'toJSON', '__esModule', 'constructor']);

/** An API of Electron that the host lacks; the message names it. */
export class NotImplemented extends Error {
  constructor(what: string) {
    super(`chromium host: ${what} is not implemented`);
    this.name = 'NotImplemented';
  }
}

/** An object to stand at the end of a prototype chain: what is not found before it throws by name. */
function throwingTail(base: object, nameOf: (receiver: object) => string): object {
  return new Proxy(Object.create(base) as object, {
    get(target, key, receiver: object): unknown {
      if (key in target || typeof key === 'symbol' || LANGUAGE_KEYS.has(key)) {
        return Reflect.get(target, key, receiver);
      }
      throw new NotImplemented(`${nameOf(receiver)}.${key}`);
    },
    set(target, key, value, receiver: object): boolean {
      if (key in target || typeof key === 'symbol') return Reflect.set(target, key, value, receiver);
      throw new NotImplemented(`setting ${nameOf(receiver)}.${key}`);
    },
  });
}

/** Makes every property of `api` other than its own throw by name. Returns `api`. */
export function strict<T extends object>(name: string, api: T): T {
  Object.setPrototypeOf(
    api,
    throwingTail(Object.prototype, () => name),
  );
  return api;
}

/** A class or function of Electron that the host lacks altogether: any use throws by name. */
export function unavailable(name: string): object {
  const refuse = (): never => {
    throw new NotImplemented(name);
  };
  // Only what is made by `function` can be called with `new`.
  function target(): never {
    return refuse();
  }
  return new Proxy(target, {
    construct: refuse,
    apply: refuse,
    get(_target, key): unknown {
      if (typeof key === 'symbol' || LANGUAGE_KEYS.has(key)) return Reflect.get(target, key);
      throw new NotImplemented(`${name}.${key}`);
    },
  });
}

/** An event emitter that throws by name on unknown properties and on events that it never emits. */
export class HostEmitter extends EventEmitter {
  readonly #name: string;
  readonly #events: ReadonlySet<string> | undefined;

  /** @param events names that may be listened for; without it, any. */
  constructor(name: string, events?: readonly string[]) {
    super();
    this.#name = name;
    this.#events = events && new Set([...events, 'newListener', 'removeListener', 'error']);
    this.setMaxListeners(0);
  }

  override on(event: string | symbol, listener: (...args: never[]) => void): this {
    if (typeof event === 'string' && this.#events && !this.#events.has(event)) {
      throw new NotImplemented(`${this.#name} event '${event}'`);
    }
    return super.on(event, listener as (...args: unknown[]) => void);
  }

  override addListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return this.on(event, listener);
  }

  static {
    Object.setPrototypeOf(
      HostEmitter.prototype,
      throwingTail(EventEmitter.prototype, (receiver) =>
        receiver instanceof HostEmitter ? receiver.#name : 'HostEmitter',
      ),
    );
  }
}

/** A class as the app gets it: unknown static members throw by name. */
export function strictClass<T extends object>(name: string, type: T): T {
  return new Proxy(type, {
    get(target, key, receiver): unknown {
      if (key in target || typeof key === 'symbol' || LANGUAGE_KEYS.has(key)) {
        return Reflect.get(target, key, receiver);
      }
      throw new NotImplemented(`${name}.${key}`);
    },
  });
}

/** An event as Electron hands it to listeners. */
export interface HostEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

/** A fresh preventable event that also carries `details`. */
export function hostEvent<T extends object>(details: T): HostEvent & T {
  let prevented = false;
  const event = {
    preventDefault(): void {
      prevented = true;
    },
    get defaultPrevented(): boolean {
      return prevented;
    },
  };
  return Object.defineProperties(event, Object.getOwnPropertyDescriptors(details)) as HostEvent & T;
}

/** A call that is taken and has nothing to act on in the host; the README's table names each. */
export function noEffect(..._given: unknown[]): void {
  // Nothing to do, by design.
}
