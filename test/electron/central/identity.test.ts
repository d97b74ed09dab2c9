/** The counter's certificate: the kept one where it can be used; damage and absence are said, a new one is asked for. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificate, ContentInfo, EncapsulatedContentInfo, SignedData } from 'pkijs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toPem } from '../../../electron/central/enrol.ts';
import { obtainIdentity } from '../../../electron/central/identity.ts';
import { openVault, type Vault } from '../../../electron/vault/vault.ts';
import { type Bytes, toBase64 } from '../../../shared/canonical/bytes.ts';
import { type Authority, openAuthority } from '../../central/pki/authority.ts';
import { makeCertificate } from '../../central/pki/certificate.ts';
import { generateKeys, identityOf } from '../../central/pki/identity.ts';

const DEVICE = 'counter-0007';
let base: string;
let authority: Authority;
let vault: Vault;
let folders = 0;
let userData: string;
let told: number;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'zhiqing-identity-'));
  authority = await openAuthority(join(base, 'ca'));
  vault = await openVault(join(base, 'vault'), {
    backend: 'test',
    seal: async (text) => Buffer.from(text),
    unseal: async (sealed) => ({ text: sealed.toString(), reseal: false }),
  });
});
afterAll(() => rm(base, { recursive: true, force: true }));
beforeEach(async () => {
  folders += 1;
  userData = join(base, `profile-${folders}`);
  told = 0;
  await mkdir(join(userData, 'identity'), { recursive: true });
});

const keep = (pem: string) => writeFile(join(userData, 'identity', 'device.pem'), pem);
const obtain = (expected: boolean, enrolment: { enrolUrl?: string; code?: string } = {}) =>
  obtainIdentity({
    userData,
    enrolUrl: 'https://central.invalid',
    caPem: authority.root.certificatePem,
    deviceId: DEVICE,
    code: undefined,
    ...enrolment,
    key: vault.deviceKey,
    timeoutMs: 1_000,
    now: Date.now(),
    expected,
    onDamaged: () => {
      told += 1;
    },
  });

describe('the certificate of a counter', () => {
  it('is the kept one, when it is for this key and name', async () => {
    const certificate = await authority.issueDevice(DEVICE, vault.deviceKey.publicKey);
    await keep(toPem(certificate));
    expect((await obtain(true)).certificate).toEqual(certificate);
    expect(told).toBe(0);
  });

  it('is asked for where none was yet, and nothing is wrong', async () => {
    await expect(obtain(false)).rejects.toThrow('not-enrolled');
    expect(told).toBe(0);
  });

  it('is missed where one was in use', async () => {
    await expect(obtain(true)).rejects.toThrow('not-enrolled');
    expect(told).toBe(1);
  });

  it('is no good when it is cut, or another counter’s', async () => {
    const other = await authority.issueDevice('counter-0008', vault.deviceKey.publicKey);
    for (const pem of [toPem(other), toPem(other).slice(0, 300)]) {
      await keep(pem);
      await expect(obtain(true)).rejects.toThrow('not-enrolled');
    }
    expect(told).toBe(2);
  });
});

describe('an answer to an enrolment', () => {
  /** Answers every request with these certificates. */
  async function enrolling(certificates: readonly Bytes[]): Promise<string> {
    const signed = new SignedData({
      version: 1,
      encapContentInfo: new EncapsulatedContentInfo({ eContentType: ContentInfo.DATA }),
      certificates: certificates.map((one) => Certificate.fromBER(one)),
    });
    const info = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
    const body = toBase64(new Uint8Array(info.toSchema().toBER(false)));
    const { privateKeyPem, certificatePem } = authority.server;
    const server = createServer({ key: privateKeyPem, cert: certificatePem }, (_, answer) =>
      answer.end(body),
    );
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `https://localhost:${(server.address() as AddressInfo).port}`;
  }
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  it('is kept, and found at the next start, whatever came along with it', async () => {
    const certificate = await authority.issueDevice(DEVICE, vault.deviceKey.publicKey);
    const enrolUrl = await enrolling([authority.root.certificate, certificate]);
    expect((await obtain(false, { enrolUrl, code: 'code' })).certificate).toEqual(certificate);
    expect((await obtain(true)).certificate).toEqual(certificate);
    expect(told).toBe(0);
  });

  it('is refused with a reason where an intermediate has issued it: nobody here could follow its path', async () => {
    const keys = await generateKeys();
    const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
    const intermediate = await makeCertificate({
      subject: { commonName: 'issuing', unit: 'root' },
      publicKey: keys.publicKey,
      ...dates,
      issuer: authority.root,
    });
    const certificate = await makeCertificate({
      subject: { commonName: DEVICE, unit: 'device' },
      publicKey: vault.deviceKey.publicKey,
      ...dates,
      issuer: await identityOf(intermediate, keys.privateKey),
    });
    const enrolUrl = await enrolling([certificate, intermediate]);
    await expect(obtain(false, { enrolUrl, code: 'code' })).rejects.toMatchObject({
      error: { kind: 'not-enrolled', detail: 'certificate: not issued by the root of caFile itself' },
    });
    // Nothing of it is on the disk that the next start could stumble over.
    await expect(obtain(false)).rejects.toThrow('no enrolment code');
    expect(told).toBe(0);
  });
});
