/** Structured values as text, both in the host and, by its source text, in the preload's world. */

/** Text form of values as structured clone carries them. */
export interface Codec {
  /** Throws a `DataCloneError`-like error for what can't be cloned, such as functions. */
  encode(value: unknown): string;
  /** Throws on text that `encode` did not make. */
  decode(text: string): unknown;
}

/**
 * Makes the codec. Self-contained: its source is injected into pages.
 *
 * JSON carries strings, booleans, null and plain numbers; all else is an array whose first item is a tag, so no
 * value can pose as another. Objects are numbered in the order met; `['ref', n]` closes cycles and keeps sharing.
 */
export function createCodec(): Codec {
  const toBase64 = (bytes: Uint8Array): string => {
    if (typeof Buffer !== 'undefined') {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    }
    return (bytes as Uint8Array & { toBase64(): string }).toBase64();
  };
  const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
    // A copy with a buffer of its own: Node's pool must not show through `.buffer`.
    if (typeof Buffer !== 'undefined') return new Uint8Array(Buffer.from(text, 'base64'));
    return (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(text);
  };
  const views: Record<string, new (buffer: ArrayBuffer) => ArrayBufferView> = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const errors: Record<string, new (message: string) => Error> = {
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };
  const refuse = (): never => {
    throw new Error('An object could not be cloned.');
  };

  const write = (value: unknown, seen: Map<object, number>): unknown => {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'undefined':
        return ['u'];
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['n', Object.is(value, -0) ? '-0' : String(value)];
      case 'bigint':
        return ['i', String(value)];
      case 'object':
        return value === null ? null : writeObject(value, seen);
      default:
        return refuse();
    }
  };
  const writeObject = (value: object, seen: Map<object, number>): unknown => {
    const known = seen.get(value);
    if (known !== undefined) return ['ref', known];
    seen.set(value, seen.size);
    if (Array.isArray(value)) return ['a', value.map((item) => write(item, seen))];
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (ArrayBuffer.isView(value)) {
      const name = tag in views ? tag : 'Uint8Array';
      return ['v', name, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
    }
    switch (tag) {
      case 'ArrayBuffer':
        return ['b', toBase64(new Uint8Array(value as ArrayBuffer))];
      case 'Date': {
        const time = (value as Date).getTime();
        return ['d', Number.isNaN(time) ? null : time];
      }
      case 'RegExp':
        return ['r', (value as RegExp).source, (value as RegExp).flags];
      case 'Map':
        return ['m', [...(value as Map<unknown, unknown>)].map(([k, v]) => [write(k, seen), write(v, seen)])];
      case 'Set':
        return ['s', [...(value as Set<unknown>)].map((item) => write(item, seen))];
      case 'Error': {
        const { name, message, stack, cause } = value as Error;
        return [
          'e',
          name in errors ? name : 'Error',
          String(message),
          String(stack ?? ''),
          write(cause, seen),
        ];
      }
      case 'Object':
        return [
          'o',
          Object.keys(value).map((key) => [key, write((value as Record<string, unknown>)[key], seen)]),
        ];
      default:
        // Promise, WeakMap, Blob, DOM nodes, boxed primitives and the like.
        return refuse();
    }
  };

  const bad = (): never => {
    throw new Error('not a structured value');
  };
  const define = (target: object, key: string, value: unknown): void => {
    // Plain assignment would let a key '__proto__' change the prototype.
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  };
  const read = (node: unknown, seen: object[]): unknown => {
    if (node === null || typeof node !== 'object') return node;
    if (!Array.isArray(node)) return bad();
    const [tag, first, second] = node as [string, never, never];
    const keep = <T extends object>(object: T): T => {
      seen.push(object);
      return object;
    };
    switch (tag) {
      case 'u':
        return undefined;
      case 'n':
        return Number(first);
      case 'i':
        return BigInt(first);
      case 'ref':
        return seen[first] ?? bad();
      case 'a': {
        const items: unknown[] = keep([]);
        for (const item of first as unknown[]) items.push(read(item, seen));
        return items;
      }
      case 'v': {
        const View = Object.hasOwn(views, first) ? views[first] : undefined;
        return View ? keep(new View(fromBase64(second).buffer)) : bad();
      }
      case 'b':
        return keep(fromBase64(first).buffer);
      case 'd':
        return keep(new Date(first ?? Number.NaN));
      case 'r':
        return keep(new RegExp(first, second));
      case 'm': {
        const map = keep(new Map<unknown, unknown>());
        for (const [k, v] of first as [unknown, unknown][]) map.set(read(k, seen), read(v, seen));
        return map;
      }
      case 's': {
        const set = keep(new Set<unknown>());
        for (const item of first as unknown[]) set.add(read(item, seen));
        return set;
      }
      case 'e': {
        const Kind = (Object.hasOwn(errors, first) ? errors[first] : undefined) ?? Error;
        const error = keep(new Kind(second));
        define(error, 'stack', node[3]);
        const cause = read(node[4], seen);
        if (cause !== undefined) define(error, 'cause', cause);
        return error;
      }
      case 'o': {
        const object = keep({});
        for (const [key, item] of first as [string, unknown][]) define(object, key, read(item, seen));
        return object;
      }
      default:
        return bad();
    }
  };

  return {
    encode: (value) => JSON.stringify(write(value, new Map())),
    decode: (text) => read(JSON.parse(text), []),
  };
}
