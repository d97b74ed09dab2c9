/**
 * What is written to a file that nobody but the core may change: HMAC-SHA-256 under the vault's key, bound to what
 * the value is, so that one can't stand in for another.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical/json.ts';

/** Lower-case hexadecimal. @param name What the value is. */
export function macOf(key: Buffer, name: string, value: unknown): string {
  return createHmac('sha256', key)
    .update(`zhiqing-state/1 ${name}\n`)
    .update(canonicalJson(value))
    .digest('hex');
}

/** Whether the core wrote this. SECURITY: S16 */
export function isAuthentic(key: Buffer, name: string, value: unknown, mac: string): boolean {
  const [wanted, given] = [Buffer.from(macOf(key, name, value)), Buffer.from(mac)];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
