/** Bytes that own (or view) an ordinary ArrayBuffer: what WebCrypto, IndexedDB and structured clone take. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Text that is not what its encoding allows. Never carries the text itself. // SECURITY: S12 */
export class EncodingError extends Error {
  readonly kind: 'not-base64url' | 'not-base64' | 'not-hex' | 'not-utf8' | 'lone-surrogate';
  constructor(kind: EncodingError['kind']) {
    super(`encoding refused: ${kind}`);
    this.name = 'EncodingError';
    this.kind = kind;
  }
}

const encoder = new TextEncoder();
// ignoreBOM keeps U+FEFF: bytes → text → bytes must be the identity.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 of well-formed text. A lone surrogate is refused: TextEncoder would silently turn it into U+FFFD. */
export function utf8(text: string): Bytes {
  if (!text.isWellFormed()) throw new EncodingError('lone-surrogate');
  return encoder.encode(text);
}

/** Text of UTF-8 bytes; malformed bytes are an `EncodingError`, never U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new EncodingError('not-utf8');
  }
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: spreading a large array overflows the argument stack.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/** Bytes of standard, padded base64. White space, missing padding and non-zero trailing bits are refused. */
export function fromBase64(text: string): Bytes {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new EncodingError('not-base64');
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  // One text for one value: 'AB==' and 'AA==' would otherwise decode to the same byte. Only a last group that is not
  // full can be spelt twice.
  const rest = bytes.length % 3;
  if (rest > 0 && toBase64(bytes.subarray(-rest)) !== text.slice(-4)) throw new EncodingError('not-base64');
  return bytes;
}

/** URL-safe base64 without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Bytes of unpadded URL-safe base64; strict like `fromBase64`. */
export function fromBase64url(text: string): Bytes {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) throw new EncodingError('not-base64url');
  const padded = text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (text.length % 4)) % 4);
  try {
    return fromBase64(padded);
  } catch {
    throw new EncodingError('not-base64url');
  }
}

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Bytes of lower-case hexadecimal. Upper case is refused: a hash has one spelling. */
export function fromHex(text: string): Bytes {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new EncodingError('not-hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (nibbleAt(text, 2 * i) << 4) | nibbleAt(text, 2 * i + 1);
  return bytes;
}

/** Value of a digit that is one. */
function nibbleAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code <= 0x39 ? code - 0x30 : code - 0x61 + 10;
}

/** All parts behind one another, in a buffer of its own. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Equality whose time depends on the length only, not on where the bytes differ. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** `n` bytes of the platform's cryptographic generator (at most 65,536, as Web Crypto allows). */
export function randomBytes(n: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(n));
}
