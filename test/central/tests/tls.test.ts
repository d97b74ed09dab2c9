import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { openAuthority } from '../pki/authority.ts';
import { generateKeys, identityOf } from '../pki/identity.ts';
import { send, TestCounter, type Tls } from './client.ts';
import { centralFixture, told } from './fixture.ts';

const fixture = centralFixture({ createdThrough: 'none' });

const DAY = 86_400_000;
const status = (tls: Tls) => send(`${fixture.central.url}/v1/status`, tls, { method: 'GET' });
const ca = () => fixture.central.authority.root.certificatePem;

describe('the counters’ listener', () => {
  test('answers a counter of its CA over TLS 1.3', async () => {
    const counter = new TestCounter(fixture.central, await fixture.central.makeDevice('counter-0001'));
    expect((await counter.call('status')).policyVersion).toBe(1);
    const { port } = new URL(fixture.central.url);
    const protocol = Promise.withResolvers<string | null>();
    const socket = connect({ ...counter.tls, host: 'localhost', port: Number(port) }, () => {
      protocol.resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', protocol.reject);
    expect(await protocol.promise).toBe('TLSv1.3');
  });

  test('refuses a client without a certificate', async () => {
    await expect(status({ ca: ca() })).rejects.toMatchObject({
      code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET/),
    });
  });

  test('refuses a certificate of another CA', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhiqing-other-ca-'));
    try {
      const other = await (await openAuthority(folder)).makeDevice('counter-0001');
      const tls = { ca: ca(), cert: other.certificatePem, key: other.privateKeyPem };
      await expect(status(tls)).rejects.toMatchObject({ code: expect.stringMatching(/ALERT|ECONNRESET/) });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ['expired', -2 * DAY, -DAY],
    ['not yet valid', DAY, 2 * DAY],
  ])('refuses a certificate that is %s', async (_, from, to) => {
    const validity = { notBefore: new Date(Date.now() + from), notAfter: new Date(Date.now() + to) };
    const identity = await fixture.central.makeDevice('counter-0001', { validity });
    const tls = { ca: ca(), cert: identity.certificatePem, key: identity.privateKeyPem };
    await expect(status(tls)).rejects.toMatchObject({ code: expect.stringMatching(/ALERT|ECONNRESET/) });
  });

  test('refuses TLS 1.2', async () => {
    const identity = await fixture.central.makeDevice('counter-0001');
    const tls = {
      ca: ca(),
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      maxVersion: 'TLSv1.2',
    } as const;
    await expect(status(tls)).rejects.toMatchObject({
      code: expect.stringMatching(/EPROTO|ECONNRESET/),
    });
  });

  test('refuses certificates of the CA that are no counter’s', async () => {
    for (const identity of [fixture.central.authority.server, fixture.central.authority.central]) {
      const tls = { ca: ca(), cert: identity.certificatePem, key: identity.privateKeyPem };
      await expect(status(tls)).rejects.toMatchObject({ code: expect.stringMatching(/ALERT|ECONNRESET/) });
    }
  });

  test('forbids a counter that is unknown or revoked', async () => {
    const { central } = fixture;
    const keys = await generateKeys();
    const certificate = await central.authority.issueDevice('counter-0404', keys.publicKey);
    const stranger = new TestCounter(central, await identityOf(certificate, keys.privateKey));
    expect(told(await stranger.refused('status'))).toBe('forbidden (unknown device)');
    const counter = new TestCounter(central, await central.makeDevice('counter-0005'));
    await counter.call('status');
    await central.revokeDevice('counter-0005');
    const refusal = await counter.refused('status');
    expect(refusal).toMatchObject({ kind: 'forbidden', status: 403, detail: 'device revoked' });
  });
});
