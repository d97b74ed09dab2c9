import { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../shared/canonical/bytes.ts';
import { subjectField } from '../../../shared/canonical/signed-document.ts';
import { estPaths } from '../../../shared/protocol/api.ts';
import { generateKeys, identityOf } from '../pki/identity.ts';
import { type Answer, asProblem, send, TestCounter } from './client.ts';
import { centralFixture, MINUTE } from './fixture.ts';

const fixture = centralFixture({ createdThrough: 'none' });

const trust = () => ({ ca: fixture.central.authority.root.certificatePem });

async function certificationRequest(
  keys: CryptoKeyPair,
  signer = keys.privateKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const request = new pkijs.CertificationRequest();
  await request.subjectPublicKeyInfo.importKey(keys.publicKey);
  await request.sign(signer, 'SHA-256');
  return new Uint8Array(request.toSchema(true).toBER(false));
}

function enrol(user: string, code: string, csr: Uint8Array): Promise<Answer> {
  return send(fixture.central.estUrl + estPaths.simpleenroll, trust(), {
    method: 'POST',
    headers: {
      'content-type': 'application/pkcs10',
      authorization: `Basic ${Buffer.from(`${user}:${code}`).toString('base64')}`,
    },
    body: toBase64(csr),
  });
}

/** Certificates of a certs-only answer, DER. */
function certificatesOf(answer: Answer): Uint8Array<ArrayBuffer>[] {
  const der = fromBase64(answer.body.toString('ascii').replaceAll(/\s/g, ''));
  const { content } = pkijs.ContentInfo.fromBER(der);
  const { certificates = [] } = new pkijs.SignedData({ schema: content });
  return certificates.flatMap((one) =>
    one instanceof pkijs.Certificate ? [new Uint8Array(one.toSchema().toBER(false))] : [],
  );
}

describe('enrolment', () => {
  test('cacerts answers the root', async () => {
    const answer = await send(fixture.central.estUrl + estPaths.cacerts, trust(), { method: 'GET' });
    expect(answer).toMatchObject({ status: 200, type: 'application/pkcs7-mime' });
    expect(certificatesOf(answer)).toEqual([fixture.central.authority.root.certificate]);
  });

  test('gives a certificate that works; name, usage and validity are the CA’s', async () => {
    const { central } = fixture;
    const keys = await generateKeys();
    const answer = await enrol(
      'counter-0007',
      await central.enrolmentCode('counter-0007'),
      await certificationRequest(keys),
    );
    expect(answer.type).toBe('application/pkcs7-mime; smime-type=certs-only');
    const [der] = certificatesOf(answer);
    if (!der) throw new Error('no certificate');
    expect([subjectField(der, 'OU'), subjectField(der, 'CN')]).toEqual(['device', 'counter-0007']);
    const certificate = new X509Certificate(der);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']);
    expect(certificate.checkIssued(new X509Certificate(central.authority.root.certificate))).toBe(true);
    const counter = new TestCounter(central, await identityOf(der, keys.privateKey));
    expect((await counter.call('status')).policyVersion).toBe(1);
  });

  test('takes a code for one key, for its device, for a day', async () => {
    const { central } = fixture;
    const csr = await certificationRequest(await generateKeys());
    const code = await central.enrolmentCode('counter-0008');
    expect(asProblem(await enrol('counter-0009', code, csr)).kind).toBe('forbidden');
    expect((await enrol('counter-0008', code, csr)).status).toBe(200);
    const another = await certificationRequest(await generateKeys());
    expect(asProblem(await enrol('counter-0008', code, another)).kind).toBe('forbidden');
    const late = await central.enrolmentCode('counter-0008');
    fixture.advance(24 * 60 * MINUTE);
    expect(asProblem(await enrol('counter-0008', late, csr)).kind).toBe('forbidden');
  });

  test('answers the same key again: its certificate may never have reached the disk', async () => {
    const { central } = fixture;
    const keys = await generateKeys();
    const code = await central.enrolmentCode('counter-0013');
    const [first] = certificatesOf(await enrol('counter-0013', code, await certificationRequest(keys)));
    // Another request, as a counter makes it at its next start.
    const [second] = certificatesOf(await enrol('counter-0013', code, await certificationRequest(keys)));
    if (!first || !second) throw new Error('no certificate');
    const [one, other] = [new X509Certificate(first), new X509Certificate(second)];
    expect(other.publicKey.equals(one.publicKey)).toBe(true);
    const counter = new TestCounter(central, await identityOf(second, keys.privateKey));
    expect((await counter.call('status')).policyVersion).toBe(1);
    // Of two at the same time with different keys, one is answered.
    const next = await central.enrolmentCode('counter-0014');
    const race = await Promise.all(
      [keys, await generateKeys()].map(async (pair) =>
        enrol('counter-0014', next, await certificationRequest(pair)),
      ),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([200, 403]);
    // Not for a counter that was revoked since, and not a day later.
    await central.revokeDevice('counter-0013');
    const again = await enrol('counter-0013', code, await certificationRequest(keys));
    expect(asProblem(again).kind).toBe('forbidden');
    const last = await central.enrolmentCode('counter-0015');
    expect((await enrol('counter-0015', last, await certificationRequest(keys))).status).toBe(200);
    fixture.advance(24 * 60 * MINUTE);
    const late = await enrol('counter-0015', last, await certificationRequest(keys));
    expect(asProblem(late).kind).toBe('forbidden');
  });

  test('a bad request does not use the code up', async () => {
    const { central } = fixture;
    const keys = await generateKeys();
    const code = await central.enrolmentCode('counter-0010');
    const forged = await certificationRequest(keys, (await generateKeys()).privateKey);
    expect(asProblem(await enrol('counter-0010', code, forged)).kind).toBe('bad-input');
    expect(asProblem(await enrol('counter-0010', code, new Uint8Array([1, 2, 3]))).kind).toBe('bad-input');
    expect((await enrol('counter-0010', code, await certificationRequest(keys))).status).toBe(200);
  });

  test('needs credentials and limits tries', async () => {
    const csr = await certificationRequest(await generateKeys());
    const url = fixture.central.estUrl + estPaths.simpleenroll;
    const bare = await send(url, trust(), {
      method: 'POST',
      headers: { 'content-type': 'application/pkcs10' },
      body: toBase64(csr),
    });
    expect(asProblem(bare).kind).toBe('not-signed-in');
    for (let i = 0; i < 10; i++)
      expect(asProblem(await enrol('counter-0011', 'AAAA', csr)).kind).toBe('forbidden');
    expect(asProblem(await enrol('counter-0011', 'AAAA', csr)).kind).toBe('too-many-tries');
  });

  test('does not bring a revoked counter back', async () => {
    const { central } = fixture;
    await central.makeDevice('counter-0012');
    await central.revokeDevice('counter-0012');
    const csr = await certificationRequest(await generateKeys());
    expect(
      asProblem(await enrol('counter-0012', await central.enrolmentCode('counter-0012'), csr)).kind,
    ).toBe('forbidden');
  });
});
