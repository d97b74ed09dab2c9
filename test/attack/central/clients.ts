/** Who may speak to central at all: certificates, TLS versions, enrolment. SECURITY: S13 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import * as pkijs from 'pkijs';
import { toBase64 } from '../../../shared/canonical/bytes.ts';
import { estPaths } from '../../../shared/protocol/api.ts';
import { openAuthority } from '../../central/pki/authority.ts';
import { generateKeys, type Identity, identityOf } from '../../central/pki/identity.ts';
import { send, TestCounter, type Tls } from '../../central/tests/client.ts';
import {
  type Attack,
  type Family,
  type Refusal,
  refusedByError,
  type Step,
  withoutEffect,
} from '../attack.ts';
import { centralState } from '../scene.ts';
import { call, centralFamily, judge, type Service } from './scene.ts';

const DAY_MS = 86_400_000;

const withKey = (ca: string, identity: Identity): Tls => ({
  ca,
  cert: identity.certificatePem,
  key: identity.privateKeyPem,
});

/**
 * Asks over TLS. A refusal is the alert that a silent connection is sent; one that is spoken on at once may only see
 * the line cut.
 */
function door(url: string, tls: Tls): Promise<unknown> {
  const { port, pathname } = new URL(url);
  const socket = connect({ ...tls, host: 'localhost', port: Number(port) });
  const alert = new Promise<never>((_resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('central ended the TLS connection before any answer')));
  });
  const answered = new Promise((resolve) => {
    send(`https://localhost:${port}${pathname}`, tls, { method: 'GET' }).then(
      ({ status }) => resolve(status),
      () => undefined,
    );
  });
  return Promise.race([alert, answered]).finally(() => socket.destroy());
}

async function certificates({ central, counter }: Service): Promise<Attack[]> {
  const { authority } = central;
  const ca = authority.root.certificatePem;
  const folder = await mkdtemp(join(tmpdir(), 'zhiqing-other-ca-'));
  const foreign = await openAuthority(folder);
  await rm(folder, { recursive: true });
  const from = (days: number) => new Date(Date.now() + days * DAY_MS);
  const expired = await central.makeDevice('counter-0001', {
    validity: { notBefore: from(-2), notAfter: from(-1) },
  });
  const early = await central.makeDevice('counter-0001', {
    validity: { notBefore: from(1), notAfter: from(2) },
  });
  const cases: [string, Tls][] = [
    ['no-certificate', { ca }],
    ['certificate-of-another-authority', withKey(ca, await foreign.makeDevice('counter-0001'))],
    ['certificate-that-signed-itself', withKey(ca, foreign.root)],
    ['expired-certificate', withKey(ca, expired)],
    ['certificate-not-yet-valid', withKey(ca, early)],
    ['certificate-of-the-server', withKey(ca, authority.server)],
    ['certificate-of-central-itself', withKey(ca, authority.central)],
    ['tls-1.2', { ...counter.tls, maxVersion: 'TLSv1.2' }],
  ];
  return cases.map(([name, tls]) => ({
    id: `client/${name}`,
    foothold: 'network',
    rule: 'S13',
    try: () =>
      withoutEffect(
        () => centralState(central),
        () => refusedByError(() => door(`${central.url}/v1/status`, tls), /ALERT|EPROTO|central ended/i),
      ),
  }));
}

/** Certificates that TLS takes and central does not. */
async function devices(service: Service): Promise<Step[]> {
  const { central, counter } = service;
  const keys = await generateKeys();
  const unknown = new TestCounter(
    central,
    await identityOf(await central.authority.issueDevice('counter-0404', keys.publicKey), keys.privateKey),
  );
  const revoked = new TestCounter(central, await central.makeDevice('counter-0005'));
  await revoked.call('status');
  await central.revokeDevice('counter-0005');
  const attack = (id: string, by: TestCounter) =>
    call(service, {
      foothold: 'network',
      id,
      rule: 'S13',
      kinds: ['forbidden'],
      by,
      name: 'status',
      input: () => ({}),
    });
  return [
    {
      control: 'network/a-counter-with-its-own-certificate-is-answered',
      try: async () => `policy version ${(await counter.call('status')).policyVersion}`,
    },
    attack('client/device-that-nobody-enrolled', unknown),
    attack('client/revoked-device-on-a-connection-it-still-has', revoked),
    call(service, {
      foothold: 'network',
      id: 'client/revoked-device-signs-staff-in',
      rule: 'S13',
      kinds: ['forbidden'],
      by: revoked,
      name: 'signIn',
      input: () => ({ body: { staffId: '1024', pin: '246810' } }),
    }),
    call(service, {
      foothold: 'network',
      id: 'client/revoked-device-asks-for-the-policy',
      rule: 'S13',
      kinds: ['forbidden'],
      by: revoked,
      name: 'policy',
      input: () => ({}),
    }),
  ];
}

