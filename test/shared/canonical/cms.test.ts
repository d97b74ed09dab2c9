import {
  Set as Asn1Set,
  type BaseBlock,
  Constructed,
  fromBER,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import {
  type CmsRefusal,
  CmsSigningError,
  signDetached,
  type VerifyDetachedInput,
  verifyDetached,
} from '../../../shared/canonical/cms.ts';
import { derSignature, rawSignature } from '../../../shared/canonical/ecdsa-signature.ts';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { CertificateFormatError } from '../../../shared/canonical/x509.ts';
import { type Identity, issue, makeKeys } from './certificates.ts';

/** Justified: 1,000 verifications of three signatures each on a shared machine. */
const TIMEOUT = 120_000;
const CONTENT = utf8('{"consent":"知情同意"}');
const SIGNED_AT = new Date('2026-06-01T08:30:00.750Z');

let root: Identity;
let intermediate: Identity;
let device: Identity;
let cms: Bytes;
let input: VerifyDetachedInput;

beforeAll(async () => {
  root = await issue({ subject: 'CN=Root,OU=root', ca: true });
  intermediate = await issue({ subject: 'CN=Devices,OU=root', ca: true, issuer: root });
  device = await issue({ subject: 'CN=counter 7,OU=device,O=Hall\\, South', issuer: intermediate });
  cms = await sign({});
  input = { content: CONTENT, cms, trustedCertificates: [root.der] };
});

async function sign(change: Partial<Parameters<typeof signDetached>[0]>): Promise<Bytes> {
  return signDetached({
    content: CONTENT,
    privateKey: device.keys.privateKey,
    certificate: device.der,
    chain: [intermediate.der],
    signingTime: SIGNED_AT,
    ...change,
  });
}

async function reason(change: Partial<VerifyDetachedInput>): Promise<CmsRefusal | 'ok'> {
  const verdict = await verifyDetached({ ...input, ...change });
  return verdict.ok ? 'ok' : verdict.reason;
}

/** The values of a constructed node: the tests take messages apart and put them together differently. */
function parts(node: unknown): BaseBlock[] {
  if (node instanceof Sequence || node instanceof Asn1Set || node instanceof Constructed)
    return node.valueBlock.value;
  throw new TypeError('not constructed');
}

/** Changes the parsed message and encodes it again. */
function altered(change: (signedData: BaseBlock[], signerInfo: BaseBlock[]) => void): Bytes {
  const { result } = fromBER(cms);
  const signedData = parts(parts(parts(result)[1])[0]);
  const signerInfo = parts(parts(signedData.at(-1))[0]);
  change(signedData, signerInfo);
  return new Uint8Array(result.toBER());
}

describe('detached CMS', () => {
  it('verifies, and tells the signer and the signing time to the second', async () => {
    const verdict = await verifyDetached(input);
    expect(verdict).toMatchObject({
      ok: true,
      signingTime: new Date('2026-06-01T08:30:00Z'),
      signer: {
        subject: 'CN=counter 7,OU=device,O=Hall\\, South',
        certificate: device.der,
        certificateSha256: await sha256Hex(device.der),
      },
    });
  });

  it('signs over any content, the empty one too', async () => {
    for (const content of [new Uint8Array(0), new Uint8Array(100_000).fill(7)]) {
      expect(await reason({ content, cms: await sign({ content }) })).toBe('ok');
    }
  });

  it('writes times from 2050 on as GeneralizedTime', async () => {
    const keys = await makeKeys();
    const subject = 'CN=counter 8,OU=device';
    const late = await issue({ subject, keys, issuer: root, notAfter: new Date('2060-01-01T00:00:00Z') });
    const anchor = await issue({
      subject: 'CN=Root,OU=root',
      ca: true,
      keys: root.keys,
      notAfter: new Date('2060-01-01T00:00:00Z'),
    });
    const signingTime = new Date('2051-01-01T00:00:00Z');
    const signed = await sign({ privateKey: keys.privateKey, certificate: late.der, chain: [], signingTime });
    const verdict = await verifyDetached({
      content: CONTENT,
      cms: signed,
      trustedCertificates: [anchor.der],
    });
    expect(verdict).toMatchObject({ ok: true, signingTime });
  });

  it('is not made with a key that nobody could verify', async () => {
    const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, [
      'sign',
      'verify',
    ]);
    await expect(sign({ privateKey: p384.privateKey })).rejects.toThrow(CmsSigningError);
    const other = await makeKeys();
    await expect(sign({ privateKey: other.privateKey })).rejects.toThrow(
      expect.objectContaining({ kind: 'key-mismatch' }),
    );
    await expect(sign({ certificate: new Uint8Array(5) })).rejects.toThrow(CertificateFormatError);
  });
});

