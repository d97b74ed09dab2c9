/** Forged and bent signatures over a consent that is right in every other way. RFC 5652; SECURITY: S8 S9 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { type Bytes, toBase64, utf8 } from '../../../shared/canonical/bytes.ts';
import { signDetached } from '../../../shared/canonical/cms.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { openAuthority } from '../../central/pki/authority.ts';
import type { Identity } from '../../central/pki/identity.ts';
import { askFor, draftConsent, ZHANG } from '../../central/tests/visit.ts';
import { type Attack, type Family, gotThrough, withoutEffect } from '../attack.ts';
import { centralState } from '../scene.ts';
import { centralFamily, judge } from './scene.ts';

const DAY_MS = 86_400_000;
const SHA1 = '1.3.14.3.2.26';

function parts(node: unknown): BaseBlock[] {
  if (node instanceof Sequence || node instanceof Asn1Set || node instanceof Constructed)
    return node.valueBlock.value;
  throw new TypeError('not constructed');
}

/** Takes a message apart, changes it, and encodes it again. */
function altered(cms: Bytes, change: (signedData: BaseBlock[], signerInfo: BaseBlock[]) => void): Bytes {
  const { result } = fromBER(cms);
  const signedData = parts(parts(parts(result)[1])[0]);
  const signerInfo = parts(parts(signedData.at(-1))[0]);
  change(signedData, signerInfo);
  return new Uint8Array(result.toBER());
}
const named = (oid: string): Sequence =>
  new Sequence({ value: [new ObjectIdentifier({ value: oid }), new Null()] });
const attributes =
  (choose: (all: BaseBlock[]) => BaseBlock[]) => (_: BaseBlock[], signerInfo: BaseBlock[]) => {
    const value = choose(parts(signerInfo[3]));
    signerInfo.splice(3, 1, new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value }));
  };

/** Ways to bend a right signature. */
const bent: [string, string, (cms: Bytes, content: Bytes) => Bytes][] = [
  [
    'a-second-signer',
    'signer-count',
    (cms) => altered(cms, (data) => void parts(data.at(-1)).push(...parts(data.at(-1)))),
  ],
  ['no-signer', 'signer-count', (cms) => altered(cms, (data) => void parts(data.at(-1)).splice(0))],
  [
    'attributes-empty',
    'no-signed-attributes',
    (cms) => altered(cms, (_, info) => void parts(info[3]).splice(0)),
  ],
  ['attributes-left-out', 'no-signed-attributes', (cms) => altered(cms, (_, info) => void info.splice(3, 1))],
  [
    'digest-attribute-left-out',
    'no-signed-attributes',
    (cms) =>
      altered(
        cms,
        attributes((all) => all.filter((_, i) => i !== 2)),
      ),
  ],
  [
    'attributes-doubled',
    'malformed',
    (cms) =>
      altered(
        cms,
        attributes((all) => [...all.slice(0, 1), ...all]),
      ),
  ],
  [
    'attributes-in-another-order',
    'malformed',
    (cms) => altered(cms, (_, info) => void parts(info[3]).reverse()),
  ],
  [
    'sha-1-named-by-the-signer',
    'weak-digest',
    (cms) => altered(cms, (_, info) => void info.splice(2, 1, named(SHA1))),
  ],
  [
    'sha-1-named-in-the-list',
    'weak-digest',
    (cms) => altered(cms, (data) => void parts(data[1]).splice(0, 1, named(SHA1))),
  ],
  [
    'content-carried-inside',
    'malformed',
    (cms, content) =>
      altered(
        cms,
        (data) =>
          void parts(data[2]).push(
            new Constructed({
              idBlock: { tagClass: 3, tagNumber: 0 },
              value: [new OctetString({ valueHex: content })],
            }),
          ),
      ),
  ],
  [
    'an-unsigned-attribute',
    'malformed',
    (cms) =>
      altered(
        cms,
        (_, info) =>
          void info.push(
            new Constructed({
              idBlock: { tagClass: 3, tagNumber: 1 },
              value: [
                new Sequence({
                  value: [
                    new ObjectIdentifier({ value: '1.2.840.113549.1.9.15' }),
                    new Asn1Set({ value: [new Null()] }),
                  ],
                }),
              ],
            }),
          ),
      ),
  ],
  ['no-certificate', 'malformed', (cms) => altered(cms, (data) => void data.splice(3, 1))],
  ['bytes-left-over', 'malformed', (cms) => new Uint8Array([...cms, 0])],
  ['indefinite-length', 'malformed', (cms) => new Uint8Array([0x30, 0x80, ...cms.slice(4), 0, 0])],
  [
    'one-bit-turned',
    'bad-signature',
    (cms) => cms.map((byte, i) => (i === cms.length - 3 ? byte ^ 1 : byte)),
  ],
  ['empty', 'bad-input', () => new Uint8Array(0)],
  [
    'a-certificate-instead',
    'malformed',
    (cms) =>
      new Uint8Array(
        parts(
          altered(cms, () => undefined) && parts(parts(parts(fromBER(cms).result)[1])[0])[3],
        )[0]?.toBER() ?? [],
      ),
  ],
  ['seventy-thousand-bytes', 'malformed', () => new Uint8Array(70_000)],
];

