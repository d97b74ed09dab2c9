/** The built core with its two windows, on Electron or the Chromium host, against a real central service. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { vi } from 'vitest';
import type {
  CommandArgs,
  CommandName,
  CommandResult,
  Plane,
  PlaneApi,
} from '../../../shared/contract/contract.ts';
import { type AuditEntry, auditEntrySchema } from '../../../shared/domain/audit.ts';
import type { Result } from '../../../shared/domain/errors.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { type Central, type CentralOptions, startCentral } from '../../central/service.ts';
import { filesUnder } from '../../support/profile-files.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const executablePath = process.env.ELECTRON_BIN ?? join(root, 'test', 'host', 'chromium-host');

export interface Kiosk {
  app: ElectronApplication;
  pages: Record<Plane, Page>;
  central: Central;
  base: string;
  userData: string;
  handover: string;
  output: () => string;
  call<P extends Plane, N extends CommandName<P>>(
    plane: P,
    name: N,
    args: CommandArgs<P, N>,
  ): Promise<Result<CommandResult<P, N>>>;
  /** The result's value. @throws when the command failed. */
  ok<P extends Plane, N extends CommandName<P>>(
    plane: P,
    name: N,
    args: CommandArgs<P, N>,
  ): Promise<CommandResult<P, N>>;
  audit(): Promise<AuditEntry[]>;
  relaunch(): Promise<void>;
  /** Kills the core where it stands, then starts it again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export interface KioskOptions {
  screens?: string;
  settings?: Partial<Settings>;
  timeoutSeconds?: number;
  central?: Partial<CentralOptions>;
}

/** What the demo's texts and passwords carry, so that a search finds where they went. */
export const SENTINEL = 'ZQMARK7';

/** Starts central, then the kiosk. */
export async function openKiosk(options: KioskOptions = {}): Promise<Kiosk> {
  const base = await mkdtemp(join(tmpdir(), 'zhiqing-core-'));
  const central = await startCentral({
    dataDir: join(base, 'central'),
    sentinel: SENTINEL,
    numericPasswords: true,
    ...options.central,
  });
  const userData = join(base, 'kiosk');
  const handover = join(base, 'handover');
  await mkdir(userData);
  await mkdir(handover);
  const settings: Settings = {
    schema: 'zhiqing-counter/1',
    hall: '人民路营业厅',
    hallEn: 'Renmin Road Hall',
    counter: '3',
    deviceId: 'counter-0001',
    central: {
      url: central.url,
      enrolUrl: central.estUrl,
      caFile: central.caPath,
      timeoutSeconds: options.timeoutSeconds ?? 15,
    },
    enrolmentCode: await central.enrolmentCode(),
    displays: 'auto',
    language: 'zh-CN',
    presence: { idleSeconds: 60, lastCallSeconds: 20 },
    handoverFolder: handover,
    ...options.settings,
  };
  await writeFile(join(userData, 'counter.json'), JSON.stringify(settings));

  // The driver reads the streams first: what is printed before it hands them on is seen in this file only.
  const printed = join(base, 'printed');
  await writeFile(printed, '');
  const shell = join(base, 'shell');
  await writeFile(
    shell,
    `#!/bin/bash\nexec '${executablePath}' "$@" > >(tee -a '${printed}') 2> >(tee -a '${printed}' >&2)\n`,
    {
      mode: 0o700,
    },
  );
  const launch = async () => {
    const app = await _electron.launch({
      executablePath: shell,
      args: [root, `--user-data-dir=${userData}`],
      env: {
        ...(process.env as Record<string, string>),
        ZHIQING_HOST_SCREENS: options.screens ?? '1280x800,1280x800',
        ZHIQING_HOST_HEADLESS: '1',
        ZHIQING_HOST_KEYRING: join(base, 'keyring'),
      },
      timeout: 60_000,
    });
    let gone = false;
    app.process().once('exit', () => {
      gone = true;
    });
    const pageOf = async (plane: Plane) => {
      const matches = (page: Page) => new URL(page.url()).pathname.startsWith(`/${plane}/`);
      // A window exists before its page does: its address is looked at until it is there.
      const page = await vi.waitUntil(() => gone || app.windows().find(matches), { timeout: 60_000 });
      if (page === true) throw new Error(`the core ended; it printed:\n${readFileSync(printed, 'utf8')}`);
      await page.waitForFunction(() => 'zhiqing' in window, undefined, { timeout: 60_000 });
      return page;
    };
    return { app, pages: { staff: await pageOf('staff'), customer: await pageOf('customer') } };
  };

  const kiosk: Kiosk = {
    ...(await launch()),
    central,
    base,
    userData,
    handover,
    output: () => readFileSync(printed, 'utf8'),
    async call(plane, name, args) {
      const answer = await kiosk.pages[plane].evaluate(
        async ([command, given]) => {
          const api = (window as unknown as { zhiqing: PlaneApi<'customer'> }).zhiqing;
          // Bytes as lists of numbers: the test driver carries JSON.
          const plain = (_key: string, value: unknown) =>
            value instanceof Uint8Array ? { bytes: [...value] } : value;
          return JSON.stringify(await api.call(command as 'touch', given as Record<string, never>), plain);
        },
        [name, args] as const,
      );
      const revive = (_key: string, value: unknown) => {
        const { bytes } = (value ?? {}) as { bytes?: unknown };
        return Array.isArray(bytes) ? new Uint8Array(bytes) : value;
      };
      return JSON.parse(answer, revive);
    },
    async ok(plane, name, args) {
      const result = await kiosk.call(plane, name, args);
      if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
      return result.value;
    },
    async audit() {
      const text = await readFile(join(userData, 'audit', 'audit.jsonl'), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => auditEntrySchema.parse(JSON.parse(line)));
    },
    async relaunch() {
      await kiosk.app.close();
      Object.assign(kiosk, await launch());
    },
    async crash() {
      const { app } = kiosk;
      const gone = new Promise((resolve) => app.process().once('exit', resolve));
      app.process().kill('SIGKILL');
      await gone;
      Object.assign(kiosk, await launch());
    },
    async close() {
      await kiosk.app.close();
      await central.close();
      await rm(base, { recursive: true, force: true });
    },
  };
  return kiosk;
}

/** Files under a folder that hold one of these byte strings (UTF-8 or UTF-16). */
export async function filesWith(folder: string, needles: readonly string[]): Promise<string[]> {
  const wanted = needles.flatMap((needle) => [Buffer.from(needle, 'utf8'), Buffer.from(needle, 'utf16le')]);
  const found: string[] = [];
  for await (const { path, bytes } of filesUnder(folder)) {
    const index = wanted.findIndex((needle) => bytes.includes(needle));
    if (index >= 0) found.push(`${path} (${needles[index >> 1]?.slice(0, 4)}…)`);
  }
  return found;
}
