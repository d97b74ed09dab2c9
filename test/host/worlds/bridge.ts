/** contextBridge between the page's world and the preload's, over DOM events. Runs, by its source text, in both. */

/** A value with its functions taken out: each is a path into the value and a number in the sender's table. */
interface Packed {
  readonly value: unknown;
  readonly functions: readonly (readonly [path: readonly (string | number)[], id: number])[];
}

/** What crosses between the worlds. */
type BridgeMessage =
  | { readonly kind: 'expose'; readonly key: string; readonly api: Packed }
  | { readonly kind: 'call'; readonly call: number; readonly fn: number; readonly args: Packed }
  | {
      readonly kind: 'return' | 'throw' | 'resolve' | 'reject';
      readonly call: number;
      readonly value: Packed;
    }
  | { readonly kind: 'pending'; readonly call: number }
  | { readonly kind: 'signal'; readonly value: Packed };

/** One side of the bridge. */
export interface Bridge {
  /** Preload's side: puts `api` on the page's `window[key]`. */
  expose(key: string, api: unknown): void;
  /** Page's side: tells the preload's side something that is not a call. */
  signal(value: unknown): void;
  /** Preload's side: listens for such. */
  onSignal(listener: (value: unknown) => void): void;
}

/**
 * Makes one side. Self-contained: its source is injected.
 *
 * What the page may call is a number in a table of the functions that were exposed: there is no path to forge, and
 * who learns the event's name can call nothing that the page could not call anyway.
 */