describe('attacks', () => {
  it('swapped content: digest-mismatch', async () => {
    expect(await reason({ content: utf8('{"consent":"全部同意"}') })).toBe('digest-mismatch');
  });

  it('self-signed signer, no anchor, another anchor: untrusted-signer', async () => {
    const impostor = await issue({ subject: 'CN=counter 7,OU=device' });
    const forged = await sign({ privateKey: impostor.keys.privateKey, certificate: impostor.der, chain: [] });
    expect(await reason({ cms: forged })).toBe('untrusted-signer');
    expect(await reason({ trustedCertificates: [] })).toBe('untrusted-signer');
    const namesake = await issue({ subject: 'CN=Root,OU=root', ca: true });
    expect(await reason({ trustedCertificates: [namesake.der] })).toBe('untrusted-signer');
    expect(await reason({ cms: await sign({ chain: [] }) })).toBe('untrusted-signer');
  });

  it('an extra signer, or none: signer-count', async () => {
    const twice = altered((signedData) => {
      const signers = parts(signedData.at(-1));
      signers.push(...signers);
    });
    expect(await reason({ cms: twice })).toBe('signer-count');
    const nobody = altered((signedData) => parts(signedData.at(-1)).splice(0));
    expect(await reason({ cms: nobody })).toBe('signer-count');
  });

  it('signed attributes empty or left out: no-signed-attributes', async () => {
    const empty = altered((_, signerInfo) => parts(signerInfo[3]).splice(0));
    expect(await reason({ cms: empty })).toBe('no-signed-attributes');
    const without = altered((_, signerInfo) => signerInfo.splice(3, 1));
    expect(await reason({ cms: without })).toBe('no-signed-attributes');
  });

  it('one signed attribute left out: no-signed-attributes; doubled: malformed', async () => {
    const withAttributes = (choose: (attributes: BaseBlock[]) => BaseBlock[]): Bytes =>
      altered((_, signerInfo) => {
        const value = choose(parts(signerInfo[3]));
        signerInfo.splice(3, 1, new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value }));
      });
    expect(await reason({ cms: withAttributes((attributes) => attributes) })).toBe('ok');
    for (let i = 0; i < 4; i++) {
      const missing = withAttributes((attributes) => attributes.toSpliced(i, 1));
      expect(await reason({ cms: missing })).toBe('no-signed-attributes');
      const doubled = withAttributes((attributes) =>
        attributes.flatMap((item, k) => (k === i ? [item, item] : item)),
      );
      expect(await reason({ cms: doubled })).toBe('malformed');
    }
  });

  it('attributes in another order: malformed', async () => {
    expect(await reason({ cms: altered((_, signerInfo) => parts(signerInfo[3]).reverse()) })).toBe(
      'malformed',
    );
  });

  it('SHA-1 or MD5 named in any place: weak-digest', async () => {
    for (const oid of ['1.3.14.3.2.26', '1.2.840.113549.2.5']) {
      const weak = (): Sequence =>
        new Sequence({ value: [new ObjectIdentifier({ value: oid }), new Null()] });
      const inSigner = altered((_, signerInfo) => signerInfo.splice(2, 1, weak()));
      const inList = altered((signedData) => parts(signedData[1]).splice(0, 1, weak()));
      expect(await reason({ cms: inSigner })).toBe('weak-digest');
      expect(await reason({ cms: inList })).toBe('weak-digest');
    }
    const ecdsaSha1 = new Sequence({ value: [new ObjectIdentifier({ value: '1.2.840.10045.4.1' })] });
    expect(await reason({ cms: altered((_, signerInfo) => signerInfo.splice(4, 1, ecdsaSha1)) })).toBe(
      'weak-digest',
    );
  });

  it('embedded content, even the right one: malformed', async () => {
    const attached = altered((signedData) => {
      const content = new Constructed({
        idBlock: { tagClass: 3, tagNumber: 0 },
        value: [new OctetString({ valueHex: CONTENT })],
      });
      parts(signedData[2]).push(content);
    });
    expect(await reason({ cms: attached })).toBe('malformed');
  });

  it('unsigned attributes and revocation lists riding along: malformed', async () => {
    const attribute = new Sequence({
      value: [new ObjectIdentifier({ value: '1.2.840.113549.1.9.15' }), new Asn1Set({ value: [new Null()] })],
    });
    const unsigned = altered((_, signerInfo) => {
      signerInfo.push(new Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: [attribute] }));
    });
    expect(await reason({ cms: unsigned })).toBe('malformed');
  });

  it('another certificate with the same name, number and key: bad-signature', async () => {
    const { serialNumber, subject } = device.certificate;
    const renewed = await issue({
      subject,
      keys: device.keys,
      issuer: intermediate,
      serial: serialNumber,
      pathLength: 0,
    });
    const swapped = altered((signedData) => {
      const certificates = parts(signedData[3]);
      const index = certificates.findIndex(
        (item) => toHex(new Uint8Array(item.toBER())) === toHex(device.der),
      );
      certificates.splice(index, 1, fromBER(renewed.der).result);
    });
    expect(await reason({ cms: swapped })).toBe('bad-signature');
  });

  it('a signing time outside the validity of the certificate: not-valid-at-time', async () => {
    for (const signingTime of [new Date('2025-12-31T23:59:59Z'), new Date('2028-01-01T00:00:01Z')]) {
      expect(await reason({ cms: await sign({ signingTime }) })).toBe('not-valid-at-time');
    }
    expect(await reason({ at: new Date('2027-01-01T00:00:00Z') })).toBe('ok');
    expect(await reason({ at: new Date('2028-01-02T00:00:00Z') })).toBe('not-valid-at-time');
    expect(await reason({ at: new Date('2025-01-01T00:00:00Z') })).toBe('not-valid-at-time');
  });

  it('BER, bytes left over, nothing, noise and too much: malformed', async () => {
    const longForm = new Uint8Array([0x30, 0x83, 0x00, ...cms.slice(2)]);
    const indefinite = new Uint8Array([0x30, 0x80, ...cms.slice(4), 0, 0]);
    const trailing = new Uint8Array([...cms, 0]);
    for (const bytes of [
      longForm,
      indefinite,
      trailing,
      new Uint8Array(0),
      CONTENT,
      device.der,
      new Uint8Array(70_000),
    ]) {
      expect(await reason({ cms: bytes })).toBe('malformed');
    }
    expect(await reason({ trustedCertificates: [CONTENT] })).toBe('malformed');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect(await reason({ cms: new Uint8Array(noise) })).not.toBe('ok');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('mutations', () => {
  it(
    'of the content are all refused',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (position, mask) => {
          const content = CONTENT.slice();
          content[position % content.length] = (content[position % content.length] ?? 0) ^ mask;
          expect(await reason({ content })).toBe('digest-mismatch');
        }),
        { numRuns: 1000 },
      );
    },
    TIMEOUT,
  );

  it(
    'of the message are all refused, at any byte',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (position, mask) => {
          const changed = cms.slice();
          changed[position % cms.length] = (changed[position % cms.length] ?? 0) ^ mask;
          expect(await reason({ cms: changed })).not.toBe('ok');
        }),
        { numRuns: 1000 },
      );
    },
    TIMEOUT,
  );

  it(
    'of the message are all refused, at each byte in turn',
    async () => {
      for (let position = 0; position < cms.length; position++) {
        const changed = cms.slice();
        changed[position] = (changed[position] ?? 0) ^ (1 << (position % 8));
        expect([position, await reason({ cms: changed })]).not.toEqual([position, 'ok']);
      }
    },
    TIMEOUT,
  );

  it('that verify are the two documented ones, and mean the same', async () => {
    // (r, n - s) is the other valid ECDSA signature of the same bytes by the same key.
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const negated = altered((_, signerInfo) => {
      const der = signerInfo[5];
      if (!(der instanceof OctetString)) throw new TypeError('no signature');
      const raw = rawSignature(der.valueBlock.valueHexView);
      if (raw === undefined) throw new TypeError('no signature');
      const s = n - BigInt(`0x${toHex(raw.slice(32))}`);
      raw.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32);
      signerInfo.splice(5, 1, new OctetString({ valueHex: derSignature(raw) }));
    });
    expect(negated).not.toEqual(cms);
    expect(await verifyDetached({ ...input, cms: negated })).toEqual(await verifyDetached(input));
    // A certificate that no path needs.
    const stranger = await issue({ subject: 'CN=Stranger', ca: true });
    const more = altered((signedData) => {
      parts(signedData[3]).push(fromBER(stranger.der).result);
    });
    expect(await verifyDetached({ ...input, cms: more })).toEqual(await verifyDetached(input));
  });
});
