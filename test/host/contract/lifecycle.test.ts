import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { APP_FOLDER, environment, freshFolder, HOST, pageOf, type Running, start } from './host.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
async function folderForTest(): Promise<string> {
  const folder = await freshFolder();
  folders.push(folder);
  return folder;
}

/** Process ids of the Chromium on this profile: of the browser itself, or of its children too. */
async function chromiums(folder: string, which: 'browser' | 'all'): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    // The host's own command line has the switch too.
    if (!line.includes(`--user-data-dir=${folder}`) || line.includes('launch.ts')) continue;
    if (which === 'all' || !line.includes('--type=')) found.push(Number(name));
  }
  return found;
}
const noneLeft = (folder: string): Promise<void> =>
  expect.poll(() => chromiums(folder, 'all'), { timeout: 10_000 }).toEqual([]);
const exitOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null
    ? new Promise((resolve) => child.once('exit', resolve))
    : Promise.resolve(child.exitCode);

const read = (running: Running): Promise<unknown> =>
  running.staff.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open('kept', 1);
        open.onupgradeneeded = () => open.result.createObjectStore('rows');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const get = open.result.transaction('rows').objectStore('rows').get('k');
          get.onsuccess = () => {
            open.result.close();
            resolve(get.result ?? null);
          };
        };
      }),
  );
const write = (running: Running): Promise<unknown> =>
  running.staff.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const open = indexedDB.open('kept', 1);
        open.onupgradeneeded = () => open.result.createObjectStore('rows');
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const change = open.result.transaction('rows', 'readwrite', { durability: 'strict' });
          change.objectStore('rows').put('知情', 'k');
          change.oncomplete = () => {
            open.result.close();
            resolve();
          };
        };
      }),
  );

describe('storage', () => {
  it('of a persistent partition outlives a restart and can be cleared', async () => {
    const folder = await folderForTest();
    const first = await start({ folder });
    expect(await read(first)).toBeNull();
    await write(first);
    await first.stop();
    await noneLeft(folder);

    const second = await start({ folder });
    expect(await read(second)).toBe('知情');
    await second.app.evaluate(({ session }) => session.fromPartition('persist:customer').clearStorageData());
    expect(await read(second)).toBe('知情');
    await second.app.evaluate(({ session }) => session.fromPartition('persist:staff').clearStorageData());
    await second.staff.reload();
    expect(await read(second)).toBeNull();
    await second.stop();
  });
});

describe('safeStorage', () => {
  it('seals under a key that is not in the profile', async () => {
    const folder = await folderForTest();
    const first = await start({ folder });
    const sealed = await first.app.evaluate(async ({ safeStorage }) => {
      const bytes = await safeStorage.encryptStringAsync('私密 secret');
      return {
        hex: bytes.toString('hex'),
        backend: safeStorage.getSelectedStorageBackend(),
        available: await safeStorage.isAsyncEncryptionAvailable(),
      };
    });
    expect(sealed).toMatchObject({ backend: 'gnome_libsecret', available: true });
    expect(Buffer.from(sealed.hex, 'hex').includes('secret')).toBe(false);
    await first.stop();
    const keyring = path.join(folder, 'keyring');
    expect((await stat(keyring)).mode & 0o777).toBe(0o600);

    const open = (running: Running): Promise<string> =>
      running.app.evaluate(
        ({ safeStorage }, hex) =>
          safeStorage.decryptStringAsync(Buffer.from(hex, 'hex')).then(
            ({ result, shouldReEncrypt }) => `${result}, ${shouldReEncrypt}`,
            (error: Error) => error.message,
          ),
        sealed.hex,
      );
    const second = await start({ folder });
    expect(await open(second)).toBe('私密 secret, false');
    await second.stop();

    // A stolen profile comes without the keyring.
    await unlink(keyring);
    const thief = await start({ folder });
    expect(await open(thief)).toContain('Error while decrypting');
    await thief.stop();
  });
});

