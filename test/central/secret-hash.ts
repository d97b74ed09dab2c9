/** Salted, slow hashes (scrypt, RFC 7914) of PINs and service passwords. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** N = 2^15, r = 8: 32 MB and some 60 ms a try. Stored with each hash, so that it can grow. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const KEY_BYTES = 32;

/** `scrypt$N$r$p$salt$key`, salt and key in base64. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(secret, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** A hash that nothing matches: checking against it takes as long as against a real one. */
export const NO_SECRET = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(16).toString('base64')}$`;

/** Whether `secret` is the one that was hashed, in constant time. */
export async function verifySecret(secret: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined)
    throw new RangeError('unknown hash scheme');
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: COST.maxmem };
  const expected = Buffer.from(key, 'base64');
  const actual = await derive(secret, Buffer.from(salt, 'base64'), options);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(secret: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(secret.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
    error ? reject(error) : resolve(key),
  );
  return promise;
}
