import canonicalize from 'canonicalize';
import type { Bytes } from './bytes.ts';
import { utf8 } from './bytes.ts';

/** A value that RFC 8785 cannot carry without a guess. `path` names members only, never their values. */
export class CanonicalJsonError extends Error {
  readonly kind: 'not-json' | 'not-finite' | 'lone-surrogate' | 'not-plain' | 'circular' | 'too-deep';
  /** Where in the value, as a JSON pointer (RFC 6901). */
  readonly path: string;
  constructor(kind: CanonicalJsonError['kind'], path: string) {
    super(`canonical JSON refused: ${kind} at '${path}'`);
    this.name = 'CanonicalJsonError';
    this.kind = kind;
    this.path = path;
  }
}

// Deep enough for every document of ours; a hostile one must not overflow the stack.
const MAX_DEPTH = 64;

/**
 * JSON in the canonical form of RFC 8785 (JCS): members sorted by UTF-16 units, ECMAScript numbers, no space.
 * Whatever JSON.stringify would drop, convert or call back into is refused instead: undefined, functions,
 * symbols, bigint, NaN, infinities, lone surrogates, Dates, Maps, class instances, sparse arrays, `toJSON`,
 * getters, cycles.
 * @throws CanonicalJsonError
 */
export function canonicalJson(value: unknown): string {
  refuseNonJson(value, '', []);
  const text = canonicalize(value);
  if (text === undefined) throw new CanonicalJsonError('not-json', '');
  return text;
}

/** UTF-8 of `canonicalJson`: the bytes that are hashed and signed. */
export function canonicalBytes(value: unknown): Bytes {
  return utf8(canonicalJson(value));
}

function refuseNonJson(value: unknown, path: string, ancestors: readonly object[]): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!value.isWellFormed()) throw new CanonicalJsonError('lone-surrogate', path);
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new CanonicalJsonError('not-finite', path);
      return;
    case 'object':
      if (value !== null) refuseNonJsonObject(value, path, ancestors);
      return;
    default:
      throw new CanonicalJsonError('not-json', path);
  }
}

function refuseNonJsonObject(value: object, path: string, ancestors: readonly object[]): void {
  if (ancestors.includes(value)) throw new CanonicalJsonError('circular', path);
  if (ancestors.length >= MAX_DEPTH) throw new CanonicalJsonError('too-deep', path);
  const within = [...ancestors, value];
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    // Holes and extra named members have no JSON form.
    if (keys.length !== value.length) throw new CanonicalJsonError('not-plain', path);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    // A plain object of another realm (a window, a test's VM) has that realm's Object.prototype.
    const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!plain || Object.prototype.toString.call(value) !== '[object Object]') {
      throw new CanonicalJsonError('not-plain', path);
    }
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw new CanonicalJsonError('not-plain', path);
  // A function here would run in place of the members that were checked.
  if ('toJSON' in value && typeof value.toJSON === 'function')
    throw new CanonicalJsonError('not-plain', path);
  for (const key of keys) {
    const member = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!key.isWellFormed()) throw new CanonicalJsonError('lone-surrogate', path);
    const property = Object.getOwnPropertyDescriptor(value, key);
    // A getter may answer differently the second time it is read.
    if (property === undefined || !('value' in property)) throw new CanonicalJsonError('not-plain', member);
    refuseNonJson(property.value, member, within);
  }
}
