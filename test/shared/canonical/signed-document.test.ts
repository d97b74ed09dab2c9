import { beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { CanonicalJsonError } from '../../../shared/canonical/json.ts';
import { signDocument, subjectField, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { CertificateFormatError } from '../../../shared/canonical/x509.ts';
import { type Identity, issue } from './certificates.ts';

const AT = new Date('2026-06-01T00:00:00Z');
const DOCUMENT = { purpose: '核对短信', categories: ['sms'], count: 3 };
let root: Identity;
let device: Identity;
let central: Identity;

beforeAll(async () => {
  root = await issue({ subject: 'CN=Root,OU=root', ca: true });
  device = await issue({ subject: 'CN=counter 7,OU=device', issuer: root });
  central = await issue({ subject: 'CN=service,OU=central', issuer: root });
});

function signerOf({ keys, der }: Identity) {
  return { privateKey: keys.privateKey, certificate: der };
}

describe('signed document', () => {
  it('verifies as what was signed, whatever the order of its members', async () => {
    const signed = await signDocument(DOCUMENT, signerOf(device), AT);
    const backwards = Object.fromEntries(Object.entries(DOCUMENT).reverse());
    for (const document of [DOCUMENT, backwards, JSON.parse(JSON.stringify(signed)).document]) {
      const verdict = await verifyDocument({ ...signed, document }, { trustedCertificates: [root.der] });
      expect(verdict).toMatchObject({
        ok: true,
        document: DOCUMENT,
        hash: await hashOf(DOCUMENT),
        signingTime: AT,
      });
    }
  });

  it('is told when the document or the signature was changed', async () => {
    const signed = await signDocument(DOCUMENT, signerOf(device), AT);
    const trust = { trustedCertificates: [root.der] };
    const widened = { ...signed, document: { ...DOCUMENT, categories: ['sms', 'call'] } };
    expect(await verifyDocument(widened, trust)).toMatchObject({ ok: false, reason: 'digest-mismatch' });
    for (const cms of ['', 'AAAA', `${signed.cms} `, signed.cms.slice(4)]) {
      expect(await verifyDocument({ ...signed, cms }, trust)).toMatchObject({
        ok: false,
        reason: 'malformed',
      });
    }
    const noJson = { ...signed, document: { at: Number.NaN } };
    expect(await verifyDocument(noJson, trust)).toMatchObject({ ok: false, reason: 'malformed' });
    expect(await verifyDocument(signed, { trustedCertificates: [device.der, central.der] })).toMatchObject({
      ok: true,
    });
    expect(await verifyDocument(signed, { trustedCertificates: [central.der] })).toMatchObject({
      ok: false,
      reason: 'untrusted-signer',
    });
  });

  it('counts only from the role it is expected of', async () => {
    const trust = { trustedCertificates: [root.der] };
    const byDevice = await signDocument(DOCUMENT, signerOf(device), AT);
    const byCentral = await signDocument(DOCUMENT, signerOf(central), AT);
    expect(await verifyDocument(byDevice, { ...trust, expectedRole: 'device' })).toMatchObject({ ok: true });
    expect(await verifyDocument(byCentral, { ...trust, expectedRole: 'central' })).toMatchObject({
      ok: true,
    });
    expect(await verifyDocument(byDevice, { ...trust, expectedRole: 'central' })).toMatchObject({
      ok: false,
      reason: 'wrong-role',
    });
    const both = await issue({ subject: 'CN=x,OU=device,OU=central', issuer: root });
    const ambiguous = await signDocument(DOCUMENT, signerOf(both), AT);
    for (const expectedRole of ['device', 'central'] as const) {
      expect(await verifyDocument(ambiguous, { ...trust, expectedRole })).toMatchObject({
        reason: 'wrong-role',
      });
    }
  });

  it('is not made of what has no canonical form', async () => {
    await expect(signDocument({ at: new Date() }, signerOf(device), AT)).rejects.toThrow(CanonicalJsonError);
  });
});

describe('subject field', () => {
  it('is the one value, or nothing', async () => {
    const { der } = await issue({ subject: 'CN=柜台 7,OU=device,O=厅,C=CN', issuer: root });
    expect(subjectField(der, 'CN')).toBe('柜台 7');
    expect(subjectField(der, 'OU')).toBe('device');
    expect(subjectField(der, 'C')).toBe('CN');
    expect(subjectField(der, 'serialNumber')).toBeUndefined();
    const twice = await issue({ subject: 'OU=device,OU=central', issuer: root });
    expect(subjectField(twice.der, 'OU')).toBeUndefined();
    expect(() => subjectField(new Uint8Array(9), 'OU')).toThrow(CertificateFormatError);
  });
});
