import { beforeAll, describe, expect, it } from 'vitest';
import { signPdf } from '../../../electron/evidence/sign-pdf.ts';
import { type Bytes, concat, utf8 } from '../../../shared/canonical/bytes.ts';
import { readPdfSignature, verifyPdf } from '../../../shared/canonical/pdf-signature.ts';
import type { DocumentSigner } from '../../../shared/canonical/signed-document.ts';
import { remadePdf } from '../../verify/remade-pdf.ts';
import { tinyPdf } from '../../verify/tiny-pdf.ts';
import { issue } from './certificates.ts';

const AT = new Date('2026-06-01T08:30:00.750Z');
let signed: Bytes;
let roots: Bytes[];
let signer: DocumentSigner;
beforeAll(async () => {
  const root = await issue({ subject: 'CN=Root,OU=root', ca: true });
  const device = await issue({ subject: 'CN=counter-1,OU=device', issuer: root });
  roots = [root.der];
  signer = { privateKey: device.keys.privateKey, certificate: device.der };
  signed = await signPdf(tinyPdf('words'), signer, 'test', AT);
});
const reason = async (pdf: Uint8Array) => {
  const verdict = await verifyPdf(pdf, { trustedCertificates: roots });
  return verdict.ok ? 'ok' : verdict.reason;
};
/** The first `from` becomes `to`, of the same length. */
const swapped = (from: string, to: string): Bytes => {
  const at = Buffer.from(signed).indexOf(from);
  const bytes = signed.slice();
  bytes.set(utf8(to), at);
  return bytes;
};

const remade = (change: (text: string) => string): Promise<Bytes> => remadePdf(signed, signer, change);

describe('a signed PDF', () => {
  it('verifies, states its time in whole seconds, and keeps what was there before', async () => {
    const verdict = await verifyPdf(signed, { trustedCertificates: roots });
    expect(verdict).toMatchObject({ ok: true, signedAt: new Date('2026-06-01T08:30:00.000Z') });
    const before = tinyPdf('words');
    expect(signed.slice(0, before.length)).toEqual(before);
  });
  it('has no signing time in its CMS, as PAdES wants', () => {
    const found = readPdfSignature(signed);
    if (!found.ok) throw new Error(found.reason);
    // 1.2.840.113549.1.9.5
    expect(Buffer.from(found.cms).includes(Buffer.from('2a864886f70d010905', 'hex'))).toBe(false);
    expect(Buffer.from(found.cms).includes(Buffer.from('2a864886f70d010910022f', 'hex'))).toBe(true);
  });
  it('is refused with anything behind it, changed in it, or left out', async () => {
    expect(await reason(concat(signed, utf8('\n')))).toBe('byte-range');
    expect(await reason(signed.slice(0, -1))).toBe('byte-range');
    expect(await reason(swapped('(words)', '(sword)'))).toBe('digest-mismatch');
    expect(await reason(swapped('ETSI.CAdES.detached', 'adbe.pkcs7.detached'))).toBe('sub-filter');
    expect(await reason(swapped('/M (D:20260601', '/M (D:20260631'))).toBe('signing-time');
    expect(await reason(swapped('/M (D:20260601', '/M (D:20260602'))).toBe('digest-mismatch');
    expect(await reason(swapped('/ByteRange [0 ', '/ByteRange [1 '))).toBe('byte-range');
    expect(await reason(swapped('000>', '001>'))).toBe('contents');
  });
  it('is held by others to the one order of its dictionary, which docs/verify.md states', async () => {
    const exact = async (pdf: Uint8Array) => {
      const verdict = await verifyPdf(pdf, { trustedCertificates: roots, exact: true });
      return verdict.ok ? 'ok' : verdict.reason;
    };
    const orders: ((text: string) => string)[] = [
      (text) => text.replace(/(\/M \([^)]*\))(\s+)(\/Reason \(test\))/, '$3$2$1'),
      (text) => text.replace(/(\/SubFilter \S+)(\s+)(\/ByteRange \[[^\]]*\])/, '$3$2$1'),
      (text) => text.replace('/Reason (test)', '/Rea5on (test)'),
      // Readers do not agree on which of two counts.
      (text) => text.replace('/SubFilter', '/M (D:20260601083000Z)\n/SubFilter'),
      (text) => text.replace('/SubFilter', '/Reason (other)\n/SubFilter'),
      (text) => text.replace('/Type /Sig\n', '/Type /Sig\n/Type /Sig\n'),
    ];
    expect(await exact(await remade((text) => text))).toBe('ok');
    for (const order of orders) {
      const pdf = await remade(order);
      expect(Buffer.from(pdf).equals(Buffer.from(signed))).toBe(false);
      expect(await reason(pdf)).toBe('ok');
      expect(await exact(pdf)).toBe('dictionary');
    }
  });
  it('is refused without a signature, with two, or as something else', async () => {
    expect(await reason(tinyPdf('words'))).toBe('signature-count');
    expect(await reason(concat(signed, utf8('/ByteRange [0 1 2 3]')))).toBe('signature-count');
    expect(await reason(utf8('<html>'))).toBe('no-pdf');
    expect((await verifyPdf(signed, { trustedCertificates: [] })).ok).toBe(false);
  });
});
