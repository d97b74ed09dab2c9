/** The counter's certificate: the kept one where it can be used; damage and absence are said, a new one is asked for. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toPem } from '../../../electron/central/enrol.ts';
import { obtainIdentity } from '../../../electron/central/identity.ts';
import { openVault, type Vault } from '../../../electron/vault/vault.ts';
import { type Authority, openAuthority } from '../../central/pki/authority.ts';

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
const obtain = (expected: boolean) =>
  obtainIdentity({
    userData,
    enrolUrl: 'https://central.invalid',
    caPem: authority.root.certificatePem,
    deviceId: DEVICE,
    code: undefined,
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
