/**
 * The demo certificate authority. A real operator has one: its root is pinned by the counters, its signing
 * certificate (OU=central) signs policies, acceptances and manifests, its device certificates (OU=device) name
 * the counters. Kept in `<data>/ca`, keys readable by the owner only.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { makeCertificate, parseCertificate, type SubjectName } from './certificate.ts';
import { generateKeys, type Identity, identityOf, readIdentity, writeIdentity } from './identity.ts';

const DAY_MS = 86_400_000;
/** Tolerance for clocks that run behind. */
const BACKDATE_MS = 3_600_000;

const validityDays: Record<SubjectName['unit'], number> = {
  root: 3650,
  central: 1095,
  server: 365,
  device: 365,
};

/** Validity that differs from the usual, for tests of expired certificates. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface Authority {
  readonly root: Identity;
  /** Signs policies, acceptances and manifests. */
  readonly central: Identity;
  /** TLS for localhost, 127.0.0.1 and ::1. */
  readonly server: Identity;
  /** A certificate for a counter's public key; DER. */
  issueDevice(deviceId: string, publicKey: CryptoKey, validity?: Validity): Promise<Bytes>;
  /** A counter's certificate with a fresh key. */
  makeDevice(deviceId: string, validity?: Validity): Promise<Identity>;
}

/** Opens the authority in a folder, making what is missing or about to expire. */
export async function openAuthority(folder: string): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = (await readIdentity(join(folder, 'root'))) ?? (await makeRoot(folder));
  const central = await openSigned(folder, root, { commonName: 'Zhiqing demo central', unit: 'central' });
  const server = await openSigned(folder, root, { commonName: 'localhost', unit: 'server' });
  const issueDevice = (deviceId: string, publicKey: CryptoKey, validity?: Validity) =>
    issue(root, { commonName: deviceId, unit: 'device' }, publicKey, validity);
  return {
    root,
    central,
    server,
    issueDevice,
    makeDevice: async (deviceId, validity) => {
      const keys = await generateKeys();
      return identityOf(await issueDevice(deviceId, keys.publicKey, validity), keys.privateKey);
    },
  };
}

async function makeRoot(folder: string): Promise<Identity> {
  const keys = await generateKeys();
  const certificate = await makeCertificate({
    subject: { commonName: 'Zhiqing demo root', unit: 'root' },
    publicKey: keys.publicKey,
    ...usualValidity('root'),
    issuer: { self: keys.privateKey },
  });
  const identity = await identityOf(certificate, keys.privateKey);
  await writeIdentity(join(folder, 'root'), identity);
  return identity;
}

async function openSigned(folder: string, root: Identity, subject: SubjectName): Promise<Identity> {
  const base = join(folder, subject.unit);
  const held = await readIdentity(base);
  // A month before its end a certificate is made anew, so that the service never starts with a dying one.
  if (held && parseCertificate(held.certificate).notAfter.value.getTime() > Date.now() + 30 * DAY_MS)
    return held;
  const keys = await generateKeys();
  const identity = await identityOf(await issue(root, subject, keys.publicKey), keys.privateKey);
  await writeIdentity(base, identity);
  return identity;
}

function issue(
  root: Identity,
  subject: SubjectName,
  publicKey: CryptoKey,
  validity?: Validity,
): Promise<Bytes> {
  return makeCertificate({
    subject,
    publicKey,
    ...(validity ?? usualValidity(subject.unit)),
    issuer: root,
    ...(subject.unit === 'server' ? { hosts: loopback } : {}),
  });
}

const loopback = {
  dns: ['localhost'],
  ip: [new Uint8Array([127, 0, 0, 1]), new Uint8Array([...Array<number>(15).fill(0), 1])],
};

/** TLS compares with the machine's clock, so certificates do too, whatever clock the service is given. */
function usualValidity(unit: SubjectName['unit']): Validity {
  const notBefore = new Date(Date.now() - BACKDATE_MS);
  return { notBefore, notAfter: new Date(notBefore.getTime() + validityDays[unit] * DAY_MS) };
}
