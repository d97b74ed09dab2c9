/** X.509 certificates (RFC 5280) by pkijs: ECDSA P-256 with SHA-256 throughout. */
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { type Bytes, randomBytes } from '../../../shared/canonical/bytes.ts';

/** Subject of a certificate; OU tells the role: root, central, server, device. */
export interface SubjectName {
  readonly commonName: string;
  readonly unit: 'root' | 'central' | 'server' | 'device';
}

/** Who signs: `undefined` for a certificate that signs itself. */
interface Issuer {
  readonly certificate: Bytes;
  readonly privateKey: CryptoKey;
}

export interface CertificateRequestInput {
  readonly subject: SubjectName;
  readonly publicKey: CryptoKey;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly issuer: Issuer | { readonly self: CryptoKey };
  /** DNS names and IP addresses, for a TLS server. */
  readonly hosts?: { readonly dns: readonly string[]; readonly ip: readonly Bytes[] };
}

const ORGANISATION = 'Zhiqing demo operator';
const USAGE_SIGN = 0b1100_0000; // digitalSignature, nonRepudiation
const USAGE_CA = 0b0000_0110; // keyCertSign, cRLSign
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
// Makes `openssl cms -verify` accept the signer without a -purpose switch.
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

const extendedUsage: Record<SubjectName['unit'], readonly string[]> = {
  root: [],
  central: [EMAIL_PROTECTION],
  server: [SERVER_AUTH],
  device: [CLIENT_AUTH, EMAIL_PROTECTION],
};

/** Makes and signs a certificate; DER. Everything but the public key is the CA's decision. */
export async function makeCertificate(input: CertificateRequestInput): Promise<Bytes> {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  const serial = randomBytes(16);
  // Positive and of fixed length (RFC 5280 section 4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serial.buffer });
  certificate.subject = nameOf(input.subject);
  certificate.notBefore.value = wholeSeconds(input.notBefore);
  certificate.notAfter.value = wholeSeconds(input.notAfter);
  await certificate.subjectPublicKeyInfo.importKey(input.publicKey);

  const authority = 'self' in input.issuer ? undefined : parseCertificate(input.issuer.certificate);
  certificate.issuer = authority ? authority.subject : certificate.subject;
  const subjectKeyId = await keyIdentifier(certificate.subjectPublicKeyInfo);
  const authorityKeyId = authority ? await keyIdentifier(authority.subjectPublicKeyInfo) : subjectKeyId;
  certificate.extensions = extensions(input, subjectKeyId, authorityKeyId);
  const key = 'self' in input.issuer ? input.issuer.self : input.issuer.privateKey;
  await certificate.sign(key, 'SHA-256');
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

/** Parses DER; @throws RangeError when it is no certificate. */
export function parseCertificate(der: Bytes): pkijs.Certificate {
  try {
    return pkijs.Certificate.fromBER(der);
  } catch {
    throw new RangeError('not a certificate');
  }
}

/** A name with one attribute a set: pkijs by itself would put all of them into one. */
function nameOf(subject: SubjectName): pkijs.RelativeDistinguishedNames {
  const part = (type: string, value: asn1js.BaseBlock) =>
    new asn1js.Set({
      value: [new asn1js.Sequence({ value: [new asn1js.ObjectIdentifier({ value: type }), value] })],
    });
  const name = new asn1js.Sequence({
    value: [
      part('2.5.4.6', new asn1js.PrintableString({ value: 'CN' })),
      part('2.5.4.10', new asn1js.Utf8String({ value: ORGANISATION })),
      part('2.5.4.11', new asn1js.Utf8String({ value: subject.unit })),
      part('2.5.4.3', new asn1js.Utf8String({ value: subject.commonName })),
    ],
  });
  return pkijs.RelativeDistinguishedNames.fromBER(name.toBER(false));
}

function extensions(input: CertificateRequestInput, subjectKeyId: Bytes, authorityKeyId: Bytes) {
  const isCa = input.subject.unit === 'root';
  const usage = new asn1js.BitString({
    valueHex: new Uint8Array([isCa ? USAGE_CA : USAGE_SIGN]).buffer,
    unusedBits: isCa ? 1 : 6,
  });
  const list = [
    extension('2.5.29.19', true, new pkijs.BasicConstraints({ cA: isCa }).toSchema()),
    extension('2.5.29.15', true, usage),
    extension('2.5.29.14', false, new asn1js.OctetString({ valueHex: subjectKeyId.buffer })),
    extension(
      '2.5.29.35',
      false,
      new pkijs.AuthorityKeyIdentifier({
        keyIdentifier: new asn1js.OctetString({ valueHex: authorityKeyId.buffer }),
      }).toSchema(),
    ),
  ];
  const purposes = extendedUsage[input.subject.unit];
  if (purposes.length > 0) {
    list.push(
      extension('2.5.29.37', false, new pkijs.ExtKeyUsage({ keyPurposes: [...purposes] }).toSchema()),
    );
  }
  if (input.hosts) {
    const names = [
      ...input.hosts.dns.map((value) => new pkijs.GeneralName({ type: 2, value })),
      ...input.hosts.ip.map(
        (value) =>
          new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: value.buffer }) }),
      ),
    ];
    list.push(extension('2.5.29.17', false, new pkijs.GeneralNames({ names }).toSchema()));
  }
  return list;
}

function extension(extnID: string, critical: boolean, value: { toBER(sizeOnly: boolean): ArrayBuffer }) {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER(false) });
}

/** SHA-1 of the public key's bits, method 1 of RFC 5280 section 4.2.1.2: a name, not a protection. */
async function keyIdentifier(info: pkijs.PublicKeyInfo): Promise<Bytes> {
  const bits = info.subjectPublicKey.valueBlock.valueHexView;
  return new Uint8Array(await crypto.subtle.digest('SHA-1', new Uint8Array(bits)));
}

/** X.509 times have no fractions. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
