/** The counter's certificate: kept beside the vault, or asked for when there is none that can be used. */
import { join } from 'node:path';
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { parseCertificate } from '../../shared/canonical/x509.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { readTextIfThere, writeDurably } from '../durable-file.ts';
import { type EnrolOptions, enrol, isUsable, pemCertificates, toPem } from './enrol.ts';

export interface DeviceIdentity {
  /** DER. */
  readonly certificate: Bytes;
  readonly pem: string;
  /** Epoch ms. */
  readonly notAfter: number;
}

export type IdentityOptions = Omit<EnrolOptions, 'code'> & {
  userData: string;
  code: string | undefined;
  /** An earlier run has used one: a certificate that is not there was taken away. */
  expected: boolean;
  /** The certificate that is kept cannot be read, or is gone. */
  onDamaged: () => void;
};

/**
 * The certificate in use; enrols when the kept one is missing, expired, or not of this key or root.
 * @throws Failure 'not-enrolled', 'central-*'
 */
export async function obtainIdentity(options: IdentityOptions): Promise<DeviceIdentity> {
  const path = join(options.userData, 'identity', 'device.pem');
  const kept = await readKept(path, options);
  if (kept) return kept;
  const { code } = options;
  if (code === undefined) throw new Failure('not-enrolled', { detail: 'no enrolment code' });
  const certificate = await enrol({ ...options, code });
  await writeDurably(path, toPem(certificate));
  return identityOf(certificate);
}

async function readKept(path: string, options: IdentityOptions): Promise<DeviceIdentity | undefined> {
  const pem = await readTextIfThere(path);
  if (pem === undefined) {
    if (options.expected) options.onDamaged();
    return undefined;
  }
  try {
    const [certificate] = pemCertificates(pem);
    if (certificate && (await isUsable(certificate, options))) return identityOf(certificate);
    // Past its time is no damage: it was usable until then.
    const until = certificate ? identityOf(certificate).notAfter - 1_000 : 0;
    if (certificate && until < options.now && (await isUsable(certificate, { ...options, now: until })))
      return undefined;
  } catch {
    // The key is what counts, a certificate for it can be had again.
  }
  options.onDamaged();
  return undefined;
}

function identityOf(certificate: Bytes): DeviceIdentity {
  const notAfter = parseCertificate(certificate).notAfter.value.getTime();
  return { certificate, pem: toPem(certificate), notAfter };
}
