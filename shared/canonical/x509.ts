import { fromBER, ObjectIdentifier } from 'asn1js';
import { Certificate, CertificateRevocationList, CryptoEngine } from 'pkijs';
import type { Bytes } from './bytes.ts';
import { equal, toHex } from './bytes.ts';

/** Object identifiers by the names that RFC 5280, 5652, 5035 and 5754 give them. */
export const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecPublicKey: '1.2.840.10045.2.1',
  prime256v1: '1.2.840.10045.3.1.7',
  idData: '1.2.840.113549.1.7.1',
  idSignedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** Bytes that are no certificate (or revocation list) in DER. */
export class CertificateFormatError extends Error {
  readonly kind = 'malformed-certificate';
  constructor() {
    super('malformed certificate or revocation list');
    this.name = 'CertificateFormatError';
  }
}

/** pkijs on the platform's Web Crypto, so that nothing depends on its global engine. */
export function cryptoEngine(): CryptoEngine {
  return new CryptoEngine({ name: 'webcrypto', crypto: globalThis.crypto });
}

/** DER of anything pkijs or asn1js can encode. */
export function derOf(schema: { toBER(): ArrayBuffer }): Bytes {
  return new Uint8Array(schema.toBER());
}

/** Certificates parsed lately, by their bytes, the latest last. Nobody changes one. */
const recent = new Map<string, Certificate>();
/** The root, central's and those of the counters that are busy: parsing and comparing one takes a millisecond. */
const RECENT_CERTIFICATES = 256;

/**
 * Parses one certificate that fills its bytes. The same bytes may be answered by the same object.
 * @throws CertificateFormatError
 */
export function parseCertificate(der: Bytes): Certificate {
  const key = toHex(der);
  const parsed = recent.get(key) ?? parseWhole(der, (schema) => new Certificate({ schema }));
  recent.delete(key);
  recent.set(key, parsed);
  const [oldest] = recent.keys();
  if (recent.size > RECENT_CERTIFICATES && oldest !== undefined) recent.delete(oldest);
  return parsed;
}

const encoded = new WeakMap<Certificate, Bytes>();

/** DER of a certificate that nobody changes: encoded once. */
export function certificateDer(certificate: Certificate): Bytes {
  const known = encoded.get(certificate) ?? derOf(certificate.toSchema());
  encoded.set(certificate, known);
  return known;
}

/**
 * Parses one revocation list that fills its bytes.
 * @throws CertificateFormatError
 */
export function parseCrl(der: Bytes): CertificateRevocationList {
  return parseWhole(der, (schema) => new CertificateRevocationList({ schema }));
}

/** A field of a certificate's subject that this project uses. */
export type SubjectField = 'CN' | 'O' | 'OU' | 'C' | 'serialNumber';

const FIELD_OID: Record<SubjectField, string> = {
  CN: '2.5.4.3',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  C: '2.5.4.6',
  serialNumber: '2.5.4.5',
};

/**
 * The one value of a subject field. `undefined` when it is absent and also when it is given twice: which of two
 * would count is anybody's guess, so neither does.
 * @throws CertificateFormatError
 */
export function subjectField(certificate: Bytes, field: SubjectField): string | undefined {
  const values = parseCertificate(certificate)
    .subject.typesAndValues.filter(({ type }) => type === FIELD_OID[field])
    .map(({ value }) => String(value.valueBlock.value));
  return values.length === 1 ? values[0] : undefined;
}

/** A subject as text, in the certificate's order and with the escapes of RFC 4514: 'CN=counter 7,OU=device'. */
export function subjectText(certificate: Certificate): string {
  const names = Object.entries(FIELD_OID);
  return certificate.subject.typesAndValues
    .map(({ type, value }) => {
      const name = names.find(([, oid]) => oid === type)?.[0] ?? type;
      return `${name}=${String(value.valueBlock.value).replace(/[\\,+"<>;=#]/g, '\\$&')}`;
    })
    .join(',');
}

/** Serial number as lower-case hexadecimal, as it stands in the certificate. */
export function serialHex(certificate: Certificate): string {
  return toHex(certificate.serialNumber.valueBlock.valueHexView);
}

/** Whether the subject's key is an EC key on P-256 (RFC 5480). */
export function hasP256Key(certificate: Certificate): boolean {
  const { algorithmId, algorithmParams } = certificate.subjectPublicKeyInfo.algorithm;
  return (
    algorithmId === OID.ecPublicKey &&
    algorithmParams instanceof ObjectIdentifier &&
    algorithmParams.valueBlock.toString() === OID.prime256v1
  );
}

const verifyingKeys = new WeakMap<Certificate, Promise<CryptoKey>>();

/** The subject's P-256 key, for verifying; of a certificate that nobody changes it is imported once. */
export function verifyingKey(certificate: Certificate): Promise<CryptoKey> {
  const key = verifyingKeys.get(certificate) ?? importVerifyingKey(certificate);
  verifyingKeys.set(certificate, key);
  return key;
}

async function importVerifyingKey(certificate: Certificate): Promise<CryptoKey> {
  const spki = derOf(certificate.subjectPublicKeyInfo.toSchema());
  return crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
}

type Schema = ReturnType<typeof fromBER>['result'];

function parseWhole<T extends { toSchema(): { toBER(): ArrayBuffer } }>(
  der: Bytes,
  build: (s: Schema) => T,
): T {
  try {
    const { offset, result } = fromBER(der);
    if (offset === der.length) {
      const parsed = build(result);
      // Same bytes again: no BER spellings and nothing that the parser overlooked.
      if (equal(derOf(parsed.toSchema()), der)) return parsed;
    }
  } catch {
    // The parser throws plain errors whose text quotes its input; told apart by nobody.
  }
  throw new CertificateFormatError();
}
