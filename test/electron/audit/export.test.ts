import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../../build/verify/checks/export.ts';
import { exportAudit } from '../../../electron/audit/export.ts';
import { createWitness } from '../../../electron/audit/witness.ts';
import type { Connection } from '../../../electron/central/connection.ts';
import { toPem } from '../../../electron/central/enrol.ts';
import { type Bytes, concat, fromUtf8, utf8 } from '../../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { exportFiles, verifyAuditExport } from '../../../shared/canonical/verify-audit-export.ts';
import { issue } from '../../shared/canonical/certificates.ts';
import { MemoryDisk } from './memory-disk.ts';
import { SimCentral } from './sim-central.ts';
import { DEVICE, key, NOW, openLog, stateKey } from './support.ts';

const ALONE = 'the word of the counter alone: central has cosigned no head of this log';
const clock = { now: () => NOW, observe: () => undefined, skewSeconds: () => 0, hasPassed: () => false };
let base: string;
let central: SimCentral;
let exported: Map<string, Bytes>;
let folder: string;
let certificate: Bytes;

async function makeExport({ retire = false, heard = true, caPem = toPem(central.root.der) } = {}) {
  let now = NOW;
  const disk = new MemoryDisk();
  central.held.length = 0;
  const { log } = await openLog(disk, { segmentBytes: 1_500, now: () => now });
  const connection = { call: central.call as Connection['call'], trusted: [central.root.der] };
  const witness = await createWitness({ log, files: disk, connection, clock, stateKey });
  for (let i = 0; i < 20; i++) await log.append('session-started', { staffId: '1024', facts: { i } });
  if (heard) await witness.exchange();
  if (retire) {
    now += 400 * 86_400_000;
    expect(await log.retire()).toBeGreaterThan(0);
  }
  const { der } = await issue({
    subject: `CN=${DEVICE},OU=device`,
    issuer: central.root,
    keys: key as CryptoKeyPair,
  });
  const identity = () => ({ certificate: der, pem: toPem(der), notAfter: 0 });
  const options = {
    log,
    files: disk,
    witness,
    connection: { identity },
    deviceKey: key,
    deviceId: DEVICE,
    caPem,
    now: () => NOW,
  };
  return { ...(await exportAudit(options, base)), log, options };
}
async function readAll(name: string): Promise<Map<string, Bytes>> {
  const path = join(base, name);
  const files = new Map<string, Bytes>();
  for (const file of await readdir(path)) files.set(file, new Uint8Array(await readFile(join(path, file))));
  return files;
}
/** What a counter that lies would sign: files as they are given, under its own key. */
async function signAnew(files: Map<string, Bytes>, certificate: Bytes): Promise<Map<string, Bytes>> {
  const { statement, signature } = exportFiles;
  const listed = [...files].filter(([name]) => name !== statement && name !== signature);
  const content = canonicalBytes({
    ...JSON.parse(fromUtf8(files.get(statement) ?? new Uint8Array())),
    files: await Promise.all(
      listed.map(async ([name, bytes]) => ({ name, bytes: bytes.length, sha256: await sha256Hex(bytes) })),
    ),
  });
  const { privateKey } = key;
  const cms = await signDetached({ content, privateKey, certificate, signingTime: new Date(NOW) });
  return new Map([...listed, [statement, content], [signature, cms]]);
}
const failed = async (files: Map<string, Bytes>) =>
  (await verify(files)).filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]);
