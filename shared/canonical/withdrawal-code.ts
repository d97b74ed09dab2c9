/**
 * The code on a receipt that withdraws its consent at any counter: 80 random bits in Crockford's base32, in
 * groups of four. The consent record carries its SHA-256 only, so that central cannot know it beforehand.
 */
import { type Bytes, randomBytes, utf8 } from './bytes.ts';
import { sha256Hex } from './hash.ts';

/** Crockford's base32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_BYTES = 10;
const CODE_CHARACTERS = 16;
const GROUP = 4;

/** A code as it is printed. */
export const withdrawalCodePattern =
  /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

/** A fresh code, `XXXX-XXXX-XXXX-XXXX`. */
export function makeWithdrawalCode(random: Bytes = randomBytes(CODE_BYTES)): string {
  if (random.length !== CODE_BYTES) throw new RangeError('a code is of 10 bytes');
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of random) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return grouped(text);
}

/**
 * The code in what somebody typed: any case, blanks and dashes anywhere, O for 0, I and L for 1, as Crockford
 * has it. Undefined when it is no code.
 */
export function readWithdrawalCode(typed: string): string | undefined {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-‐-―−]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (text.length !== CODE_CHARACTERS) return undefined;
  const code = grouped(text);
  return withdrawalCodePattern.test(code) ? code : undefined;
}

/** SHA-256 of the UTF-8 of a code as it is printed, dashes included; lower-case hexadecimal. */
export function withdrawalCodeHash(code: string): Promise<string> {
  if (!withdrawalCodePattern.test(code)) throw new TypeError('not a withdrawal code');
  return sha256Hex(utf8(code));
}

function grouped(text: string): string {
  return Array.from({ length: text.length / GROUP }, (_, i) => text.slice(i * GROUP, (i + 1) * GROUP)).join(
    '-',
  );
}
