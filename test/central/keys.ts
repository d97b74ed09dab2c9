/** The service's own secret key, in a file that only its user reads, and what is derived from it. */
import { createHmac, createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Bytes, concat, fromBase64, randomBytes, toBase64, utf8 } from '../../shared/canonical/bytes.ts';

const NONCE_BYTES = 12;

export interface ServiceKeys {
  /** Keyed, one-way: equal values can be recognised, not guessed from a stolen database. Lower-case hex. */
  pseudonym(use: 'identity-number' | 'one-time-code' | 'number' | 'enrolment-code', value: string): string;
  /** Encrypts a consent's secret; `consentId` is bound. Base64. */
  wrap(secret: Bytes, consentId: string): Promise<string>;
  /** @throws OperationError when the key, the consent or a bit is another. */
  unwrap(wrapped: string, consentId: string): Promise<Bytes>;
}

/**
 * Opens `file` (32 bytes), making it on the first start. An operator keeps this key in an HSM or a key service:
 * whoever holds it and the database can open live consents' records.
 */
export async function openServiceKeys(file: string): Promise<ServiceKeys> {
  const master = await readOrMake(file);
  const derive = (use: string) =>
    new Uint8Array(hkdfSync('sha256', master, '', `zhiqing-central/${use}`, 32));
  const wrapping = await crypto.subtle.importKey('raw', derive('consent-secret'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  const gcm = (iv: Bytes, consentId: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: utf8(consentId),
    tagLength: 128,
  });
  return {
    pseudonym: (use, value) => createHmac('sha256', derive(use)).update(value, 'utf8').digest('hex'),
    wrap: async (secret, consentId) => {
      const iv = randomBytes(NONCE_BYTES);
      const sealed = await crypto.subtle.encrypt(gcm(iv, consentId), wrapping, secret);
      return toBase64(concat(iv, new Uint8Array(sealed)));
    },
    unwrap: async (wrapped, consentId) => {
      const bytes = fromBase64(wrapped);
      const iv = bytes.slice(0, NONCE_BYTES);
      const sealed = bytes.subarray(NONCE_BYTES);
      return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, consentId), wrapping, sealed));
    },
  };
}

/** Opens the key that signs staff tokens (ECDSA P-256, PKCS #8 in PEM), making it on the first start. */
export async function openTokenKey(file: string): Promise<KeyObject> {
  await writeOnce(file, () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  return createPrivateKey(await readFile(file));
}

/** Writes a secret file unless it is there. 'wx': two services starting at once must not each make a key. */
export async function writeOnce(file: string, make: () => string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Writes a file so that whoever reads it, even after a crash, finds the old one or the new one whole. */
export async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.partial`, text, { mode: 0o600, flush: true });
  await rename(`${file}.partial`, file);
}

async function readOrMake(file: string): Promise<Uint8Array> {
  await writeOnce(file, () => randomBytes(32));
  const key = await readFile(file);
  if (key.length !== 32) throw new RangeError("the service's key file does not hold 32 bytes");
  return key;
}