const verify = (files: Map<string, Bytes>) =>
  verifyAuditExport(files, { trustedCertificates: [central.root.der] });

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-export-'));
  central = await SimCentral.make();
  const { log, options, ...made } = await makeExport();
  await log.close();
  ({ folder } = made);
  ({ certificate } = options.connection.identity());
  exported = await readAll(folder);
  expect(made.files).toBe(exported.size);
  expect(made.entries).toBeGreaterThanOrEqual(20);
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('an exported log', () => {
  it('holds all that is needed to check it, and checks', async () => {
    expect([...exported.keys()].sort()).toEqual(
      expect.arrayContaining([
        'README.txt',
        'export.json',
        'export.p7s',
        'cosigned.txt',
        'witness.json',
        'device.pem',
      ]),
    );
    const checks = await verify(exported);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'signature',
      'files',
      'entries',
      'checkpoints',
      'witness',
      'cosignature',
      'central',
    ]);
  });
  it('checks with openssl as its README says', async () => {
    const cwd = join(base, folder);
    const args = [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'export.p7s',
      '-content',
      'export.json',
    ];
    const out = execFileSync(
      'openssl',
      [...args, '-CAfile', 'ca.pem', '-purpose', 'any', '-attime', String(NOW / 1000)],
      { cwd },
    );
    expect(JSON.parse(out.toString())).toMatchObject({ schema: 'zhiqing-audit-export/1', device: DEVICE });
  });
  it('with any byte of any file changed, a file taken out or one put in does not check', async () => {
    const names = [...exported.keys()];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        fc.nat({ max: 9 }),
        async (file, place, bit, what) => {
          const name = names[file % names.length] ?? '';
          const changed = new Map(exported);
          if (what === 0) changed.delete(name);
          else if (what === 1)
            changed.set(`audit-${String(place % 999).padStart(12, '0')}.leaves`, new Uint8Array(32));
          else {
            const bytes = (exported.get(name) ?? new Uint8Array()).slice();
            const i = place % bytes.length;
            bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
            changed.set(name, bytes);
          }
          expect((await verify(changed)).some(({ ok }) => !ok)).toBe(true);
        },
      ),
      // Each run checks three certificate chains.
      { numRuns: 200 },
    );
  }, 240_000);
  it('does not check under another root', async () => {
    const other = await SimCentral.make();
    const checks = await verifyAuditExport(exported, { trustedCertificates: [other.root.der] });
    expect(checks[0]).toMatchObject({ name: 'signature', ok: false, detail: 'untrusted-signer' });
    expect(checks.every(({ ok }) => !ok)).toBe(true);
  });
  it('of a log whose oldest entries are retired holds their hashes, and checks', async () => {
    const { log, folder: name } = await makeExport({ retire: true });
    await log.close();
    const files = await readAll(name);
    expect([...files.keys()].some((one) => one.endsWith('.leaves'))).toBe(true);
    expect((await verify(files)).filter(({ ok }) => !ok)).toEqual([]);
  });
  it('of a counter that central has never answered is made, and does not check: nobody else has seen the log', async () => {
    const { log, folder: name } = await makeExport({ heard: false });
    await log.close();
    expect(await failed(await readAll(name))).toEqual([
      ['witness', 'central was never heard'],
      ['cosignature', ALONE],
      ['central', "no head of central's own log was seen"],
    ]);
  });
  it('without the word of central does not check, though the counter has signed it so', async () => {
    const [{ cosigned, central: head }, told] = [exportFiles, new Map(exported)];
    told.delete(cosigned);
    told.delete(head);
    expect(await failed(await signAnew(told, certificate))).toEqual([
      ['cosignature', ALONE],
      ['central', "no head of central's own log was seen"],
    ]);
    // What is given is not to blame: signed anew as it was it checks.
    expect(await failed(await signAnew(exported, certificate))).toEqual([]);
  });
  it('with words behind the last line of the log does not check, though the counter has signed them', async () => {
    const name =
      [...exported.keys()]
        .filter((one) => one.endsWith('.jsonl'))
        .sort()
        .at(-1) ?? '';
    const log = exported.get(name) ?? new Uint8Array();
    const more = new Map([...exported, [name, concat(log, utf8('of no entry'))]]);
    const detail = `${name} does not end with a whole line`;
    expect((await failed(await signAnew(more, certificate)))[0]).toEqual(['entries', detail]);
    const cut = new Map([...exported, [name, log.slice(0, -1)]]);
    expect((await failed(await signAnew(cut, certificate)))[0]).toEqual(['entries', detail]);
  });
  it('says of how many entries nobody but the counter has heard', async () => {
    const { size } = JSON.parse(fromUtf8(exported.get('export.json') ?? new Uint8Array()));
    const cosigned = parseCheckpoint(fromUtf8(exported.get('cosigned.txt') ?? new Uint8Array())).size;
    const found = (await verify(exported)).find(({ name }) => name === 'cosignature')?.detail;
    expect(found).toMatch(`${cosigned} of ${size} entries, `);
  });
  it('holds the one root that the counter comes from, whatever else is in the file of IT', async () => {
    const root = toPem(central.root.der);
    const other = toPem((await SimCentral.make()).root.der);
    for (const caPem of [`# root of 2026\n${root}`, root.replaceAll('\n', '\r\n'), other + root]) {
      const { log, folder: name } = await makeExport({ caPem });
      await log.close();
      const files = await readAll(name);
      expect(new TextDecoder().decode(files.get('ca.pem'))).toBe(root);
      expect((await verifyExport(files, {})).filter(({ ok }) => !ok)).toEqual([]);
    }
  });
  it('is there whole or not at all', async () => {
    const { log, options } = await makeExport();
    const target = join(base, 'no-folder');
    await writeFile(target, '');
    const before = (await readdir(base)).length;
    await expect(exportAudit(options, target)).rejects.toMatchObject({ error: { kind: 'save-failed' } });
    expect(await readdir(base)).toHaveLength(before);
    await log.append('log-exported');
    await log.close();
  });
});
