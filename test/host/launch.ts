/**
 * Runs an app as Electron's executable would:
 * `chromium-host [--inspect=P] [--remote-debugging-port=P] [switches] <folder with package.json> [arguments]`
 */

import type { EventEmitter } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import inspector from 'node:inspector';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { announceReady, app, appendedSwitches, introduceApp, isQuitting, onEnd } from './app.ts';
import { type Chromium, startChromium } from './chromium.ts';
import { denyPermissions } from './permissions.ts';
import { answerRequests } from './requests.ts';
import { setRuntime } from './runtime.ts';
import { plugDisplay, refreshScreens, unplugDisplay } from './screen.ts';
import { watchTargets } from './targets.ts';

/** Chromium may take this long to close by itself before it is killed, in milliseconds. */
const CLOSE_LIMIT_MS = 4000;
/** The Electron whose typings the host follows. */
/** Says whose it is, so that no log or screen claims Electron for what the host ran. */
const ELECTRON_VERSION = '45.4.1-chromium-host';

/** Makes `electron` mean the stand-in, for import, require and the inspector's console. */
function resolveElectron(): void {
  const url = new URL('./electron.cjs', import.meta.url).href;
  const names = new Set(['electron', 'electron/main', 'electron/common']);
  registerHooks({
    resolve: (specifier, context, next) =>
      names.has(specifier) ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context),
  });
}

/** Reads argv as Electron does: switches first, then the app. */
function readArguments(argv: readonly string[]): { folder: string; switches: Map<string, string> } {
  const switches = new Map<string, string>();
  let folder: string | undefined;
  for (const argument of argv) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
    if (match) switches.set(match[1] ?? '', match[2] ?? '');
    else folder ??= argument;
  }
  if (folder === undefined) throw new Error('用法 / usage: chromium-host [switches] <app folder>');
  return { folder: path.resolve(folder), switches };
}

function mainOf(folder: string): { main: string; name: string; version: string } {
  if (statSync(folder).isFile()) return { main: folder, name: path.parse(folder).name, version: '0.0.0' };
  const file = path.join(folder, 'package.json');
  const about = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string | undefined>;
  const main = path.join(folder, about.main ?? 'index.js');
  if (!existsSync(main)) throw new Error(`找不到主程序 / no main bundle: ${main}`);
  return {
    main,
    name: about.productName ?? about.name ?? 'Electron',
    version: about.version ?? '0.0.0',
  };
}

/** `process.versions` itself is read-only. */
function addVersion(name: string, version: string): void {
  const value = Object.freeze({ ...process.versions, [name]: version });
  Object.defineProperty(process, 'versions', { value, configurable: true, enumerable: true });
}

/** Ends Chromium, by force when it does not end by itself. */
async function endChromium(chromium: Chromium): Promise<void> {
  const kill = setTimeout(() => chromium.child.kill('SIGKILL'), CLOSE_LIMIT_MS);
  // It may close before it answers.
  chromium.connection.root.send('Browser.close').catch(() => undefined);
  await chromium.gone;
  clearTimeout(kill);
}

async function begin(debuggingPort: string | undefined): Promise<void> {
  const chromium = await startChromium({
    userData: app.getPath('userData'),
    debuggingPort,
    switches: appendedSwitches,
  });
  onEnd(() => endChromium(chromium));
  void chromium.gone.then(() => {
    if (isQuitting()) return;
    process.stderr.write('chromium host: Chromium ended unexpectedly\n');
    process.exit(1);
  });
  const { root } = chromium.connection;
  addVersion('chrome', (await root.send('Browser.getVersion')).product.replace(/^.*\//, ''));
  setRuntime(chromium.connection);
  await Promise.all([
    refreshScreens(),
    denyPermissions(root),
    answerRequests(),
    watchTargets(chromium.connection),
  ]);
  const line = await chromium.devToolsLine;
  // Only now may Playwright come in: everything it could open is under guard.
  if (line !== undefined) process.stderr.write(`${line}\n`);
  const events: EventEmitter = process;
  events.on('zhiqing-host:plug-display', (width: number, height: number) => void plugDisplay(width, height));
  events.on('zhiqing-host:unplug-display', (id: number) => void unplugDisplay(id));
  announceReady();
}

async function run(): Promise<void> {
  const { folder, switches } = readArguments(process.argv.slice(2));
  const { main, name, version } = mainOf(folder);
  process.env.ZHIQING_HOST = 'chromium';
  addVersion('electron', ELECTRON_VERSION);
  // As in Electron: the executable, then all that was given to it.
  const executable = path.join(import.meta.dirname, 'chromium-host');
  process.argv = [executable, ...process.argv.slice(2)];
  Object.assign(process, {
    type: 'browser',
    defaultApp: true,
    resourcesPath: path.join(import.meta.dirname, 'resources'),
  });
  introduceApp({ folder, name, version, switches });
  resolveElectron();
  const inspect = switches.get('inspect');
  if (inspect !== undefined) inspector.open(Number(inspect.replace(/^.*:/, '') || 9229), '127.0.0.1');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  await import(pathToFileURL(main).href);
  if (!isQuitting()) await begin(switches.get('remote-debugging-port'));
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
