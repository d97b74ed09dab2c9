/** Each way to lie with real keys is told by the very check that is there for it, and by docs/verify.py. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFolder } from '../../build/verify/verify.ts';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { contents } from './forgeries/contents.ts';
import { log } from './forgeries/log.ts';
import { type Forgery, untouched } from './forgeries/scene.ts';
import { times } from './forgeries/times.ts';
import { trust } from './forgeries/trust.ts';
import { put, python } from './python.ts';

/** Justified: the program starts openssl some thirty times a folder, on a shared machine. */
const TIMEOUT = 300_000;
const kinds = { 'whom to trust': trust, when: times, what: contents, 'the log': log };
let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-forgeries-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const failed = async (files: EvidenceFiles): Promise<string[]> =>
  (await verifyFolder(new Map(Object.entries(files)))).filter(({ ok }) => !ok).map(({ name }) => name);

describe.each<[string, readonly Forgery[]]>(Object.entries(kinds))('%s', (_, forgeries) => {
  it.each(forgeries.map((one) => [one.name, one] as const))('tells %s', async (_name, { told, make }) => {
    expect(await failed(await make())).toContain(told);
  });
});

it.each([true, false])('takes what nobody forged (with the log: %s)', async (withLog) => {
  expect(await failed(await untouched(withLog))).toEqual([]);
});

describe('docs/verify.py', () => {
  it(
    'takes what nobody forged, and tells every forgery that docs/verify.md does not leave to npm run verify',
    async () => {
      const forgeries = Object.values(kinds).flat();
      const paths: string[] = [];
      for (const [i, { make }] of forgeries.entries()) paths.push(await put(base, String(i), await make()));
      const genuine = await Promise.all(
        [true, false].map(async (withLog) => put(base, `genuine-${withLog}`, await untouched(withLog))),
      );
      const verdicts = await python([...genuine, ...paths]);
      expect(genuine.map((path) => verdicts.get(path))).toEqual(['ok', 'ok']);
      const found = forgeries.map(({ name }, i) => [name, verdicts.get(paths[i] ?? '')]);
      expect(found).toEqual(forgeries.map(({ name, python: told }) => [name, told ? 'FAIL' : 'ok']));
    },
    TIMEOUT,
  );
});
