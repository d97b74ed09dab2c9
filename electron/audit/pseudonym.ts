import { createHmac } from 'node:crypto';

/** A subject's keyed pseudonym (HMAC-SHA-256, hex): entries of one number can be joined, the number not guessed. */
export function pseudonymOf(key: Buffer, subscriber: string): string {
  // SECURITY: S12 eleven digits would be found by trying out, were it a plain hash.
  return createHmac('sha256', key).update(subscriber).digest('hex');
}
