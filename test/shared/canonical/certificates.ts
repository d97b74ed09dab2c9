import 'reflect-metadata';

import * as x509 from '@peculiar/x509';
import type { Bytes } from '../../../shared/canonical/bytes.ts';

export const { Extension, KeyUsageFlags } = x509;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A key, its certificate and the DER of it. */
export interface Identity {
  readonly keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  readonly der: Bytes;
}

export interface CertificateOptions {
  readonly subject: string;
  /** Left out: self-signed. */
  readonly issuer?: Identity;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly usages?: number;
  readonly serial?: string;
  readonly keys?: CryptoKeyPair;
  readonly hash?: string;
  readonly extensions?: x509.Extension[];
}

export const FROM = new Date('2026-01-01T00:00:00Z');
export const UNTIL = new Date('2028-01-01T00:00:00Z');
let serials = 1;

export async function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** Issues one certificate for tests. */
export async function issue(options: CertificateOptions): Promise<Identity> {
  const { subject, issuer, ca = false, notBefore = FROM, notAfter = UNTIL } = options;
  const keys = options.keys ?? (await makeKeys());
  const usages =
    options.usages ??
    (ca
      ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature
      : x509.KeyUsageFlags.digitalSignature);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: options.serial ?? (serials++).toString(16).padStart(2, '0'),
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    notBefore,
    notAfter,
    signingAlgorithm: { ...ALGORITHM, hash: options.hash ?? 'SHA-256' },
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(ca, options.pathLength, true),
      new x509.KeyUsagesExtension(usages, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(options.extensions ?? []),
    ],
  });
  return { keys, certificate, der: new Uint8Array(certificate.rawData) };
}

/** A revocation list of `issuer` that names these serial numbers. */
export async function revocationList(
  issuer: Identity,
  serials: readonly string[],
  thisUpdate: Date,
  nextUpdate: Date,
): Promise<Bytes> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate,
    nextUpdate,
    // With a reason: without one x509 writes an empty extension list, which RFC 5280 forbids.
    entries: serials.map((serialNumber) => ({
      serialNumber,
      revocationDate: thisUpdate,
      reason: x509.X509CrlReason.cessationOfOperation,
    })),
    signingAlgorithm: ALGORITHM,
    signingKey: issuer.keys.privateKey,
  });
  return new Uint8Array(crl.rawData);
}

export function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
