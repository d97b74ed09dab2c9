/** Finds and starts Chromium. It dies with the host: it exits when its pipe closes, however the host ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { Connection } from './cdp.ts';

/** How Chromium is to run. */
export interface ChromiumOptions {
  readonly userData: string;
  /** Port for Playwright's own CDP connection; undefined for none. */
  readonly debuggingPort: string | undefined;
  /** Switches that the app appended, value undefined for a bare one. */
  readonly switches: ReadonlyMap<string, string>;
}

/** A running Chromium. */
export interface Chromium {
  readonly connection: Connection;
  readonly child: ChildProcess;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** The `DevTools listening on …` line for whoever started the host; undefined without a port. */
  readonly devToolsLine: Promise<string | undefined>;
}

const USUAL_PLACES = [
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

/** Path of the Chromium binary. Throws with what to do, in both languages, where there is none. */
export function findChromium(): string {
  const named = process.env.CHROMIUM_BIN;
  const found = named !== undefined && named !== '' ? [named] : USUAL_PLACES;
  const binary = found.find((place) => existsSync(place));
  if (binary !== undefined) return binary;
  throw new Error(
    `找不到 Chromium（已查：${found.join('、')}）。请安装（Debian：apt-get install chromium），或用 CHROMIUM_BIN 指明路径。\n` +
      `Chromium was not found (looked at: ${found.join(', ')}). Install it (Debian: apt-get install chromium) or name it in CHROMIUM_BIN.`,
  );
}

/** True where no display is to be used. */
export function isHeadless(): boolean {
  if (process.env.ZHIQING_HOST_HEADLESS === '1') return true;
  return !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/** One display of the headless screen layout, in DIP. */
export interface ScreenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The layout of `ZHIQING_HOST_SCREENS`, such as `1920x1080,1280x1024`: from left to right, or placed by `@x,y`. */
export function parseScreens(text: string): ScreenBox[] {
  let right = 0;
  return text.split(/[\s;]+|,(?=\d+x)/).map((part) => {
    const match = /^(\d{2,5})x(\d{2,5})(?:@(-?\d+),(-?\d+))?$/.exec(part);
    if (!match) throw new Error(`chromium host: ZHIQING_HOST_SCREENS is not a layout: ${text}`);
    const [, width, height, x, y] = match;
    const box = {
      x: x === undefined ? right : Number(x),
      y: Number(y ?? 0),
      width: Number(width),
      height: Number(height),
    };
    right = box.x + box.width;
    return box;
  });
}

const OFF_FEATURES = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  'AutofillServerCommunication',
  'InterestFeedContentSuggestions',
  'CertificateTransparencyComponentUpdater',
  'NetworkTimeServiceQuerying',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'PaintHolding',
  'DestroyProfileOnBrowserClose',
];

function commandLine(options: ChromiumOptions): string[] {
  const flags = [
    '--remote-debugging-pipe',
    `--user-data-dir=${options.userData}`,
    '--lang=zh-CN',
    '--accept-lang=zh-CN,zh',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-startup-window',
    '--no-service-autorun',
    '--password-store=basic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-sync',
    '--disable-breakpad',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--disable-search-engine-choice-screen',
    '--disable-infobars',
    '--disable-print-preview',
    '--disable-back-forward-cache',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    '--metrics-recording-only',
    '--site-per-process',
    '--deny-permission-prompts',
    // Nothing but the custom scheme is answered; WebSockets and WebRTC do not pass through Fetch.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    `--disable-features=${[...OFF_FEATURES, options.switches.get('disable-features') ?? ''].filter(Boolean).join(',')}`,
    // Chromium refuses to run its sandbox as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(options.debuggingPort === undefined ? [] : [`--remote-debugging-port=${options.debuggingPort}`]),
  ];
  if (isHeadless()) {
    const screens = parseScreens(process.env.ZHIQING_HOST_SCREENS ?? '1920x1080,1920x1080');
    const info = screens.map((s) => `{${s.x},${s.y} ${s.width}x${s.height}}`).join('');
    flags.push('--headless=new', `--screen-info=${info}`);
  }
  for (const [name, value] of options.switches) {
    // The host's own switches are not the app's to change.
    if (name === 'disable-features' || flags.some((flag) => flag.split('=')[0] === `--${name}`)) continue;
    flags.push(value === '' ? `--${name}` : `--${name}=${value}`);
  }
  return flags;
}

/** The Chromium of a host that was killed takes a moment to notice; it is waited for so long, in milliseconds. */
const PROFILE_LIMIT_MS = 10_000;

/** Resolves when no other Chromium holds the profile; a second one would hand over to it and leave. */
async function profileFree(userData: string): Promise<void> {
  const holder = (): number | undefined => {
    try {
      // The lock is a link to `host name-process id`.
      const pid = Number(readlinkSync(path.join(userData, 'SingletonLock')).replace(/^.*-/, ''));
      return existsSync(`/proc/${pid}`) ? pid : undefined;
    } catch {
      return undefined;
    }
  };
  const end = Date.now() + PROFILE_LIMIT_MS;
  while (holder() !== undefined) {
    if (Date.now() > end) throw new Error(`chromium host: the profile is in use by process ${holder()}`);
    await setTimeout(50);
  }
}

/** Starts Chromium. Its own messages are dropped, the DevTools line apart; `ZHIQING_HOST_LOG=1` shows them. */
export async function startChromium(options: ChromiumOptions): Promise<Chromium> {
  await profileFree(options.userData);
  mkdirSync(options.userData, { recursive: true, mode: 0o700 });
  const child = spawn(findChromium(), commandLine(options), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Covers process.exit() and an uncaught error; a killed host is covered by the closing pipe.
  process.once('exit', () => child.kill('SIGKILL'));
  const connection = new Connection(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const devToolsLine = new Promise<string | undefined>((resolve) => {
    if (options.debuggingPort === undefined) resolve(undefined);
    void gone.then(() => resolve(undefined));
    let rest = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('DevTools listening on ')) resolve(line);
        else if (process.env.ZHIQING_HOST_LOG === '1') process.stderr.write(`${line}\n`);
      }
    });
  });
  return { connection, child, gone, devToolsLine };
}
