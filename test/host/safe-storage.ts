/** Electron's `safeStorage`, FAKED: the key lies in a file outside the profile, where a keyring would hold it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isStarted } from './runtime.ts';
import { strict } from './strict.ts';

const PREFIX = Buffer.from('zqh1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

function keyringPath(): string {
  const named = process.env.ZHIQING_HOST_KEYRING;
  if (named !== undefined && named !== '') return path.resolve(named);
  return path.join(os.tmpdir(), `zhiqing-host-${os.userInfo().uid}`, 'keyring');
}

function readKey(): Buffer {
  const file = keyringPath();
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    // Written beside and linked, so that two hosts starting at once end up with one whole key.
    const fresh = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(fresh, randomBytes(KEY_BYTES), { mode: 0o600 });
    try {
      linkSync(fresh, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(fresh);
    }
  }
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) throw new Error('chromium host: the keyring file does not hold a key');
  return key;
}

function requireReady(): void {
  if (!isStarted()) throw new Error('safeStorage cannot be used before app is ready');
}

/** Electron's `safeStorage`: the asynchronous calls; the deprecated ones throw. */
export const safeStorage = strict('safeStorage', {
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    requireReady();
    return true;
  },
  async encryptStringAsync(plainText: string): Promise<Buffer> {
    requireReady();
    if (typeof plainText !== 'string') throw new TypeError('Error processing argument: not a string');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', readKey(), nonce, { authTagLength: TAG_BYTES });
    const sealed = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Buffer.concat([PREFIX, nonce, cipher.getAuthTag(), sealed]);
  },
  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    requireReady();
    const start = PREFIX.length;
    const fail = (): Error =>
      new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.');
    if (!Buffer.isBuffer(encrypted) || !encrypted.subarray(0, start).equals(PREFIX)) throw fail();
    const nonce = encrypted.subarray(start, start + NONCE_BYTES);
    const tag = encrypted.subarray(start + NONCE_BYTES, start + NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', readKey(), nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tag);
      const sealed = encrypted.subarray(start + NONCE_BYTES + TAG_BYTES);
      return {
        result: Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8'),
        shouldReEncrypt: false,
      };
    } catch {
      // A wrong key and changed bytes look the same, as in a keyring.
      throw fail();
    }
  },
  getSelectedStorageBackend: (): string => (isStarted() ? 'gnome_libsecret' : 'unknown'),
  setUsePlainTextEncryption(_use: boolean): never {
    throw new Error('chromium host: safeStorage.setUsePlainTextEncryption is not implemented');
  },
});
