/** Serves page, sealed pages and rows on loopback, for every `*.localhost` origin alike. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve, sep } from 'node:path';
import { concat, toHex } from '../../../shared/canonical/bytes.ts';
import type { LayerName } from '../../../shared/domain/lookup.ts';
import { type LayerRun, parseSealedPath } from '../../../shared/domain/sealed-path.ts';
import type { SourceRecord } from '../../central/record-source.ts';
import { policyOf } from '../../renderer/gallery/harness.ts';
import type { SealedLookup } from '../data/sealed.ts';
import type { Row } from '../peers/peer.ts';

/** One lookup in both forms. */
export interface Served {
  readonly sealed: SealedLookup;
  readonly records: readonly SourceRecord[];
  readonly subject: string;
  /** Number of its first row among all rows of a peer's database. */
  readonly firstId: number;
}

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** A lookup whose sealed pages lie behind one another. */
interface ShelvedLookup extends SealedLookup {
  readonly shelf: Readonly<Record<LayerName, Uint8Array>>;
}

function shelved(sealed: SealedLookup): ShelvedLookup {
  const { metadata, content } = sealed.pages;
  return { ...sealed, shelf: { metadata: concat(...metadata), content: concat(...content) } };
}

/** @param site folder of the built page @param lookups by the name that operations use */
export async function startServer(site: string, lookups: ReadonlyMap<string, Served>): Promise<Server> {
  const byId = new Map([...lookups.values()].map(({ sealed }) => [sealed.binding.lookupId, shelved(sealed)]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, kind, name = '', ...rest] = pathname.split('/');
    const lookup = lookups.get(name);
    const pages = parseSealedPath(pathname);
    const sealed = pages && byId.get(pages.lookupId);
    if (pages && sealed) sendPages(response, sealed, pages.runs);
    else if (kind === 'access' && lookup) sendJson(response, accessTo(lookup.sealed));
    else if (kind === 'rows' && lookup) sendJson(response, rowsOf(lookup, rest[0] ?? ''));
    else sendFile(request, response, site);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** Runs of pages, each one piece of its layer, which lies in memory as one. */
function sendPages(response: ServerResponse, sealed: ShelvedLookup, runs: readonly LayerRun[]): void {
  const pieces = runs.map(({ layer, first, last }) => {
    const refs = sealed.manifest.pages[layer];
    const bytesOf = (from: number, to: number) =>
      refs.slice(from, to).reduce((sum, { bytes }) => sum + bytes, 0);
    const start = bytesOf(0, first);
    return sealed.shelf[layer].subarray(start, start + bytesOf(first, last + 1));
  });
  if (pieces.some(({ length }) => length === 0)) {
    response.writeHead(404).end();
    return;
  }
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': length });
  for (const piece of pieces) response.write(piece);
  response.end();
}

function accessTo({ binding, secrets, manifest }: SealedLookup): object {
  const hex = (layer: LayerName) => toHex(secrets[layer]);
  return { binding, metadataSecret: hex('metadata'), contentSecret: hex('content'), manifest };
}

function rowsOf({ records, subject, firstId }: Served, range: string): Row[] {
  const [from = 0, until = 0] = range.split('-').map(Number);
  return records.slice(from, until).map((record, i) => ({ id: firstId + from + i, subject, ...record }));
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendFile(request: IncomingMessage, response: ServerResponse, site: string): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const path = resolve(site, `.${pathname.endsWith('/') ? `${pathname}index.html` : pathname}`);
  const type = types[extname(path)];
  if (type === undefined || !path.startsWith(site + sep)) {
    response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  let body: Buffer;
  try {
    body = readFileSync(path);
  } catch {
    // What is not in the folder is not there.
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', type);
  if (!path.endsWith('.html')) response.end(body);
  else {
    const nonce = randomBytes(16).toString('base64url');
    // The customer's window lives under the product's policy; peers compile WebAssembly, which it forbids.
    if (pathname.startsWith('/typing/')) response.setHeader('content-security-policy', policyOf(nonce));
    response.end(body.toString('utf8').replaceAll('__CSP_NONCE__', nonce));
  }
}
