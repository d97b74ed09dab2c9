/**
 * Shows a window's scenes in a real browser, built as the product is built and served under the strict
 * policy with a fresh nonce a page, so that whatever breaks the policy is seen. No Electron, no core: the
 * scene brings its own double of `window.zhiqing`.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { findChromium } from '../../host/chromium.ts';

const here = import.meta.dirname;
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** The strictest policy the windows must live with. SECURITY: S15 */
export function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export interface SceneOptions {
  width: number;
  height: number;
  /** Anything else that the scene's page reads from its address. */
  query?: Record<string, string>;
}

export interface OpenScene {
  page: Page;
  /** Console errors and uncaught exceptions, policy violations among them. */
  complaints: string[];
  close: () => Promise<void>;
}

export interface Gallery {
  browser: Browser;
  open: (scene: string, options: SceneOptions) => Promise<OpenScene>;
  close: () => Promise<void>;
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = resolve(folder, `.${new URL(request.url ?? '/', 'http://localhost').pathname}`);
    const type = types[extname(path)];
    if (path.endsWith('favicon.ico')) {
      response.writeHead(204).end();
      return;
    }
    if (!path.startsWith(folder + sep) || type === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      const body = readFileSync(path, 'utf8');
      if (!path.endsWith('.html')) {
        response.writeHead(200, { 'content-type': type }).end(body);
        return;
      }
      const nonce = randomBytes(16).toString('base64url');
      response
        .writeHead(200, { 'content-type': type, 'content-security-policy': policyOf(nonce) })
        .end(body.replaceAll('__CSP_NONCE__', nonce));
    } catch {
      // What is not in the folder is not there.
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

/** Builds `entry` (an HTML file of this folder) and starts a browser. */
export async function startGallery(entry: string): Promise<Gallery> {
  const folder = mkdtempSync(join(tmpdir(), 'zhiqing-gallery-'));
  // As shipped, whatever the test runner calls itself: antd gives all radio groups one name under test.
  const runner = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    logLevel: 'error',
    root: here,
    base: '/',
    plugins: [react()],
    html: { cspNonce: '__CSP_NONCE__' },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      minify: false,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 10_000,
      rollupOptions: { input: join(here, entry) },
    },
  });
  if (runner === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = runner;
  const server = await serve(folder);
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  return {
    browser,
    open: async (scene, { width, height, query }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      const search = new URLSearchParams({ scene, ...query });
      await page.goto(`http://127.0.0.1:${port}/${entry}?${search}`);
      await page
        .locator('[data-phase]:not([data-phase="loading"])')
        .waitFor()
        .catch((thrown: unknown) => {
          throw new Error(`${scene} did not appear; the page said: ${complaints.join('; ')}`, {
            cause: thrown,
          });
        });
      return { page, complaints, close: () => context.close() };
    },
    close: async () => {
      await browser.close();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
