import { fromBER, Integer, Sequence } from 'asn1js';
import type { Bytes } from './bytes.ts';
import { concat, equal } from './bytes.ts';
import { derOf } from './x509.ts';

// An ECDSA signature is a SEQUENCE of the INTEGERs r and s in certificates and CMS (RFC 3279 section 2.2.3) and
// r ‖ s, each padded to the curve's width, in Web Crypto. Parsers forgive much in the first form (other tags,
// lengths, leading zeros); here there is one spelling only.

/** r and s without leading zeros, or undefined when the bytes are not the DER of two positive numbers. */
export function ecdsaIntegers(der: Uint8Array): readonly [Bytes, Bytes] | undefined {
  const { offset, result } = fromBER(der);
  if (offset !== der.length || !(result instanceof Sequence)) return undefined;
  const [r, s] = result.valueBlock.value.map((part) =>
    part instanceof Integer ? withoutZeros(new Uint8Array(part.valueBlock.valueHexView)) : undefined,
  );
  if (r === undefined || s === undefined || r.length === 0 || s.length === 0) return undefined;
  return equal(derOfIntegers(r, s), der) ? [r, s] : undefined;
}

/** Raw 64 bytes of a P-256 signature in DER; undefined when it is none. */
export function rawSignature(der: Uint8Array): Bytes | undefined {
  const integers = ecdsaIntegers(der);
  if (integers === undefined || integers.some((integer) => integer.length > 32)) return undefined;
  return concat(...integers.flatMap((integer) => [new Uint8Array(32 - integer.length), integer]));
}

/** DER of a raw P-256 signature. */
export function derSignature(raw: Bytes): Bytes {
  return derOfIntegers(withoutZeros(raw.slice(0, 32)), withoutZeros(raw.slice(32)));
}

function derOfIntegers(...magnitudes: readonly Bytes[]): Bytes {
  const value = magnitudes.map((magnitude) => {
    // A leading zero keeps a number with its top bit set positive.
    const positive = (magnitude[0] ?? 0) >= 0x80 ? concat(new Uint8Array(1), magnitude) : magnitude;
    return new Integer({ valueHex: positive });
  });
  return derOf(new Sequence({ value }));
}

function withoutZeros(bytes: Bytes): Bytes {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  return bytes.slice(start);
}
