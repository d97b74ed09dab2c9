/** The same folder before public tools, before `npm run verify` as it is called, and against its own document. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { documents } from '../../build/verify/evidence.ts';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { purposeTypes } from '../../shared/domain/consent.ts';
import { inkSchema } from '../../shared/domain/ink.ts';
import { consentEvidenceSchema } from '../../shared/protocol/documents.ts';
import { makeHouse } from './house.ts';
import { reseal } from './mutations.ts';
import { put as putInto, python } from './python.ts';
import { AT, makeVisit } from './visit.ts';

const answersSchema = consentEvidenceSchema.shape.answers;
const root = join(import.meta.dirname, '..', '..');
/** Names of all properties in a JSON Schema. */
function membersOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(membersOf);
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...inner];
}

/** Justified: each call starts a process of its own, on a shared machine. */
const TIMEOUT = 60_000;
vi.setConfig({ testTimeout: TIMEOUT });
let base: string;
let files: EvidenceFiles;
let folder: string;

interface Done {
  code: number;
  output: string;
}

const run = (
  command: string,
  args: readonly string[],
  cwd = folder,
  env: Record<string, string> = {},
): Promise<Done> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
const verify = (...args: string[]) =>
  run(process.execPath, [join(root, 'build', 'verify', 'main.ts'), ...args]);

const put = (name: string, contents: EvidenceFiles) => putInto(base, name, contents);

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-tools-'));
  const house = await makeHouse(AT);
  files = await makeVisit(house, await house.counter('counter-0001'), { log: true });
  folder = await put('genuine', files);
}, TIMEOUT);
afterAll(() => rm(base, { recursive: true, force: true }));

// The test's certificates are for a fixed time.
const at = ['-attime', String(AT / 1000 + 600)];
const check = (
  stem: string,
  where = folder,
  {
    env = {},
    recipe = ['-no-CApath', '-no-CAstore'],
  }: { env?: Record<string, string>; recipe?: string[] } = {},
) =>
  run(
    'openssl',
    [
      ...[
        'cms',
        '-verify',
        '-binary',
        '-inform',
        'DER',
        '-purpose',
        'any',
        '-CAfile',
        'ca.pem',
        ...recipe,
        ...at,
      ],
      ...['-in', `${stem}.p7s`, '-content', `${stem}.json`, '-out', join(base, 'out')],
    ],
    where,
    env,
  );

describe('openssl', () => {
  it.each(['consent', 'acceptance', 'manifest', 'receipt', 'witness'])(
    'takes %s.p7s, and no other bytes',
    async (stem) => {
      expect(await check(stem)).toMatchObject({ code: 0, output: 'CMS Verification successful\n' });
      const json = files[`${stem}.json`]?.slice() ?? new Uint8Array(1);
      json[json.length >> 1] = (json[json.length >> 1] ?? 0) ^ 1;
      const changed = await put(`changed-${stem}`, { ...files, [`${stem}.json`]: json });
      expect((await check(stem, changed)).code).not.toBe(0);
    },
  );
});

describe('the line of docs/verify.md that looks at ca.pem', () => {
  it('says that there is one root, and nothing of the kind of any other file', async () => {
    const text = await readFile(join(root, 'docs', 'verify.md'), 'utf8');
    const lines = text.split('\n').filter((line) => line.includes('cmp one.pem ca.pem'));
    expect(lines).toHaveLength(1);
    const one = new TextDecoder().decode(files['ca.pem']);
    const other = (await makeHouse(AT)).rootPem;
    const said = async (name: string, pem: string) =>
      run('sh', ['-c', lines[0] ?? ''], await put(name, { 'ca.pem': new TextEncoder().encode(pem) }));
    expect(await said('one-root', one)).toEqual({ code: 0, output: 'one root\n' });
    const others = [one + other, other + one, `# ours\n${one}`, one.replaceAll('\n', '\r\n'), `${one}\n`, ''];
    for (const [i, pem] of others.entries()) {
      const { code, output } = await said(`other-${i}`, pem);
      expect(code).not.toBe(0);
      expect(output).not.toContain('one root');
    }
  });
});

