/** The operating system's key store, behind Electron's safeStorage: the one place that seals secrets on disk. */
import type { SafeStorage } from 'electron';
import { StartRefusal } from '../start-refusal.ts';

/** What the vault needs of `safeStorage`. The synchronous calls are deprecated in Electron 45. */
export type SafeStorageCalls = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export interface KeyStore {
  /** Name of the store, for the status bar. */
  readonly backend: string;
  seal(text: string): Promise<Buffer>;
  /** @throws whatever the store throws: the caller never makes a new key because of it. */
  unseal(sealed: Buffer): Promise<{ text: string; reseal: boolean }>;
}

const TRIES = 5;
const WAIT_MS = 400;

/** Tries again: a locked or starting key store is 'temporarily unavailable', which never means a new key. */
export async function withPatience<T>(
  attempt: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES) throw error;
      await wait(WAIT_MS * tries);
    }
  }
}

/**
 * Opens the store, or says why it is none.
 * @throws StartRefusal when secrets would lie on the disk as good as plain.
 */
export async function openKeyStore(
  safeStorage: SafeStorageCalls,
  platform: NodeJS.Platform,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<KeyStore> {
  // SECURITY: S14 S16 on Linux 'available' is also said without a keyring: the backend's name decides.
  const backend = backendName(safeStorage, platform);
  if (backend === 'basic_text' || backend === 'unknown') {
    throw new StartRefusal(
      `操作系统没有可用的密钥环(当前:${backend})。请安装并解锁 GNOME Keyring 或 KWallet,以营业员账户登录桌面后重新启动。`,
      `No key store of the operating system is in use (found: ${backend}). Install and unlock GNOME Keyring or KWallet, sign in to the desktop as the counter's user and start again.`,
    );
  }
  const available = await withPatience(async () => {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) throw new Error('key store unavailable');
    return true;
  }, wait).catch(() => false);
  if (!available) {
    throw new StartRefusal(
      `操作系统密钥库(${backend})暂不可用。请解锁后重新启动;已有密钥不会被替换。`,
      `The operating system's key store (${backend}) is not available now. Unlock it and start again; existing keys are kept.`,
    );
  }
  return {
    backend,
    seal: (text) => withPatience(() => safeStorage.encryptStringAsync(text), wait),
    unseal: (sealed) =>
      withPatience(async () => {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
        return { text: result, reseal: shouldReEncrypt };
      }, wait),
  };
}

function backendName(safeStorage: SafeStorageCalls, platform: NodeJS.Platform): string {
  if (platform === 'linux') return safeStorage.getSelectedStorageBackend();
  return platform === 'win32' ? 'dpapi' : platform === 'darwin' ? 'keychain' : 'unknown';
}
