/** Enrolment over Secure Transport (RFC 7030): the counter's certificate for the key it made itself. */
import { Agent } from 'node:https';
import { fromBER, Utf8String } from 'asn1js';
import { AttributeTypeAndValue, Certificate, CertificationRequest, ContentInfo, SignedData } from 'pkijs';
import { type Bytes, equal, fromBase64, fromUtf8, toBase64 } from '../../shared/canonical/bytes.ts';
import { validateChain } from '../../shared/canonical/certificate-chain.ts';
import { subjectField } from '../../shared/canonical/signed-document.ts';
import { cryptoEngine, derOf, parseCertificate } from '../../shared/canonical/x509.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { estPaths } from '../../shared/protocol/api.ts';
import type { DeviceKey } from '../vault/vault.ts';
import { exchange, tlsOptions } from './exchange.ts';

/** A certificate answer is some kilobytes. */
const LIMIT = 256 * 1024;

export interface EnrolOptions {
  enrolUrl: string;
  caPem: string;
  deviceId: string;
  /** Given to this counter once by IT; HTTP Basic password (RFC 7030 section 3.2.3). */
  code: string;
  key: DeviceKey;
  timeoutMs: number;
  now: number;
}

/**
 * Asks for a certificate. The key never leaves; the request is signed with it (PKCS#10).
 * @throws Failure 'not-enrolled' when refused, told to wait, or given a certificate that an intermediate has issued;
 * 'central-*' otherwise.
 */
export async function enrol(options: EnrolOptions): Promise<Bytes> {
  const { key, deviceId, code } = options;
  const request = await certificationRequest(deviceId, key);
  const agent = new Agent(tlsOptions(options.caPem));
  try {
    const answer = await exchange({
      agent,
      url: new URL(estPaths.simpleenroll, options.enrolUrl),
      method: 'POST',
      headers: {
        'content-type': 'application/pkcs10',
        'content-transfer-encoding': 'base64',
        authorization: `Basic ${Buffer.from(`${deviceId}:${code}`).toString('base64')}`,
      },
      body: toBase64(request),
      timeoutMs: options.timeoutMs,
      limit: LIMIT,
    });
    if (answer.status !== 200) throw new Failure('not-enrolled', { detail: `HTTP ${answer.status}` });
    return await ownCertificate(certificatesOf(answer.body), options);
  } finally {
    agent.destroy();
  }
}

const COMMON_NAME = '2.5.4.3';
const ORGANISATIONAL_UNIT = '2.5.4.11';

/** Certification request (PKCS#10, RFC 2986) for the counter's own key, DER. */
async function certificationRequest(deviceId: string, { privateKey, publicKey }: DeviceKey): Promise<Bytes> {
  const request = new CertificationRequest();
  for (const [type, value] of [
    [COMMON_NAME, deviceId],
    [ORGANISATIONAL_UNIT, 'device'],
  ] as const) {
    request.subject.typesAndValues.push(
      new AttributeTypeAndValue({ type, value: new Utf8String({ value }) }),
    );
  }
  await request.subjectPublicKeyInfo.importKey(publicKey, cryptoEngine());
  await request.sign(privateKey, 'SHA-256', cryptoEngine());
  return derOf(request.toSchema());
}

/** Certificates of a certs-only CMC response (base64 of PKCS#7 DER). */
function certificatesOf(body: Uint8Array): Bytes[] {
  try {
    const der = fromBase64(fromUtf8(body).replace(/\s/g, ''));
    const info = new ContentInfo({ schema: fromBER(der).result });
    const { certificates = [] } = new SignedData({ schema: info.content });
    return certificates.flatMap((item) => (item instanceof Certificate ? [derOf(item.toSchema())] : []));
  } catch {
    throw new Failure('central-garbage', { detail: 'not a certs-only answer' });
  }
}

async function ownCertificate(found: readonly Bytes[], options: EnrolOptions): Promise<Bytes> {
  for (const certificate of found) {
    if (!(await isOurs(certificate, options))) continue;
    const verdict = await validate(certificate, options);
    if (verdict.ok) return certificate;
    if (verdict.reason === 'untrusted-signer')
      throw new Failure('not-enrolled', { detail: 'certificate: not issued by the root of caFile itself' });
  }
  throw new Failure('central-garbage', { detail: 'no certificate of ours' });
}

type Usable = Pick<EnrolOptions, 'caPem' | 'deviceId' | 'key' | 'now'>;

/** Whether a certificate is for our key and name, within its dates, and issued by the pinned root itself. */
export async function isUsable(certificate: Bytes, options: Usable): Promise<boolean> {
  return (await isOurs(certificate, options)) && (await validate(certificate, options)).ok;
}

async function isOurs(certificate: Bytes, { key, deviceId }: Usable): Promise<boolean> {
  const { subjectPublicKeyInfo } = parseCertificate(certificate);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
  return (
    equal(derOf(subjectPublicKeyInfo.toSchema()), spki) &&
    subjectField(certificate, 'CN') === deviceId &&
    subjectField(certificate, 'OU') === 'device'
  );
}

/** What the counter shows and signs has this one certificate along and no path: whoever checks it has the root. */
function validate(certificate: Bytes, { caPem, now }: Usable): ReturnType<typeof validateChain> {
  return validateChain({
    signer: parseCertificate(certificate),
    embedded: [],
    trusted: pemCertificates(caPem).map(parseCertificate),
    times: [new Date(now)],
  });
}

/** DER of every certificate in a PEM text. */
export function pemCertificates(pem: string): Bytes[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((match) =>
    fromBase64((match[1] ?? '').replace(/\s/g, '')),
  );
}

/** PEM of a certificate's DER. */
export function toPem(certificate: Uint8Array): string {
  const lines = toBase64(certificate).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
