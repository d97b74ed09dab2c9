import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planeHandler, type Sources } from '../../../electron/protocol/handler.ts';
import { contentSecurityPolicy } from '../../../electron/protocol/headers.ts';
import { findFiles } from '../../../electron/protocol/static-files.ts';
import type { Plane } from '../../../shared/contract/names.ts';
import { Failure } from '../../../shared/domain/errors.ts';

const LOOKUP = '3c1cf52a-9d7b-4b8e-8a51-0e4a8f7b2d01';
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zhiqing-pages-'));
  for (const folder of ['staff', 'customer', 'assets']) await mkdir(join(root, folder));
  for (const plane of ['staff', 'customer']) {
    await writeFile(join(root, plane, 'index.html'), `<script nonce="__CSP_NONCE__">${plane}</script>`);
  }
  await writeFile(join(root, 'assets', 'a.mjs'), 'export {}');
  await writeFile(join(root, 'assets', 'a.js.map'), '{}');
  await writeFile(join(root, 'secret.txt'), 'secret');
});
afterAll(() => rm(root, { recursive: true, force: true }));

function ask(
  plane: Plane,
  path: string,
  init: RequestInit & { sources?: Partial<Sources>; origin?: string } = {},
) {
  const { sources, origin = `app://${plane}`, ...rest } = init;
  const handler = planeHandler(plane, {
    files: findFiles(root, plane),
    sealedPages: () => Promise.reject(new Failure('forbidden')),
    report: () => undefined,
    ...sources,
  });
  // undici's Request takes http only; a handler gets Electron's, which takes ours.
  return handler({ method: 'GET', ...rest, url: `${origin}${path}` } as unknown as Request);
}

describe('pages', () => {
  it('come with a nonce of their own, each time another', async () => {
    const [first, second] = [
      await ask('staff', '/staff/index.html'),
      await ask('staff', '/staff/index.html'),
    ];
    const nonces = await Promise.all(
      [first, second].map(async (answer) => {
        const csp = answer.headers.get('content-security-policy') ?? '';
        const nonce = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(csp)?.[1] ?? '';
        expect(await answer.text()).toBe(`<script nonce="${nonce}">staff</script>`);
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });
  it('have headers that keep nothing and allow nothing', async () => {
    const { headers } = await ask('customer', '/assets/a.mjs');
    expect(headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('permissions-policy')).toContain('camera=()');
  });
  it('are under a policy without holes', () => {
    const policy = contentSecurityPolicy('x');
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    for (const directive of [
      "default-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]) {
      expect(policy).toContain(directive);
    }
  });
});

describe('nothing else', () => {
  it.each([
    '/customer/index.html',
    '/secret.txt',
    '/assets/a.js.map',
    '/staff',
    '/staff/',
    '/',
    '/staff/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/..\\secret.txt',
    '//staff/index.html',
    '/STAFF/index.html',
    '/staff/index.html%00',
  ])('is served: %s', async (path) => expect((await ask('staff', path)).status).toBe(404));
  it('is served to another method or host', async () => {
    expect((await ask('staff', '/staff/index.html', { method: 'POST' })).status).toBe(404);
    expect((await ask('staff', '/staff/index.html', { origin: 'app://customer' })).status).toBe(404);
  });
});

describe('sealed pages', () => {
  const sealed = { sealedPages: async () => new Uint8Array([1, 2]) };
  it('are handed on as they are', async () => {
    const answer = await ask('staff', `/sealed/${LOOKUP}/metadata/3`, { sources: sealed });
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2]);
  });
  it('come in runs', async () => {
    const asked: string[] = [];
    const sealedPages: Sources['sealedPages'] = async ({ runs: [run] }) => {
      const { first = 0, last = 0 } = run ?? {};
      asked.push(`${first} ${last}`);
      if (last > 9) throw new Failure('forbidden');
      return new Uint8Array([first, last]);
    };
    const run = (path: string) =>
      ask('customer', `/sealed/${LOOKUP}/content/${path}`, { sources: { sealedPages } });
    expect([...new Uint8Array(await (await run('2-4')).arrayBuffer())]).toEqual([2, 4]);
    expect([...new Uint8Array(await (await run('0')).arrayBuffer())]).toEqual([0, 0]);
    expect(asked).toEqual(['2 4', '0 0']);
    expect((await run('8-10')).status).toBe(403);
  });
  it('of both layers come in one answer, in the order asked, or not at all', async () => {
    const sealedPages: Sources['sealedPages'] = async ({ runs }) => {
      if (runs.some(({ last }) => last > 9)) throw new Failure('forbidden');
      return new Uint8Array(
        runs.flatMap(({ layer, first, last }) => [layer === 'metadata' ? 0 : 1, first, last]),
      );
    };
    const both = (path: string) => ask('customer', `/sealed/${LOOKUP}/${path}`, { sources: { sealedPages } });
    const answer = await both('metadata/0-3/content/2-3');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 0, 3, 1, 2, 3]);
    const refused = await both('metadata/0-3/content/8-10');
    expect([refused.status, (await refused.json()).kind]).toEqual([403, 'forbidden']);
    expect((await both('metadata/0/metadata/1')).status).toBe(404);
  });
  it.each(['0-128', '4-3', '0-', '-1', '0-01', '0-1-2', '0-99999999'])(
    'come in no other runs: %s',
    async (path) =>
      expect((await ask('staff', `/sealed/${LOOKUP}/metadata/${path}`, { sources: sealed })).status).toBe(
        404,
      ),
  );
  it.each([
    'other/0',
    'metadata/-1',
    'metadata/01',
    'metadata/1e9',
    'metadata/99999999',
    'metadata/',
    'metadata/0/x',
  ])('have no other address: %s', async (path) =>
    expect((await ask('staff', `/sealed/${LOOKUP}/${path}`, { sources: sealed })).status).toBe(404),
  );
  it('fail as data', async () => {
    const of = (kind: 'forbidden' | 'central-unreachable' | 'manifest-rejected') =>
      ask('customer', `/sealed/${LOOKUP}/content/0`, {
        sources: { sealedPages: () => Promise.reject(new Failure(kind)) },
      });
    expect((await of('forbidden')).status).toBe(403);
    expect((await of('central-unreachable')).status).toBe(503);
    const rejected = await of('manifest-rejected');
    expect([rejected.status, (await rejected.json()).kind]).toEqual([502, 'manifest-rejected']);
  });
});

describe('the report', () => {
  const sources = { report: (id: string) => (id === LOOKUP ? new Uint8Array([37]) : undefined) };
  it('is the customer’s only', async () => {
    expect((await ask('customer', `/report/${LOOKUP}.pdf`, { sources })).headers.get('content-type')).toBe(
      'application/pdf',
    );
    expect((await ask('staff', `/report/${LOOKUP}.pdf`, { sources })).status).toBe(404);
    expect((await ask('customer', `/report/${LOOKUP.replace('3', '4')}.pdf`, { sources })).status).toBe(404);
  });
});
