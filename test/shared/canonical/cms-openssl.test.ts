import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, utf8 } from '../../../shared/canonical/bytes.ts';
import { signDetached, verifyDetached } from '../../../shared/canonical/cms.ts';
import { type Identity, issue, pem } from './certificates.ts';

// The other side is OpenSSL itself: what it must accept of ours, and what we must accept or refuse of its.
// It signs with the clock of the machine, so these certificates are valid around now.
const DAY = 86_400_000;
const VALID = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
const CONTENT = utf8('{"number":"138****8000"}\r\nsecond line\n');

let folder: string;
let root: Identity;
let device: Identity;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiqing-cms-'));
  root = await issue({ subject: 'CN=Root,OU=root', ca: true, ...VALID });
  device = await issue({ subject: 'CN=counter 7,OU=device', issuer: root, ...VALID });
  const other = await issue({ subject: 'CN=counter 8,OU=device', issuer: root, ...VALID });
  writeFileSync(join(folder, 'ca.pem'), pem(root.der));
  writeFileSync(join(folder, 'content'), CONTENT);
  for (const [name, identity] of [
    ['device', device],
    ['other', other],
  ] as const) {
    writeFileSync(join(folder, `${name}.pem`), pem(identity.der));
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', identity.keys.privateKey)).toString(
      'base64',
    );
    writeFileSync(
      join(folder, `${name}.key`),
      `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    );
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function opensslSigns(...args: string[]): Bytes {
  const signer = ['-signer', 'device.pem', '-inkey', 'device.key'];
  openssl(
    'cms',
    '-sign',
    '-binary',
    '-in',
    'content',
    '-outform',
    'DER',
    '-out',
    'theirs.p7s',
    ...signer,
    ...args,
  );
  return new Uint8Array(readFileSync(join(folder, 'theirs.p7s')));
}

function opensslVerifies(cms: Bytes, content: Bytes): void {
  writeFileSync(join(folder, 'x.p7s'), cms);
  writeFileSync(join(folder, 'x.json'), content);
  const trust = ['-CAfile', 'ca.pem', '-purpose', 'any'];
  openssl(
    'cms',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    'x.p7s',
    '-content',
    'x.json',
    '-out',
    'out',
    ...trust,
  );
}

async function judge(cms: Bytes, content: Bytes = CONTENT): Promise<string> {
  const verdict = await verifyDetached({ content, cms, trustedCertificates: [root.der] });
  return verdict.ok ? 'ok' : `${verdict.reason}: ${verdict.detail}`;
}

describe('OpenSSL', () => {
  it('verifies what we sign, directly under the root and over an intermediate, and refuses other content', async () => {
    const middle = await issue({ subject: 'CN=Devices,OU=root', ca: true, issuer: root, ...VALID });
    const deep = await issue({ subject: 'CN=counter 9,OU=device', issuer: middle, ...VALID });
    const signers = [
      { privateKey: device.keys.privateKey, certificate: device.der },
      { privateKey: deep.keys.privateKey, certificate: deep.der, chain: [middle.der] },
    ];
    for (const signer of signers) {
      const cms = await signDetached({ content: CONTENT, signingTime: new Date(), ...signer });
      opensslVerifies(cms, CONTENT);
      expect(() => opensslVerifies(cms, utf8('{}'))).toThrow(/digest|verification failure/i);
    }
  });

  it('signs what we verify, with its certificate bound in', async () => {
    expect(await judge(opensslSigns('-md', 'sha256', '-cades'))).toBe('ok');
    expect(await judge(opensslSigns('-md', 'sha256', '-cades', '-nosmimecap'))).toBe('ok');
    expect(await judge(opensslSigns('-md', 'sha256', '-cades'), utf8('{}'))).toMatch(/^digest-mismatch/);
  });

  it.each([
    ['without the certificate bound in', [], /^no-signed-attributes: signingCertificateV2/],
    ['without signed attributes', ['-noattr'], /^no-signed-attributes/],
    ['with SHA-1', ['-md', 'sha1', '-cades'], /^weak-digest/],
    ['with SHA-512', ['-md', 'sha512', '-cades'], /^weak-digest/],
    ['with the content embedded', ['-cades', '-nodetach'], /^malformed: content is embedded/],
    ['without the certificate', ['-cades', '-nocerts'], /^malformed/],
    ['with a key identifier for a name', ['-cades', '-keyid'], /^malformed/],
    ['with two signers', ['-cades', '-signer', 'other.pem', '-inkey', 'other.key'], /^signer-count: 2/],
  ])('signs %s, and we refuse', async (_, args, refusal) => {
    expect(await judge(opensslSigns(...args))).toMatch(refusal);
  });
});
