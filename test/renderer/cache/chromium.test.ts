import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toHex } from '../../../shared/canonical/bytes.ts';
import { parseSealedPath } from '../../../shared/domain/sealed-path.ts';
import { findChromium } from '../../host/chromium.ts';
import { type PlainRow, SealedLookup, someRows } from './sealed-lookup.ts';

const ROWS = 20_000;
/** As strict as the product's own. A violation is reported to the server, and the test counts reports. */
const CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; report-uri /csp";
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

let folder: string;
let server: Server;
let context: BrowserContext;
let origin: string;
const violations: string[] = [];

/** Every thousandth row holds the keyword; the rest are some 60 characters of ordinary text. */
function rowsOf(count: number): PlainRow[] {
  return someRows(count).map((row, i) => ({
    ...row,
    text: `${i % 1000 === 500 ? 'Needle ' : ''}${row.text}，您的快递已到小区东门驿站，请凭取件码及时领取，如有疑问请联系派件员，谢谢您的配合。`,
  }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'record-store-'));
  const site = join(folder, 'site');
  await build({
    root: resolve(import.meta.dirname, 'chromium'),
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir: site, target: 'esnext', emptyOutDir: true, modulePreload: false, assetsInlineLimit: 0 },
  });
  const rows = rowsOf(ROWS);
  const lookup = await SealedLookup.seal(rows);
  const access = lookup.records();
  const said = JSON.stringify({
    ...access,
    metadataSecret: toHex(new Uint8Array(access.metadataSecret)),
    contentSecret: toHex(new Uint8Array(access.contentSecret)),
    lastWeek: (rows.at(-1)?.at ?? 0) - 7 * 86_400_000,
  });
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    response.setHeader('content-security-policy', CSP);
    const sealed = parseSealedPath(path);
    if (path === '/csp') {
      request.setEncoding('utf8').on('data', (piece: string) => violations.push(piece));
      response.writeHead(204).end();
    } else if (path === '/access.json') {
      response.setHeader('content-type', 'application/json').end(said);
    } else if (sealed) {
      response
        .writeHead(sealed.lookupId === lookup.binding.lookupId ? 200 : 404)
        .end(lookup.shelved(sealed.runs));
    } else {
      const name = path === '/' ? '/index.html' : path;
      const type = types[extname(name)];
      if (type === undefined || !/^\/[\w/.-]+$/.test(name) || name.includes('..')) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', type).end(readFileSync(join(site, name)));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  origin = `http://127.0.0.1:${address.port}`;
  // A profile on disk, as the windows have it.
  context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
  });
}, 120_000);

afterAll(async () => {
  await context?.close();
  await new Promise((closed) => server?.close(closed) ?? closed(undefined));
  rmSync(folder, { recursive: true, force: true });
});

test('20,000 rows in a real browser: open, count, select, search, wipe; crash, damage, open again', async () => {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(origin);
  const output = page.locator('#outcome');
  await output.waitFor({ state: 'attached' });
  const outcome = JSON.parse((await output.textContent()) ?? '{}');
  console.log(`record store, ${ROWS} rows, ms: ${JSON.stringify(outcome.took)}`);
  const hits = Array.from({ length: ROWS / 1000 }, (_, i) => i * 1000 + 500).reverse();
  expect(outcome).toMatchObject({
    swept: 1,
    secretsLeft: false,
    rows: ROWS,
    days: 101,
    top: 50,
    early: 50,
    first: hits,
    second: hits,
    held: 1,
    left: 0,
    // After a crash and with a byte turned.
    again: { name: 'zhiqing-pages-named', newest: 50, counted: ROWS, hits, left: 0 },
    after: 'wrong-state',
  });
  expect(violations).toEqual([]);
  expect(complaints).toEqual([]);
});
