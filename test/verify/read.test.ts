/** What `npm run verify` is given: folders with more in them than files, and roots in whatever form they are published. */
import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { type House, makeHouse } from './house.ts';
import { put, python } from './python.ts';
import { AT, makeVisit } from './visit.ts';

/** Justified: each call starts a process of its own, on a shared machine. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let base: string;
let house: House;
let files: EvidenceFiles;
let folder: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-read-'));
  house = await makeHouse(AT);
  files = await makeVisit(house, await house.counter('counter-0001'));
  folder = await put(base, 'genuine', files);
});
afterAll(() => rm(base, { recursive: true, force: true }));

const verify = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const program = join(import.meta.dirname, '..', '..', 'build', 'verify', 'main.ts');
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });

describe('a folder', () => {
  it('with a link in the place of a file does not hold, wherever the link leads', async () => {
    const where = await put(base, 'link', files);
    await rename(join(where, 'consent.p7s'), join(base, 'consent.p7s'));
    await symlink(join(base, 'consent.p7s'), join(where, 'consent.p7s'));
    const { code, output } = await verify(where);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL folder +consent\.p7s is no regular file: /m);
    expect(output).toMatch(/^FAIL consent\.p7s +consent\.p7s is no regular file: /m);
    expect((await python([where])).get(where)).toBe('FAIL');
  });
  it('with a pipe, a folder or a link beside the evidence does not hold, and nothing waits for it', async () => {
    const where = await put(base, 'pipe', files);
    execFileSync('mkfifo', [join(where, 'pipe')]);
    await mkdir(join(where, 'more'));
    await symlink(folder, join(where, 'screens'));
    const { code, output } = await verify(where);
    expect(code).toBe(1);
    for (const name of ['pipe', 'more', 'screens'])
      expect(output).toMatch(new RegExp(`^FAIL folder .*${name} is no regular file`, 'm'));
    expect((await python([where])).get(where)).toBe('FAIL');
  });
  it('may hold the folder of pictures that the demo leaves', async () => {
    const where = await put(base, 'screens', files);
    await mkdir(join(where, 'screens'));
    expect(await verify(where)).toMatchObject({ code: 0 });
  });
  it('with a file that is too large to be read fails at that file', async () => {
    const where = await put(base, 'large', files);
    await truncate(join(where, 'report.pdf'), 2 ** 31);
    const { code, output } = await verify(where);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL folder +report\.pdf is larger than 2 GiB: /m);
    expect(output).toMatch(/^FAIL report\.pdf +report\.pdf is larger than 2 GiB: /m);
    expect(output).toMatch(/^ok {3}consent\.p7s/m);
  });
  it.runIf(process.getuid?.() !== 0)('with a file that may not be read fails at that file', async () => {
    const where = await put(base, 'closed', files);
    await chmod(join(where, 'ink.json'), 0);
    const { code, output } = await verify(where);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL folder +ink\.json cannot be read \(EACCES\): /m);
  });
  it('that is an export of a log is held to the same', async () => {
    const where = await put(base, 'export', { 'export.json': new TextEncoder().encode('{}') });
    await symlink(folder, join(where, 'ca.pem'));
    expect((await verify(where)).output).toMatch(/^FAIL folder +ca\.pem is no regular file: /m);
  });
});

describe('--ca', () => {
  const given = async (name: string, bytes: string | Uint8Array) => {
    const path = join(base, name);
    await writeFile(path, bytes);
    return verify(folder, '--ca', path);
  };
  it('takes the root as PEM, with remarks too, and as DER', async () => {
    const { rootPem, root } = house;
    expect(await given('root.pem', rootPem)).toMatchObject({ code: 0 });
    expect(await given('remark.pem', `根证书 2026\r\n${rootPem.replaceAll('\n', '\r\n')}`)).toMatchObject({
      code: 0,
    });
    expect(await given('root.der', root.der)).toMatchObject({ code: 0 });
  });
  it('tells another root', async () => {
    const { output, code } = await given('other.der', (await makeHouse(AT)).root.der);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL ca\.pem +it is another root/m);
  });
  it('accuses nobody where the file holds no certificate, or more than one', async () => {
    const { rootPem, root } = house;
    const none = {
      'none.txt': 'a root',
      empty: '',
      'cut.der': root.der.slice(0, -1),
      'cut.pem': rootPem.replace('MII', 'MIM'),
    };
    for (const [name, bytes] of Object.entries(none)) {
      const { code, output } = await given(name, bytes);
      expect(code).toBe(2);
      expect(output).toContain(`${name} holds no certificate`);
      expect(output).not.toContain('FAIL');
    }
    const { code, output } = await given('bundle.pem', rootPem + (await makeHouse(AT)).rootPem);
    expect(code).toBe(2);
    expect(output).toContain('bundle.pem holds 2 certificates: give the one that the operator publishes');
  });
});