export function createBridge(secret: string, side: 'page' | 'preload'): Bridge {
  // Taken before any script of the page runs, so that a page which patches them sees nothing of the bridge.
  const { apply, ownKeys, defineProperty, getOwnPropertyDescriptor } = Reflect;
  const dispatch = document.dispatchEvent.bind(document);
  const Event_ = CustomEvent;
  const detailOf = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get;
  const tagOf = Object.prototype.toString;
  const clone = structuredClone;
  const enqueue = queueMicrotask;
  const freeze = Object.freeze;
  const Promise_ = Promise;
  const then = Promise.prototype.then;
  const inbound = `${secret}>${side}`;
  const outbound = `${secret}>${side === 'page' ? 'preload' : 'page'}`;

  let lastId = 0;
  const table = new Map<number, (...args: unknown[]) => unknown>();
  const ids = new WeakMap<object, number>();
  const proxies = new Map<number, (...args: unknown[]) => unknown>();
  const waiting = new Map<number, (message: BridgeMessage) => void>();
  let signalled: ((value: unknown) => void) | undefined;
  // Own methods, so that a patched Map.prototype is not consulted.
  for (const map of [table, ids, proxies, waiting]) {
    for (const name of ['get', 'set', 'has', 'delete']) {
      const method = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(map), name)?.value as unknown;
      Object.defineProperty(map, name, { value: method });
    }
  }

  const define = (target: object, key: string | number, value: unknown, writable = true): void => {
    // Never plain assignment: a key '__proto__' must stay a key.
    defineProperty(target, key, { value, writable, enumerable: true, configurable: writable });
  };
  const idOf = (fn: (...args: unknown[]) => unknown): number => {
    const known = ids.get(fn);
    if (known !== undefined) return known;
    const id = ++lastId;
    ids.set(fn, id);
    table.set(id, fn);
    return id;
  };

  const pack = (root: unknown): Packed => {
    const functions: [(string | number)[], number][] = [];
    const seen = new Map<object, unknown>();
    const walk = (value: unknown, path: (string | number)[]): unknown => {
      if (typeof value === 'function') {
        functions[functions.length] = [path, idOf(value as (...args: unknown[]) => unknown)];
        return undefined;
      }
      if (value === null || typeof value !== 'object') return value;
      const isArray = Array.isArray(value);
      if (!isArray && apply(tagOf, value, []) !== '[object Object]') return value;
      if (seen.has(value)) return seen.get(value);
      if (path.length > 1000)
        throw new TypeError('recursion depth exceeded: objects nested deeper than 1000');
      const copy: object = isArray ? [] : {};
      seen.set(value, copy);
      for (const key of ownKeys(value)) {
        if (typeof key !== 'string' || (isArray && key === 'length')) continue;
        if (!getOwnPropertyDescriptor(value, key)?.enumerable) continue;
        define(copy, key, walk((value as Record<string, unknown>)[key], [...path, key]));
      }
      return copy;
    };
    // Cloned here, so that what can't cross fails at the caller and not as a silent null over there.
    return { value: clone(walk(root, [])), functions };
  };

  const unpack = (packed: Packed, frozen = false): unknown => {
    let root = packed.value;
    for (const [path, id] of packed.functions) {
      if (path.length === 0) root = proxyOf(id);
      else {
        let target: unknown = root;
        for (let i = 0; i < path.length - 1; i++) {
          // Own properties only: a path must not climb to a prototype.
          const step = getOwnPropertyDescriptor(target as object, path[i] as string);
          if (!step || typeof step.value !== 'object' || step.value === null) throw new TypeError('bad path');
          target = step.value;
        }
        define(target as object, path[path.length - 1] as string, proxyOf(id));
      }
    }
    if (frozen) deepFreeze(root);
    return root;
  };
  const deepFreeze = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value) || Object.isFrozen(value))
      return;
    freeze(value);
    for (const key of ownKeys(value)) deepFreeze((value as Record<string | symbol, unknown>)[key]);
  };

  const post = (message: BridgeMessage): void => {
    dispatch(new Event_(outbound, { detail: message }));
  };

  const proxyOf = (id: number): ((...args: unknown[]) => unknown) => {
    const known = proxies.get(id);
    if (known) return known;
    const proxy = (...args: unknown[]): unknown => {
      const call = ++lastId;
      const packed = pack(args);
      if (side === 'preload') {
        // A page's callback runs later, from a microtask, and its result stays in the page.
        post({ kind: 'call', call, fn: id, args: packed });
        return undefined;
      }
      let answer: BridgeMessage | undefined;
      let settle: ((message: BridgeMessage) => void) | undefined;
      waiting.set(call, (message) => {
        if (settle) settle(message);
        else answer = message;
      });
      post({ kind: 'call', call, fn: id, args: packed });
      if (!answer) throw new TypeError('no such function');
      if (answer.kind === 'pending') {
        return new Promise_((resolve, reject) => {
          settle = (message) => {
            waiting.delete(call);
            if (message.kind === 'resolve') resolve(unpack(message.value));
            else if (message.kind === 'reject') reject(unpack(message.value));
          };
        });
      }
      waiting.delete(call);
      if (answer.kind === 'return') return unpack(answer.value);
      if (answer.kind === 'throw') throw unpack(answer.value);
      throw new TypeError('bad answer');
    };
    proxies.set(id, proxy);
    return proxy;
  };

  const packError = (error: unknown): Packed => {
    try {
      return pack(error);
    } catch {
      return pack(new Error(String(error)));
    }
  };
  const answer = (call: number, fn: ((...args: unknown[]) => unknown) | undefined, args: Packed): void => {
    try {
      if (!fn) throw new TypeError('no such function');
      const result = apply(fn, undefined, unpack(args) as unknown[]);
      if (!(result instanceof Promise)) {
        post({ kind: 'return', call, value: pack(result) });
        return;
      }
      post({ kind: 'pending', call });
      const fail = (error: unknown): void => post({ kind: 'reject', call, value: packError(error) });
      void apply(then, result, [
        (value: unknown) => {
          try {
            post({ kind: 'resolve', call, value: pack(value) });
          } catch (error) {
            fail(error);
          }
        },
        fail,
      ]);
    } catch (error) {
      post({ kind: 'throw', call, value: packError(error) });
    }
  };

  const receive = (message: BridgeMessage): void => {
    if (message.kind === 'call') {
      const fn = table.get(message.fn);
      if (side === 'preload') answer(message.call, fn, message.args);
      // From a microtask `window.event` no longer shows the bridge's event to the page's callback.
      else if (fn) enqueue(() => void apply(fn, undefined, unpack(message.args) as unknown[]));
      return;
    }
    if (side === 'preload') {
      if (message.kind === 'signal') signalled?.(unpack(message.value));
      return;
    }
    if (message.kind === 'expose') {
      define(window, message.key, unpack(message.api, true), false);
    } else if (message.kind !== 'signal') {
      waiting.get(message.call)?.(message);
    }
  };
  document.addEventListener(inbound, (event) => {
    const message = detailOf ? (apply(detailOf, event, []) as BridgeMessage | null) : null;
    if (message !== null) receive(message);
  });

  return {
    expose: (key, api) => post({ kind: 'expose', key, api: pack(api) }),
    signal: (value) => post({ kind: 'signal', value: pack(value) }),
    onSignal: (listener) => {
      signalled = listener;
    },
  };
}
