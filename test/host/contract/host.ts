/** Starts the contract app on the host for one test file, and ends it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';

/** What the app's preload exposes. */
export interface ContractApi {
  readonly version: number;
  readonly nested: { readonly list: number[]; double(value: number): number };
  readonly versions: Record<string, string>;
  invoke(channel: string, value?: unknown): Promise<unknown>;
  send(channel: string, value: unknown): void;
  same(value: unknown): unknown;
  kind(value: unknown): string;
  reject(): Promise<never>;
  raise(): never;
  subscribe(callback: (value: unknown) => void): () => void;
  missing(): unknown;
}

declare global {
  interface Window {
    readonly api: ContractApi;
  }
  var seen: unknown[][];
}

/** A running app with its two windows. */
export interface Running {
  readonly app: ElectronApplication;
  readonly staff: Page;
  readonly customer: Page;
  /** Folder for this test file alone; holds the profile and the keyring. */
  readonly folder: string;
  /** What the main process has noted, without what it noted before. */
  seenNow(): Promise<unknown[][]>;
  stop(): Promise<void>;
}

/** How to start it. */
export interface StartOptions {
  readonly env?: Record<string, string>;
  /** A folder to use again; by default a fresh one, removed at the end. */
  readonly folder?: string;
}

const here = import.meta.dirname;
export const APP_FOLDER: string = path.join(here, 'app');
export const HOST: string = path.join(here, '..', 'chromium-host');

/** A fresh folder under the system's temporary one. */
export const freshFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'host-contract-'));

/** Environment of a host: headless, with two displays and a keyring of its own. */
export function environment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(inherited),
    ZHIQING_HOST_HEADLESS: '1',
    ZHIQING_HOST_KEYRING: path.join(folder, 'keyring'),
    ...more,
  };
}

/** Launches the app and waits until both pages have run their scripts. */
export async function start(options: StartOptions = {}): Promise<Running> {
  const folder = options.folder ?? (await freshFolder());
  const app = await _electron.launch({
    executablePath: HOST,
    args: [APP_FOLDER, `--user-data-dir=${path.join(folder, 'profile')}`],
    env: environment(folder, options.env),
  });
  const [staff, customer] = await Promise.all([pageOf(app, 'staff'), pageOf(app, 'customer')]);
  return {
    app,
    staff,
    customer,
    folder,
    seenNow: () => app.evaluate(() => globalThis.seen.splice(0)),
    stop: async () => {
      await app.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The window whose address has this query, once its module has run. */
export async function pageOf(app: ElectronApplication, query: string): Promise<Page> {
  const found = (): Page | undefined => app.windows().find((page) => page.url().endsWith(`?${query}`));
  await expect.poll(found, { timeout: 20_000 }).toBeDefined();
  const page = found();
  if (!page) throw new Error(`the window ${query} has gone`);
  await page.waitForSelector('body[data-ready=yes]');
  return page;
}