describe("a root that only the system's own store trusts", () => {
  it('is no root, for the recipe and for the program', async () => {
    const stranger = await makeHouse(AT, { rootSubject: 'CN=Some Root,OU=root' });
    const counter = await stranger.counter('counter-0001');
    const forged = await makeVisit(stranger, counter);
    const where = await put(
      'stored',
      await reseal({ ...forged, 'ca.pem': files['ca.pem'] ?? new Uint8Array() }, counter.signer),
    );
    const store = join(base, 'store');
    await mkdir(store);
    await writeFile(join(store, 'stranger.pem'), stranger.rootPem);
    await run('openssl', ['rehash', store]);
    const env = { SSL_CERT_DIR: store };
    // The store works: without these two words the stranger is trusted.
    expect((await check('consent', where, { env, recipe: [] })).code).toBe(0);
    expect((await check('consent', where, { env })).code).not.toBe(0);
    expect((await python([where], env)).get(where)).toBe('FAIL');
    expect((await python([folder], env)).get(folder)).toBe('ok');
  });
});

describe('a folder of a visit in which everything was ticked', () => {
  it('is taken by the program and by docs/verify.py', async () => {
    const house = await makeHouse(AT);
    const grants = { release: true, keep: true, contact: true, marketing: true, richInk: true };
    const where = await put(
      'all-ticked',
      await makeVisit(house, await house.counter('counter-0001'), { grants }),
    );
    expect((await verify(where)).output).toMatch(/^all \d+ checks hold$/m);
    expect((await python([where])).get(where)).toBe('ok');
  });
});

describe('pdfsig', () => {
  it.each(['report.pdf', 'receipt.pdf'])('confirms %s, and tells a later edit', async (name) => {
    const found = await run('pdfsig', ['-nocert', name]);
    expect(found.output).toContain('ETSI.CAdES.detached');
    expect(found.output).toContain('SHA-256');
    expect(found.output).toContain('Total document signed');
    expect(found.output).toContain('Signature is Valid.');

    const pdf = files[name] ?? new Uint8Array();
    const edited = pdf.slice();
    // Within the page's words.
    edited[Buffer.from(pdf).indexOf('Three records')] = 0x58;
    const appended = Buffer.concat([pdf, Buffer.from('\n9 0 obj\n<</Type /Annot>>\nendobj\n')]);
    const changed = await put(`edited-${name}`, {
      'edited.pdf': edited,
      'appended.pdf': new Uint8Array(appended),
    });
    expect((await run('pdfsig', ['-nocert', 'edited.pdf'], changed)).output).not.toContain(
      'Signature is Valid.',
    );
    expect((await run('pdfsig', ['-nocert', 'appended.pdf'], changed)).output).toContain(
      'Not total document signed',
    );
  });

  it.runIf(existsSync('/usr/bin/certutil'))('trusts the signer once it has the root', async () => {
    const store = join(base, 'nss');
    await mkdir(store);
    await run('certutil', ['-N', '-d', store, '--empty-password']);
    await run('certutil', ['-A', '-d', store, '-n', 'operator', '-t', 'C,C,C', '-i', 'ca.pem']);
    const found = await run('pdfsig', ['-no-ocsp', '-nssdir', store, 'report.pdf']);
    expect(found.output).toContain('Certificate is Trusted.');
  });
});

