/** The built pages of a plane. Only files found at start can be asked for, so no path leads anywhere else. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Plane } from '../../shared/contract/names.ts';
import { baseHeaders, contentSecurityPolicy } from './headers.ts';

const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.bcmap': 'application/octet-stream',
  '.pfb': 'application/octet-stream',
};

/** What Vite has put where a fresh nonce belongs. */
const NONCE_PLACE = '__CSP_NONCE__';
const NONCE_BYTES = 18;

/** Addresses (`/staff/index.html`, `/assets/…`) and the files behind them, for one plane. */
export function findFiles(root: string, plane: Plane): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || mimeTypes[extname(entry.name)] === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(root, path).split(sep).join('/')}`;
    // The other plane's page is not served; shared scripts are.
    if (address.startsWith(`/${plane}/`) || address.startsWith('/assets/')) files.set(address, path);
  }
  return files;
}

/** The answer with a file. A page gets a nonce of its own. */
export async function serveFile(path: string): Promise<Response> {
  const contentType = mimeTypes[extname(path)] ?? 'application/octet-stream';
  const bytes = await readFile(path);
  const headers = baseHeaders(contentType);
  if (extname(path) !== '.html') {
    // A worker has the policy of its own answer. SECURITY: S15
    return new Response(new Uint8Array(bytes), {
      headers: { ...headers, 'content-security-policy': contentSecurityPolicy(newNonce()) },
    });
  }
  const nonce = newNonce();
  const html = bytes.toString('utf8').replaceAll(NONCE_PLACE, nonce);
  return new Response(html, {
    headers: { ...headers, 'content-security-policy': contentSecurityPolicy(nonce) },
  });
}

function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64');
}
