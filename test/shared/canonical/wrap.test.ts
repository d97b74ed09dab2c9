import { describe, expect, it } from 'vitest';
import { fromBase64url, randomBytes, toBase64url } from '../../../shared/canonical/bytes.ts';
import { layerSecretInfo, unwrapSecret, WrapError, wrapSecret } from '../../../shared/canonical/wrap.ts';
import { BINDING, flipBit } from './arbitraries.ts';

const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const INFO = layerSecretInfo(BINDING, 'content');

async function recipient(extractable = false) {
  const keys = await crypto.subtle.generateKey(ECDH, extractable, ['deriveBits']);
  return { keys, point: new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)) };
}

function refused(kind: WrapError['kind']): unknown {
  return expect.objectContaining({ name: 'WrapError', kind });
}

describe('wrapped secret', () => {
  it('comes back to its recipient, with a non-extractable pair or an extractable private key', async () => {
    const secret = randomBytes(32);
    for (const extractable of [true, false]) {
      const { keys, point } = await recipient(extractable);
      const wrapped = await wrapSecret({ recipientPublicKey: point, info: INFO, secret });
      expect(await unwrapSecret({ recipientKey: keys, info: INFO, wrapped })).toEqual(secret);
      const alone = unwrapSecret({ recipientKey: keys.privateKey, info: INFO, wrapped });
      if (extractable) expect(await alone).toEqual(secret);
      else await expect(alone).rejects.toThrow(refused('invalid-key'));
    }
  });

  it('is never the same twice', async () => {
    const { point } = await recipient();
    const input = { recipientPublicKey: point, info: INFO, secret: new Uint8Array(32) };
    expect((await wrapSecret(input)).ciphertext).not.toBe((await wrapSecret(input)).ciphertext);
  });

  it('fails under another layer, consent, scope, lookup or recipient', async () => {
    const { keys, point } = await recipient();
    const wrapped = await wrapSecret({ recipientPublicKey: point, info: INFO, secret: randomBytes(32) });
    for (const info of [
      layerSecretInfo(BINDING, 'metadata'),
      layerSecretInfo({ ...BINDING, consentHash: '00'.repeat(32) }, 'content'),
      layerSecretInfo({ ...BINDING, scopeHash: '00'.repeat(32) }, 'content'),
      layerSecretInfo({ ...BINDING, lookupId: 'x' }, 'content'),
      new Uint8Array(0),
    ]) {
      await expect(unwrapSecret({ recipientKey: keys, info, wrapped })).rejects.toThrow(
        refused('cannot-unwrap'),
      );
    }
    const other = await recipient();
    await expect(unwrapSecret({ recipientKey: other.keys, info: INFO, wrapped })).rejects.toThrow(
      refused('cannot-unwrap'),
    );
  });

  it('fails with any bit changed', async () => {
    const { keys, point } = await recipient();
    const wrapped = await wrapSecret({ recipientPublicKey: point, info: INFO, secret: randomBytes(32) });
    for (const member of ['enc', 'ciphertext'] as const) {
      const bytes = fromBase64url(wrapped[member]);
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = { ...wrapped, [member]: toBase64url(flipBit(bytes, bit)) };
        await expect(unwrapSecret({ recipientKey: keys, info: INFO, wrapped: changed })).rejects.toThrow(
          WrapError,
        );
      }
    }
  });

  it('refuses keys and texts of a wrong form', async () => {
    const { keys, point } = await recipient();
    const secret = new Uint8Array(32);
    const compressed = new Uint8Array([2, ...point.slice(1, 33)]);
    const offCurve = flipBit(point, 8 * 40);
    for (const recipientPublicKey of [compressed, offCurve, new Uint8Array(65), point.slice(1)]) {
      await expect(wrapSecret({ recipientPublicKey, info: INFO, secret })).rejects.toThrow(
        refused('invalid-key'),
      );
    }
    for (const wrapped of [
      { enc: '!', ciphertext: 'AAAA' },
      { enc: toBase64url(point), ciphertext: 'AA' },
      { enc: toBase64url(point.slice(1)), ciphertext: toBase64url(new Uint8Array(48)) },
    ]) {
      await expect(unwrapSecret({ recipientKey: keys, info: INFO, wrapped })).rejects.toThrow(
        refused('malformed'),
      );
    }
  });
});
