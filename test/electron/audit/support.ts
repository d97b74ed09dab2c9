/** A device key and logs for tests. */
import { type AuditLogOptions, openAuditLog } from '../../../electron/audit/log.ts';

export const DEVICE = 'counter-0001';
export const NOW = Date.parse('2026-11-22T02:00:00Z');

/** HMAC key of what lies beside the log. */
export const stateKey = Buffer.alloc(32, 3);

export type TestKey = { privateKey: CryptoKey; publicKey: CryptoKey };

export function newKey(): Promise<TestKey> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

/** One key for all tests of a file. */
export const key = await newKey();

export function openLog(folder: AuditLogOptions['folder'], options: Partial<AuditLogOptions> = {}) {
  return openAuditLog({ folder, device: DEVICE, key, stateKey, now: () => NOW, ...options });
}