describe('the end', () => {
  it('comes by close(), with Chromium and with exit code 0', async () => {
    const folder = await folderForTest();
    const running = await start({ folder });
    const child = running.app.process();
    expect(await chromiums(folder, 'browser')).toHaveLength(1);
    await running.stop();
    expect(await exitOf(child)).toBe(0);
    await noneLeft(folder);
  });

  it('comes when the last window is closed', async () => {
    const folder = await folderForTest();
    const running = await start({ folder });
    const child = running.app.process();
    await running.staff.close();
    await running.customer.close();
    expect(await exitOf(child)).toBe(0);
    await noneLeft(folder);
  });

  it('leaves no Chromium when the host is killed', async () => {
    const folder = await folderForTest();
    const running = await start({ folder });
    const child = running.app.process();
    child.kill('SIGKILL');
    await exitOf(child);
    await noneLeft(folder);
  });

  it('takes the host along when Chromium is killed', async () => {
    const folder = await folderForTest();
    const running = await start({ folder });
    const child = running.app.process();
    for (const pid of await chromiums(folder, 'browser')) process.kill(pid, 'SIGKILL');
    expect(await exitOf(child)).toBe(1);
  });

  it('can be refused by a window', async () => {
    const running = await start();
    await running.app.evaluate(({ app, BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows())
        window.once('close', (event) => event.preventDefault());
      app.quit();
    });
    expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2);
    await running.stop();
  });
});

describe('a renderer that crashes', () => {
  it('is told, and the window can be loaded again', async () => {
    const running = await start();
    const gone = await running.app.evaluate(({ app, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'staff');
      const told = new Promise((resolve) =>
        app.once('render-process-gone', (_event, contents, details) =>
          resolve([details.reason, contents === window?.webContents, contents.isCrashed()]),
        ),
      );
      window?.webContents.forcefullyCrashRenderer();
      return told;
    });
    expect(gone).toEqual(['crashed', true, true]);
    const alive = await running.app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'staff');
      await window?.loadURL('app://counter/?again');
      return [
        window?.webContents.isCrashed(),
        await window?.webContents.executeJavaScript('api.invoke("echo", 5)'),
      ];
    });
    expect(alive).toEqual([false, 5]);
    expect(await running.customer.evaluate(() => window.api.invoke('echo', 1))).toBe(1);
    await running.stop();
  });
});

describe('the start', () => {
  it('of a second instance is refused and heard by the first', async () => {
    const running = await start();
    const asked = await running.app.evaluate(({ app }) => {
      const heard = new Promise<string[]>((resolve) =>
        app.once('second-instance', (_event, argv) => resolve(argv)),
      );
      Object.assign(globalThis, { heard });
      return [app.requestSingleInstanceLock(), app.getPath('userData')];
    });
    expect(asked).toEqual([true, path.join(running.folder, 'profile')]);
    const second = spawn(
      HOST,
      [APP_FOLDER, '--lock', `--user-data-dir=${path.join(running.folder, 'profile')}`],
      {
        env: environment(running.folder),
        stdio: 'ignore',
      },
    );
    expect(await exitOf(second)).toBe(0);
    const argv = await running.app.evaluate(() => Reflect.get(globalThis, 'heard') as Promise<string[]>);
    expect(argv.slice(1)).toEqual([APP_FOLDER, '--lock', expect.stringContaining('--user-data-dir=')]);
    await running.stop();
  });

  it('without Chromium says what to do in both languages', async () => {
    const folder = await folderForTest();
    const env = environment(folder, { CHROMIUM_BIN: path.join(folder, 'none') });
    const { status, stderr } = spawnSync(HOST, [APP_FOLDER, `--user-data-dir=${folder}`], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('找不到 Chromium');
    expect(stderr).toContain('Chromium was not found');
  });

  it('says which host it is', async () => {
    const running = await start();
    const said = await running.app.evaluate(({ app }) => [
      process.env.ZHIQING_HOST,
      process.versions.electron,
      Number(process.versions.node.split('.')[0]) >= 24,
      Number(process.versions.chrome?.split('.')[0]) > 100,
      app.isPackaged,
      app.commandLine.hasSwitch('remote-debugging-port'),
      process.argv.slice(1, 4),
    ]);
    // As with Electron itself, argv holds everything that the executable was given.
    const argv = ['--no-sandbox', '--inspect=0', '--remote-debugging-port=0'];
    expect(said).toEqual(['chromium', '45.4.1-chromium-host', true, true, false, true, argv]);
    await running.stop();
  });

  it('right after the host was killed waits for the profile', async () => {
    const folder = await folderForTest();
    const running = await start({ folder });
    const child = running.app.process();
    child.kill('SIGKILL');
    await exitOf(child);
    const again = await start({ folder });
    await pageOf(again.app, 'staff');
    await again.stop();
  });
});
