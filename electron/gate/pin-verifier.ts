/** Recognises the signed-in member of staff's PIN while they are signed in, without keeping the PIN. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** RFC 7914 cost: some 60 ms and 32 MB a try. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

export type PinVerifier = (pin: string) => Promise<boolean>;

/** Makes a verifier; the salted hash lives in memory only and goes with it. */
export async function pinVerifier(pin: string): Promise<PinVerifier> {
  const salt = randomBytes(SALT_BYTES);
  const expected = await derive(pin, salt);
  return async (typed) => timingSafeEqual(await derive(typed, salt), expected);
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