describe('npm run verify', () => {
  it('prints a line a check and exits with 0 where all hold', async () => {
    const receipt = JSON.parse(new TextDecoder().decode(files['receipt.json']));
    const { code, output } = await verify(folder, '--qr', receipt.qr, '--ca', join(folder, 'ca.pem'));
    const lines = output.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines.at(-1)).toBe(`all ${lines.length - 1} checks hold`);
    expect(lines.slice(0, -1).every((line) => line.startsWith('ok   '))).toBe(true);
    expect(output).toContain('audit.jsonl');
  });
  it('says what is wrong and what it means, and exits with 1', async () => {
    const changed = await put('one-changed', {
      ...files,
      'notice.txt': new Uint8Array([65]),
      'more.txt': new Uint8Array(),
    });
    const { code, output } = await verify(changed);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL folder +unknown: more\.txt: somebody put it there/m);
    expect(output).toMatch(
      /^FAIL shown +notice\.txt is not what was signed: the customer saw or did something else$/m,
    );
    expect(output).toMatch(/^ok {3}manifest\.p7s/m);
  });
  it(
    'tells a code of another paper, another root, and a log that was cut',
    async () => {
      const other = await makeHouse(AT);
      await writeFile(join(base, 'other.pem'), other.rootPem);
      expect((await verify(folder, '--ca', join(base, 'other.pem'))).output).toMatch(/^FAIL ca\.pem/m);
      const receipt = JSON.parse(new TextDecoder().decode(files['receipt.json']));
      const qr = receipt.qr.replace(/T:\d+/, 'T:1');
      expect((await verify(folder, '--qr', qr)).output).toMatch(
        /^FAIL --qr +it is not signed by this counter/m,
      );
      const log = Buffer.from(files['audit.jsonl'] ?? []).toString();
      const cut = `${log.split('\n').slice(0, -2).join('\n')}\n`;
      const shorter = await put('shorter', { ...files, 'audit.jsonl': new Uint8Array(Buffer.from(cut)) });
      expect((await verify(shorter)).output).toMatch(/^FAIL audit\.jsonl +audit\.checkpoint states/m);
    },
    TIMEOUT,
  );
  it('exits with 2 for a command line that is wrong', async () => {
    expect((await verify()).code).toBe(2);
    expect((await verify(folder, folder)).code).toBe(2);
    expect((await verify(folder, '--no-such')).code).toBe(2);
    expect((await verify(join(base, 'nothing'))).code).toBe(2);
  });
  it('exits with 2 for a code beside an export of the log, which has none: nothing is left unchecked in silence', async () => {
    const log = await put('audit-export', { 'export.json': new TextEncoder().encode('{}') });
    expect((await verify(log)).code).toBe(1);
    const { code, output } = await verify(log, '--qr', 'ZHIQING/1');
    expect(code).toBe(2);
    expect(output).toContain('--qr is of no use here');
    expect(output).toContain('npm run verify -- DIR');
  });
});

describe('docs/verify.md', () => {
  it('holds the very Python that is tested, in at most sixty lines', async () => {
    const script = await readFile(join(root, 'docs', 'verify.py'), 'utf8');
    const text = await readFile(join(root, 'docs', 'verify.md'), 'utf8');
    expect(/```python\n([\s\S]*?)```/.exec(text)?.[1]).toBe(script);
    expect(script.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });
  it('names every member of every document', async () => {
    const text = await readFile(join(root, 'docs', 'verify.md'), 'utf8');
    const section = text.slice(text.indexOf('## Members'), text.indexOf('## With openssl'));
    const schemas = [...Object.values(documents).map(({ schema }) => schema), inkSchema];
    for (const name of schemas.flatMap((schema) => membersOf(z.toJSONSchema(schema)))) {
      expect(section).toContain(`\`${name}\``);
    }
  });
  it('names every purpose with its type, and whatever may be ticked', async () => {
    const text = await readFile(join(root, 'docs', 'verify.md'), 'utf8');
    const row = (start: string) => text.split('\n').find((line) => line.startsWith(start)) ?? '';
    for (const [purpose, type] of Object.entries(purposeTypes)) {
      expect(row('| `purposeType` of each purpose |')).toContain(`\`${purpose}\` "${type}"`);
      expect(row('| `answers.grants` |')).toContain(`\`${purpose}\``);
    }
    for (const key of membersOf(z.toJSONSchema(answersSchema)))
      expect(row('| `answers` |')).toContain(`\`${key}\``);
  });
  it('names every file', async () => {
    const text = await readFile(join(root, 'docs', 'verify.md'), 'utf8');
    for (const name of Object.keys(files)) expect(text).toContain(`\`${name}\``);
  });
});
