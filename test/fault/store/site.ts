/** Serves the page of the store and the sealed pages of one lookup, as the core does to its windows. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { toHex } from '../../../shared/canonical/bytes.ts';
import { parseSealedPath } from '../../../shared/domain/sealed-path.ts';
import { type PlainRow, SealedLookup, someRows } from '../../renderer/cache/sealed-lookup.ts';

/** As strict as the product's own. */
const CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export const ROWS = 8_000;
/** Rows that hold the keyword. */
export const HITS = ROWS / 1000;

export interface Site {
  origin: string;
  close(): Promise<void>;
}

export async function openSite(folder: string): Promise<Site> {
  const root = join(folder, 'site');
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: root, target: 'esnext', emptyOutDir: true, modulePreload: false, assetsInlineLimit: 0 },
  });
  const lookup = await SealedLookup.seal(rows());
  const access = lookup.records();
  const said = JSON.stringify({
    ...access,
    metadataSecret: toHex(new Uint8Array(access.metadataSecret)),
    contentSecret: toHex(new Uint8Array(access.contentSecret)),
  });
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    response.setHeader('content-security-policy', CSP);
    const sealed = parseSealedPath(path);
    if (path === '/access.json') return response.setHeader('content-type', 'application/json').end(said);
    if (sealed) return response.end(lookup.shelved(sealed.runs));
    const name = path === '/' ? '/index.html' : path;
    const type = types[extname(name)];
    if (type === undefined || !/^\/[\w/.-]+$/.test(name) || name.includes('..'))
      return response.writeHead(404).end();
    return response.setHeader('content-type', type).end(readFileSync(join(root, name)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function rows(): PlainRow[] {
  return someRows(ROWS).map((row, i) => ({
    ...row,
    text: `${i % 1000 === 500 ? 'Needle ' : ''}${row.text}，您的快递已到小区东门驿站，请凭取件码及时领取，谢谢您的配合。`,
  }));
}