/** Signed by OpenSSL with the right key, in ways that we do not take. */
const byOpenssl: [string, string, string[]][] = [
  ['openssl-without-attributes', 'no-signed-attributes', ['-md', 'sha256', '-noattr']],
  ['openssl-with-sha-1', 'weak-digest', ['-md', 'sha1', '-cades']],
  ['openssl-without-the-certificate-bound-in', 'no-signed-attributes', ['-md', 'sha256']],
  ['openssl-by-key-identifier', 'malformed', ['-md', 'sha256', '-cades', '-keyid']],
  [
    'openssl-with-two-real-signers',
    'signer-count',
    ['-md', 'sha256', '-cades', '-signer', 'other.pem', '-inkey', 'other.key'],
  ],
];

function opensslSigns(content: Bytes, device: Identity, other: Identity, args: readonly string[]): Bytes {
  const folder = mkdtempSync(join(tmpdir(), 'zhiqing-cms-'));
  try {
    writeFileSync(join(folder, 'content'), content);
    for (const [name, identity] of [
      ['device', device],
      ['other', other],
    ] as const) {
      writeFileSync(join(folder, `${name}.pem`), identity.certificatePem);
      writeFileSync(join(folder, `${name}.key`), identity.privateKeyPem);
    }
    const own = ['-signer', 'device.pem', '-inkey', 'device.key'];
    const sign = [
      'cms',
      '-sign',
      '-binary',
      '-in',
      'content',
      '-outform',
      'DER',
      '-out',
      'x.p7s',
      ...own,
      ...args,
    ];
    execFileSync('openssl', sign, { cwd: folder, stdio: 'pipe' });
    return new Uint8Array(readFileSync(join(folder, 'x.p7s')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const signatures: Family = centralFamily('central: how it was signed', async (service) => {
  const { counter, other, central } = service;
  const { authority } = central;
  const draft = await draftConsent(counter, askFor(ZHANG, service.now()), { now: service.now() });
  const { consent, evidence } = draft;
  const content = canonicalBytes(consent);
  const signingTime = new Date(consent.events[0]?.at ?? 0);
  const signedBy = ({ privateKey, certificate }: Identity, change: object = {}) =>
    signDetached({ content, privateKey, certificate, signingTime, ...change });
  const right = await signedBy(counter.identity);

  const folder = mkdtempSync(join(tmpdir(), 'zhiqing-other-ca-'));
  const foreign = await openAuthority(folder);
  rmSync(folder, { recursive: true });
  const span = (from: number, to: number) => ({
    validity: { notBefore: new Date(Date.now() + from), notAfter: new Date(Date.now() + to) },
  });
  const expired = await central.makeDevice('counter-0001', span(-2 * DAY_MS, -DAY_MS));
  const early = await central.makeDevice('counter-0001', span(DAY_MS, 2 * DAY_MS));
  const twin = await central.makeDevice('counter-0001');
  const revoked = await central.makeDevice('counter-0005');
  await central.revokeDevice('counter-0005');

  const attack = (id: string, expected: string, cms: () => Promise<Bytes> | Bytes): Attack => ({
    id: `signature/${id}`,
    foothold: 'dishonest-clerk',
    rule: 'S8',
    try: async () => {
      const body = { consent, evidence, cms: toBase64(await cms()) };
      const params = { consentId: consent.header.recordId };
      return withoutEffect(
        () => centralState(central),
        async () => {
          const outcome = judge(await counter.raw('submitConsent', { params, body }), [
            'consent-rejected',
            'bad-input',
          ]);
          return outcome.reason.includes(expected)
            ? outcome
            : gotThrough(`another reason: ${outcome.reason}`);
        },
      );
    },
  });
  return [
    ...bent.map(([id, expected, bend]) => attack(id, expected, () => bend(right, content))),
    ...byOpenssl.map(([id, expected, args]) =>
      attack(id, expected, () => opensslSigns(content, counter.identity, other.identity, args)),
    ),
    attack('over-other-content', 'digest-mismatch', () =>
      signedBy(counter.identity, { content: utf8('{}') }),
    ),
    attack('by-another-counter', 'another signer', () => signedBy(other.identity)),
    attack('by-a-second-certificate-of-this-counter', 'another signer', () => signedBy(twin)),
    attack('by-a-revoked-counter', 'another signer', () => signedBy(revoked)),
    attack('by-an-expired-certificate', 'not-valid-at-time', () => signedBy(expired)),
    attack('by-a-certificate-not-yet-valid', 'not-valid-at-time', () => signedBy(early)),
    attack('by-another-authority', 'untrusted-signer', async () =>
      signedBy(await foreign.makeDevice('counter-0001')),
    ),
    attack('by-a-certificate-that-signed-itself', 'untrusted-signer', () => signedBy(foreign.root)),
    attack('by-central-itself', 'another signer', () => signedBy(authority.central)),
    attack('by-the-server-certificate', 'another signer', () => signedBy(authority.server)),
    attack('signed-ten-minutes-ago', 'signing time', () =>
      signedBy(counter.identity, { signingTime: new Date(signingTime.getTime() - 600_000) }),
    ),
    {
      control: 'dishonest-clerk/the-signature-unbent-is-accepted',
      try: async () => {
        const params = { consentId: consent.header.recordId };
        const body = { consent, evidence, cms: toBase64(right) };
        return `accepted at ${(await counter.call('submitConsent', { params, body })).document.acceptedAt}`;
      },
    },
  ];
});
