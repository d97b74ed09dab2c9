import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartRefusal } from '../../../electron/start-refusal.ts';
import { openKeyStore, type SafeStorageCalls } from '../../../electron/vault/key-store.ts';
import { openVault } from '../../../electron/vault/vault.ts';
import { utf8 } from '../../../shared/canonical/bytes.ts';

const now = async () => undefined;
/** A key store that turns bytes round, so that plain text is not found. */
function storage(change: Partial<SafeStorageCalls> = {}): SafeStorageCalls {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptStringAsync: async (text) => turn(Buffer.from(text)),
    decryptStringAsync: async (sealed) => ({ result: turn(sealed).toString(), shouldReEncrypt: false }),
    ...change,
  };
}
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-vault-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('key store', () => {
  it.each(['basic_text', 'unknown'] as const)('is none when it is %s', async (backend) => {
    const store = storage({ getSelectedStorageBackend: () => backend });
    await expect(openKeyStore(store, 'linux', now)).rejects.toBeInstanceOf(StartRefusal);
  });
  it('goes by the system elsewhere', async () => {
    const store = storage({ getSelectedStorageBackend: () => 'basic_text' });
    expect((await openKeyStore(store, 'win32', now)).backend).toBe('dpapi');
  });
  it('is waited for, and given up in both languages', async () => {
    let asked = 0;
    const late = storage({ isAsyncEncryptionAvailable: async () => ++asked === 3 });
    expect((await openKeyStore(late, 'linux', now)).backend).toBe('gnome_libsecret');
    const never = storage({ isAsyncEncryptionAvailable: async () => false });
    await expect(openKeyStore(never, 'linux', now)).rejects.toMatchObject({
      zh: expect.stringContaining('密钥库'),
      en: expect.stringContaining('key store'),
    });
  });
});

describe('vault', () => {
  const open = async (store: SafeStorageCalls) => openVault(folder, await openKeyStore(store, 'linux', now));
  it('makes its secrets once and finds them again', async () => {
    const first = await open(storage());
    const again = await open(storage());
    expect(again.pseudonymKey).toEqual(first.pseudonymKey);
    expect(again.outboxKey).toEqual(first.outboxKey);
    expect(again.deviceKey.pem).toBe(first.deviceKey.pem);
    expect(first.outboxKey).not.toEqual(first.pseudonymKey);
  });
  it('has a device key that signs and cannot be read out', async () => {
    const { deviceKey } = await open(storage());
    expect(deviceKey.privateKey.extractable).toBe(false);
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = await crypto.subtle.sign(algorithm, deviceKey.privateKey, utf8('x'));
    expect(await crypto.subtle.verify(algorithm, deviceKey.publicKey, signature, utf8('x'))).toBe(true);
  });
  it('writes nothing plain', async () => {
    const { deviceKey, outboxKey } = await open(storage());
    for (const name of await readdir(join(folder, 'vault'))) {
      const bytes = await readFile(join(folder, 'vault', name));
      expect(bytes.includes('PRIVATE KEY')).toBe(false);
      expect(bytes.includes(outboxKey.toString('base64url'))).toBe(false);
      expect(bytes.includes(deviceKey.pem.slice(40, 80))).toBe(false);
    }
  });
  it('tries again when the store is busy, and never makes a new key instead', async () => {
    const first = await open(storage());
    let failures = 2;
    const busy = storage({
      decryptStringAsync: async (sealed) => {
        if (failures-- > 0) throw new Error('temporarily unavailable');
        return storage().decryptStringAsync(sealed);
      },
    });
    expect((await open(busy)).deviceKey.pem).toBe(first.deviceKey.pem);
    const locked = storage({ decryptStringAsync: () => Promise.reject(new Error('locked')) });
    await expect(open(locked)).rejects.toBeInstanceOf(StartRefusal);
    expect((await open(storage())).deviceKey.pem).toBe(first.deviceKey.pem);
  });
  it('refuses files that were exchanged', async () => {
    await open(storage());
    const [a, b] = ['pseudonym-key', 'outbox-key'].map((name) => join(folder, 'vault', `${name}.sealed`));
    if (!a || !b) throw new Error('no files');
    const [first, second] = [await readFile(a), await readFile(b)];
    await writeFile(a, second);
    await writeFile(b, first);
    await expect(open(storage())).rejects.toThrow(/exchanged/);
  });
  it('never makes a secret anew that is gone: what it sealed or signed would be orphaned', async () => {
    await open(storage());
    for (const name of await readdir(join(folder, 'vault'))) {
      const path = join(folder, 'vault', name);
      const sealed = await readFile(path);
      await rm(path);
      const refusal = await open(storage()).catch((error: unknown) => error);
      // The log is what tells that the device key was there.
      if (name === 'device-key.sealed') {
        expect(refusal).not.toBeInstanceOf(StartRefusal);
        await rm(path);
        await mkdir(join(folder, 'audit'));
        await expect(open(storage())).rejects.toThrow(/device-key.sealed is gone/);
        await rm(join(folder, 'audit'), { recursive: true });
      } else {
        expect(refusal).toBeInstanceOf(StartRefusal);
        expect(refusal).toMatchObject({ zh: expect.stringContaining('不见了') });
      }
      await writeFile(path, sealed);
    }
    await open(storage());
  });
  it('goes on with a vault that a crash interrupted while it was made', async () => {
    await open(storage());
    await rm(join(folder, 'vault', 'device-key.sealed'));
    await rm(join(folder, 'vault', 'state-key.sealed'));
    await expect(open(storage())).resolves.toBeDefined();
  });
  it('derives keys that have nothing in common', async () => {
    const vault = await open(storage());
    expect(vault.derived('a')).toHaveLength(32);
    expect(vault.derived('a')).toEqual((await open(storage())).derived('a'));
    expect(vault.derived('a')).not.toEqual(vault.derived('b'));
    expect(vault.derived('a')).not.toEqual(vault.stateKey);
  });
  it('refuses a secret that does not say what it is for', async () => {
    const { outboxKey } = await open(storage());
    const path = join(folder, 'vault', 'outbox-key.sealed');
    await writeFile(path, await storage().encryptStringAsync(outboxKey.toString('base64url')));
    await expect(open(storage())).rejects.toThrow(StartRefusal);
  });
  it('seals anew when the store asks for it', async () => {
    const first = await open(storage());
    let sealed = 0;
    const rotated = storage({
      encryptStringAsync: async (text) => {
        sealed++;
        return storage().encryptStringAsync(text);
      },
      decryptStringAsync: async (bytes) => ({
        ...(await storage().decryptStringAsync(bytes)),
        shouldReEncrypt: true,
      }),
    });
    await open(rotated);
    expect(sealed).toBe((await readdir(join(folder, 'vault'))).length);
    expect((await open(storage())).deviceKey.pem).toBe(first.deviceKey.pem);
  });
});