async function certificationRequest(keys: CryptoKeyPair, signer = keys.privateKey): Promise<string> {
  const request = new pkijs.CertificationRequest();
  await request.subjectPublicKeyInfo.importKey(keys.publicKey);
  await request.sign(signer, 'SHA-256');
  return toBase64(new Uint8Array(request.toSchema(true).toBER(false)));
}

async function enrolment({ central }: Service): Promise<Step[]> {
  const keys = await generateKeys();
  const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
    'sign',
    'verify',
  ]);
  const csr = await certificationRequest(keys);
  const enrol = (authorization: string | undefined, body: string) =>
    send(
      central.estUrl + estPaths.simpleenroll,
      { ca: central.authority.root.certificatePem },
      {
        method: 'POST',
        headers: { 'content-type': 'application/pkcs10', ...(authorization ? { authorization } : {}) },
        body,
      },
    );
  const basic = (user: string, code: string) => `Basic ${Buffer.from(`${user}:${code}`).toString('base64')}`;
  const mine = await central.enrolmentCode('counter-0007');
  await central.makeDevice('counter-0012');
  await central.revokeDevice('counter-0012');
  const ofRevoked = await central.enrolmentCode('counter-0012');
  const attack = (
    id: string,
    kinds: Parameters<typeof judge>[1],
    authorization: string | undefined,
    body: () => Promise<string>,
  ): Attack => ({
    id: `enrol/${id}`,
    foothold: 'network',
    rule: 'S13',
    try: () =>
      withoutEffect(
        () => centralState(central),
        async (): Promise<Refusal> => judge(await enrol(authorization, await body()), kinds),
      ),
  });
  const sent = async () => csr;
  return [
    attack('without-a-code', ['not-signed-in'], undefined, sent),
    attack('with-a-guessed-code', ['forbidden'], basic('counter-0007', 'AAAA-AAAA-AAAA-AAAA'), sent),
    attack('with-the-code-of-another-counter', ['forbidden'], basic('counter-0008', mine), sent),
    attack('as-a-name-that-is-none', ['not-signed-in'], basic('../root', mine), sent),
    attack('with-a-request-signed-by-another-key', ['bad-input'], basic('counter-0007', mine), async () =>
      certificationRequest(keys, (await generateKeys()).privateKey),
    ),
    attack('with-a-key-of-another-curve', ['bad-input'], basic('counter-0007', mine), () =>
      certificationRequest(p384),
    ),
    attack('with-bytes-that-are-no-request', ['bad-input'], basic('counter-0007', mine), async () => 'AQID'),
    attack('as-a-revoked-counter', ['forbidden'], basic('counter-0012', ofRevoked), sent),
    {
      control: 'network/the-code-still-enrols-its-own-counter',
      try: async () => `HTTP ${(await enrol(basic('counter-0007', mine), csr)).status}`,
    },
    {
      control: 'network/the-code-answers-the-same-key-again',
      try: async () => `HTTP ${(await enrol(basic('counter-0007', mine), csr)).status}`,
    },
    attack('with-a-code-that-was-used', ['forbidden'], basic('counter-0007', mine), async () =>
      certificationRequest(await generateKeys()),
    ),
  ];
}

export const clients: Family = centralFamily('central: who speaks', async (service) => [
  ...(await devices(service)),
  ...(await certificates(service)),
  ...(await enrolment(service)),
]);
