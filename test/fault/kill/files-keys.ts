/** Keys of the files that are killed: made by the parent, since a child must find what an earlier one has signed. */
export const SECRETS = { outboxKey: Buffer.alloc(32, 7), stateKey: Buffer.alloc(32, 8) };

export interface KeyText {
  privateKey: JsonWebKey;
  publicKey: JsonWebKey;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

export async function makeKey(): Promise<KeyText> {
  const pair = (await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.exportKey('jwk', pair.privateKey),
    crypto.subtle.exportKey('jwk', pair.publicKey),
  ]);
  return { privateKey, publicKey };
}

export async function importKey({ privateKey, publicKey }: KeyText): Promise<CryptoKeyPair> {
  return {
    privateKey: await crypto.subtle.importKey('jwk', privateKey, ALGORITHM, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', publicKey, ALGORITHM, true, ['verify']),
  };
}
