/** The counter's long-lived secrets: made once, sealed by the key store, opened at start, never exported. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64, fromBase64url, toBase64url } from '../../shared/canonical/bytes.ts';
import { writeDurably } from '../durable-file.ts';
import { StartRefusal } from '../start-refusal.ts';
import type { KeyStore } from './key-store.ts';

/** The device's own key: signs consents and authenticates the counter to central. */
export interface DeviceKey {
  /** PKCS#8 PEM for TLS, which cannot take a Web Crypto key. Never leaves the core. SECURITY: S14 */
  readonly pem: string;
  /** ECDSA P-256, usage 'sign', not extractable. */
  readonly privateKey: CryptoKey;
  /** ECDSA P-256, usage 'verify'. */
  readonly publicKey: CryptoKey;
}

export interface Vault {
  readonly backend: string;
  /** Seals what comes and goes: the wrapping keys of what is kept for cases. */
  readonly keyStore: Pick<KeyStore, 'seal' | 'unseal'>;
  readonly deviceKey: DeviceKey;
  /** HMAC-SHA-256 key of the subjects' pseudonyms, 32 bytes. */
  readonly pseudonymKey: Buffer;
  /** AES-256-GCM key of the outbox, 32 bytes. */
  readonly outboxKey: Buffer;
  /** HMAC-SHA-256 key of small facts on the disk (state-file.ts), 32 bytes. */
  readonly stateKey: Buffer;
}

/**
 * Opens the vault of a profile.
 * @throws StartRefusal when a sealed secret is there but does not open: a new one would orphan evidence.
 */
export async function openVault(userData: string, keyStore: KeyStore): Promise<Vault> {
  const folder = join(userData, 'vault');
  const key32 = () => toBase64url(randomBytes(32));
  return {
    backend: keyStore.backend,
    keyStore,
    deviceKey: await importDeviceKey(await secret(folder, 'device-key', keyStore, newDeviceKey)),
    pseudonymKey: Buffer.from(fromBase64url(await secret(folder, 'pseudonym-key', keyStore, key32))),
    outboxKey: Buffer.from(fromBase64url(await secret(folder, 'outbox-key', keyStore, key32))),
    stateKey: Buffer.from(fromBase64url(await secret(folder, 'state-key', keyStore, key32))),
  };
}

/** What a sealed text begins with; the secret's name follows. SECURITY: S14 */
export const NAMED = 'zhiqing-secret/1';

async function secret(folder: string, name: string, keyStore: KeyStore, make: () => string): Promise<string> {
  const path = join(folder, `${name}.sealed`);
  const sealed = await readIfThere(path);
  const head = `${NAMED} ${name}\n`;
  if (sealed === undefined) {
    const made = make();
    await writeDurably(path, await keyStore.seal(head + made));
    return made;
  }
  const opened = await keyStore.unseal(sealed).catch(() => {
    throw new StartRefusal(
      `无法解开 ${path}。它由本机本用户的密钥库封存;请以原账户登录并解锁密钥库。若设备已更换,请重新注册该柜台。`,
      `${path} does not open. It is sealed by this machine's and user's key store: sign in as the same user and unlock it. If the machine was replaced, enrol the counter anew.`,
    );
  });
  // SECURITY: S14 a secret says whose place it is for: two files exchanged do not pass for each other.
  const named = opened.text.startsWith(`${NAMED} `);
  if (named && !opened.text.startsWith(head)) {
    throw new StartRefusal(
      `${path} 不是它应有的密钥,密钥文件可能被调换。请勿修改,立即联系信息安全人员。`,
      `${path} holds another secret than its name says: files of the vault were exchanged. Do not touch them; call information security.`,
    );
  }
  // Profiles of before names were kept get them now.
  const value = named ? opened.text.slice(head.length) : opened.text;
  if (opened.reseal || !named) await writeDurably(path, await keyStore.seal(head + value));
  return value;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function newDeviceKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

async function importDeviceKey(pem: string): Promise<DeviceKey> {
  const pkcs8 = fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ''));
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  // The public half is derived over an extractable copy, which is dropped at once.
  const whole = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', whole);
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new StartRefusal('设备密钥不是 P-256 密钥。', 'The device key is not a P-256 key.');
  }
  return {
    pem,
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, true, ['verify']),
  };
}
