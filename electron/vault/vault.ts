/** The counter's long-lived secrets: made once, sealed by the key store, opened at start, never exported. */
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
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
  /** A key of its own for something that is kept, 32 bytes. */
  derived(use: string): Buffer;
}

/**
 * Opens the vault of a profile.
 * @throws StartRefusal when a sealed secret is there but does not open, or is gone: a new one would orphan evidence.
 */
export async function openVault(userData: string, keyStore: KeyStore): Promise<Vault> {
  const folder = join(userData, 'vault');
  // The device key is made last: where it is, and where there is a log that it has signed, there was a whole vault.
  const complete = (await isThere(fileOf(folder, 'device-key'))) || (await isThere(join(userData, 'audit')));
  const open = async (name: string, make: () => string) =>
    secret(folder, name, keyStore, complete ? undefined : make);
  const key32 = async (name: string) =>
    Buffer.from(fromBase64url(await open(name, () => toBase64url(randomBytes(32)))));
  const [pseudonymKey, outboxKey, stateKey] = [
    await key32('pseudonym-key'),
    await key32('outbox-key'),
    await key32('state-key'),
  ];
  const deviceKey = await importDeviceKey(await open('device-key', newDeviceKey));
  // HKDF (RFC 5869) of a key that is random already: its second step alone.
  const derived = (use: string) =>
    createHmac('sha256', stateKey).update(`zhiqing-key/1 ${use}\u0001`).digest();
  return { backend: keyStore.backend, keyStore, deviceKey, pseudonymKey, outboxKey, stateKey, derived };
}

const fileOf = (folder: string, name: string) => join(folder, `${name}.sealed`);

/** What a sealed text begins with; the secret's name follows. SECURITY: S14 */
export const NAMED = 'zhiqing-secret/1';

/** @param make Makes the secret; left out where it has to be there. */
async function secret(
  folder: string,
  name: string,
  keyStore: KeyStore,
  make: (() => string) | undefined,
): Promise<string> {
  const path = fileOf(folder, name);
  const sealed = await readIfThere(path);
  const head = `${NAMED} ${name}\n`;
  if (sealed === undefined) {
    if (!make) {
      throw new StartRefusal(
        `${path} 不见了,没有它就打不开已有的证据。请勿修改其他文件,从备份中恢复这一个文件;没有备份时联系信息安全人员,按 docs/it.md 重新设立该柜台。`,
        `${path} is gone; without it what evidence there is cannot be opened. Leave the other files alone and put this one back from a backup; without one call information security and set the counter up anew (docs/it.md).`,
      );
    }
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
  if (!opened.text.startsWith(head)) {
    throw new StartRefusal(
      `${path} 不是它应有的密钥,密钥文件可能被调换。请勿修改,立即联系信息安全人员。`,
      `${path} holds another secret than its name says: files of the vault were exchanged. Do not touch them; call information security.`,
    );
  }
  if (opened.reseal) await writeDurably(path, await keyStore.seal(opened.text));
  return opened.text.slice(head.length);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
