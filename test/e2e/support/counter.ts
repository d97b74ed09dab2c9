/** A counter of its own for one story: central, profile, hand-over folder and the two windows. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { Language } from '../../../shared/domain/policy.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { type Central, type CentralOptions, startCentral } from '../../central/service.ts';
import { expect } from './expect.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');
const hostPath = join(projectRoot, 'test', 'host', 'chromium-host');

/** The shell that runs the windows: Electron's binary when ELECTRON_BIN names it, else the Chromium host. */
export const shell = process.env.ELECTRON_BIN
  ? { name: 'electron', path: process.env.ELECTRON_BIN }
  : { name: 'chromium-host', path: hostPath };

/** A start on a busy machine. */
const START_MS = 90_000;

export interface CounterOptions {
  /** `dual` has a display for each window; `handover` has one that changes hands. */
  displays?: 'dual' | 'handover';
  settings?: Partial<Pick<Settings, 'presence' | 'language' | 'displays'>> & { timeoutSeconds?: number };
  central?: Partial<CentralOptions>;
  /** A counter of the same central; it closes before that one. */
  beside?: Counter;
  /** Folder that keeps kiosk/ and central/; without it a temporary one that goes with the counter. */
  profile?: string | undefined;
  /** What the windows print as PNG is this large. */
  screens?: string;
}

export interface Counter {
  app: ElectronApplication;
  staff: Page;
  customer: Page;
  central: Central;
  /** What both windows start in. */
  language: Language;
  /** Electron's userData. */
  kiosk: string;
  handover: string;
  /** Everything that the windows' process printed. */
  output: () => string;
  /** Restarts the windows over the same profile and central. */
  relaunch: () => Promise<void>;
  /**
   * Starts once more a counter that refuses to, without the driver, which drops what comes before one can listen: all
   * that it printed, once it has ended by itself. @throws Error when it does not end
   */
  refusal: () => Promise<string>;
  close: () => Promise<void>;
}

/** The window of a plane, once its page is drawn. A window may be announced before it has its address. */
async function windowOf(app: ElectronApplication, plane: 'staff' | 'customer'): Promise<Page> {
  const find = () => app.windows().find((page) => new URL(page.url()).pathname.startsWith(`/${plane}/`));
  // A core that refuses to start opens none and ends.
  const hasEnded = () => app.process().exitCode !== null;
  await expect.poll(() => hasEnded() || find() !== undefined, { timeout: 60_000 }).toBe(true);
  const page = find();
  if (!page) throw new Error(`the ${plane} window went away`);
  await page.waitForSelector('[data-phase]', { timeout: 60_000 });
  return page;
}

/** Starts central, writes the counter's settings, opens both windows and waits until they are ready. */
export async function openCounter(options: CounterOptions = {}): Promise<Counter> {
  const base = options.profile ?? (await mkdtemp(join(tmpdir(), 'zhiqing-')));
  const kiosk = join(base, 'kiosk');
  const handover = options.profile
    ? await mkdtemp(join(tmpdir(), 'zhiqing-handover-'))
    : join(base, 'handover');
  await mkdir(kiosk, { recursive: true });
  await mkdir(handover, { recursive: true });
  // 钱七's 20,000 messages only where a story is about them.
  const deviceId = options.beside ? 'counter-0002' : 'counter-0001';
  const central =
    options.beside?.central ??
    (await startCentral({
      dataDir: join(base, 'central'),
      port: 0,
      heavyMessages: 10,
      ...options.central,
    }));
  const displays = options.displays ?? 'dual';
  const { timeoutSeconds, ...settings } = options.settings ?? {};
  const written: Settings = {
    schema: 'zhiqing-counter/1',
    hall: '演示营业厅',
    hallEn: 'Demo hall',
    counter: '3',
    deviceId,
    central: {
      url: central.url,
      enrolUrl: central.estUrl,
      caFile: central.caPath,
      timeoutSeconds: timeoutSeconds ?? 15,
    },
    enrolmentCode: await central.enrolmentCode(deviceId),
    displays: 'auto',
    language: 'zh-CN',
    presence: { idleSeconds: 60, lastCallSeconds: 20 },
    handoverFolder: handover,
    ...settings,
  };
  await writeFile(join(kiosk, 'counter.json'), JSON.stringify(written, null, 2));

  let printed = '';
  const one = options.screens ?? '1920x1080';
  const args = [projectRoot, `--user-data-dir=${kiosk}`];
  const env = {
    ...(process.env as Record<string, string>),
    ZHIQING_HOST_SCREENS: displays === 'dual' ? `${one},${one}` : one,
    ZHIQING_HOST_HEADLESS: '1',
    ZHIQING_HOST_KEYRING: join(base, 'keyring'),
  };
  const launch = async () => {
    const app = await _electron
      .launch({ executablePath: shell.path, args, env, timeout: START_MS })
      .catch((error: unknown) => {
        // A core that refuses may be gone before its streams can be listened to: the driver has what it printed.
        printed += String(error);
        throw error;
      });
    const child = app.process();
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += String(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += String(chunk);
    });
    return { app, staff: await windowOf(app, 'staff'), customer: await windowOf(app, 'customer') };
  };

  let windows: Awaited<ReturnType<typeof launch>>;
  try {
    windows = await launch();
  } catch (error) {
    if (!options.beside) await central.close();
    throw new Error(`The windows did not open. They printed:\n${printed}`, { cause: error });
  }
  const counter: Counter = {
    ...windows,
    central,
    language: written.language,
    kiosk,
    handover,
    output: () => printed,
    relaunch: async () => {
      await counter.app.close();
      Object.assign(counter, await launch());
    },
    refusal: () => printedUntilItsEnd(args, env),
    close: async () => {
      await counter.app.close();
      if (!options.beside) await central.close();
      if (!options.profile) await rm(base, { recursive: true, force: true });
      else await rm(handover, { recursive: true, force: true });
    },
  };
  return counter;
}

async function printedUntilItsEnd(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(shell.path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += String(chunk);
    });
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), START_MS);
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  clearTimeout(limit);
  if (signal === 'SIGKILL') throw new Error(`it did not end, and printed: ${printed.slice(0, 400)}`);
  return printed;
}

/** The audit log of a kiosk, parsed; empty when nothing was logged yet. */
export async function auditOf(kiosk: string): Promise<{ action: string; facts: Record<string, unknown> }[]> {
  const file = join(kiosk, 'audit', 'audit.jsonl');
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}
