/** A certificate with its key, and how it lies in files. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { fromPem, toPem } from './pem.ts';

export interface Identity {
  /** DER. */
  readonly certificate: Bytes;
  readonly certificatePem: string;
  /** ECDSA P-256, usage 'sign'. */
  readonly privateKey: CryptoKey;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
}

/** An identity of a fresh certificate and the extractable key it was made for. */
export async function identityOf(certificate: Bytes, privateKey: CryptoKey): Promise<Identity> {
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  return {
    certificate,
    certificatePem: toPem(certificate, 'CERTIFICATE'),
    privateKey,
    privateKeyPem: toPem(pkcs8, 'PRIVATE KEY'),
  };
}

/** Reads `<base>.pem` and `<base>.key.pem`; `undefined` when they are not there. */
export async function readIdentity(base: string): Promise<Identity | undefined> {
  let certificatePem: string;
  let privateKeyPem: string;
  try {
    certificatePem = await readFile(`${base}.pem`, 'utf8');
    privateKeyPem = await readFile(`${base}.key.pem`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const pkcs8 = fromPem(privateKeyPem, 'PRIVATE KEY');
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, EC, true, ['sign']);
  return { certificate: fromPem(certificatePem, 'CERTIFICATE'), certificatePem, privateKey, privateKeyPem };
}

/** Writes `<base>.key.pem` (readable by the owner only), then `<base>.pem`. */
export async function writeIdentity(base: string, identity: Identity): Promise<void> {
  await writeFile(`${base}.key.pem`, identity.privateKeyPem, { mode: 0o600 });
  // The mode above counts for new files only.
  await chmod(`${base}.key.pem`, 0o600);
  await writeFile(`${base}.pem`, identity.certificatePem);
}
