/**
 * The two files that a consent leaves: `consent.json`, exactly the canonical bytes, and `consent.p7s`. OpenSSL
 * takes them, and one changed byte of either is refused. ZHIQING_SOAK=1 changes every byte in turn.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentRecord } from '../../../electron/evidence/consent-record.ts';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { signDetached, verifyDetached } from '../../../shared/canonical/cms.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { consentRecordSchema } from '../../../shared/domain/consent.ts';
import { noGrants } from '../../../shared/domain/scope.ts';
import { demoPolicy } from '../../central/policy/demo-policy.ts';
import { type Identity, issue, pem } from '../../shared/canonical/certificates.ts';
import { soaking } from '../../support/runs.ts';

// OpenSSL goes by the clock of the machine.
const now = Date.now();
const DAY = 86_400_000;
const VALID = { notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) };

let folder: string;
let root: Identity;
let content: Bytes;
let cms: Bytes;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiqing-consent-'));
  root = await issue({ subject: 'CN=Root,OU=root', ca: true, ...VALID });
  const device = await issue({ subject: 'CN=counter-0001,OU=device', issuer: root, ...VALID });
  const policy = demoPolicy(now);
  const { record } = await consentRecord({
    recordId: crypto.randomUUID(),
    sessionId: crypto.randomUUID(),
    nonce: 'ab'.repeat(16),
    request: {
      subscriber: '13900010001',
      categories: ['sms'],
      period: { from: '2026-10-23', to: '2026-11-22' },
      purpose: 'own-copy',
    },
    representation: { kind: 'self' },
    method: 'signature',
    witnesses: undefined,
    policy,
    display: { language: 'zh-CN', largeType: true },
    grants: { ...noGrants, lookup: true },
    answerId: policy.questions['zh-CN'].correct,
    picture: new Uint8Array([1]),
    ink: { width: 10, height: 10, device: 'pen', strokes: [[{ x: 1, y: 1, p: 1, t: 0 }]] },
    identityAssertion: crypto.randomUUID(),
    withdrawalCodeSha256: 'cd'.repeat(32),
    recipientKey: 'A'.repeat(87),
    deviceId: 'counter-0001',
    staffId: '1024',
    at: now,
  });
  content = canonicalBytes(record);
  cms = await signDetached({
    content,
    privateKey: device.keys.privateKey,
    certificate: device.der,
    signingTime: new Date(now),
  });
  writeFileSync(join(folder, 'ca.pem'), pem(root.der));
  writeFileSync(join(folder, 'consent.json'), content);
  writeFileSync(join(folder, 'consent.p7s'), cms);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The command of docs/verify.md. */
const verify = (json: string, p7s: string) =>
  ['cms', '-verify', '-binary', '-inform', 'DER', '-in', p7s, '-content', json].concat(
    '-CAfile',
    'ca.pem',
    '-purpose',
    'any',
    '-out',
    'out',
  );
const opensslTakes = (json: Bytes, p7s: Bytes): boolean => {
  writeFileSync(join(folder, 'changed.json'), json);
  writeFileSync(join(folder, 'changed.p7s'), p7s);
  return spawnSync('openssl', verify('changed.json', 'changed.p7s'), { cwd: folder }).status === 0;
};
const weTake = async (json: Bytes, p7s: Bytes): Promise<boolean> =>
  (await verifyDetached({ content: json, cms: p7s, trustedCertificates: [root.der], at: new Date(now) })).ok;
const changed = (bytes: Bytes, at: number, by: number): Bytes => {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ by;
  return copy;
};

describe('consent.json and consent.p7s', () => {
  it('are what OpenSSL and we accept', async () => {
    execFileSync('openssl', verify('consent.json', 'consent.p7s'), { cwd: folder, stdio: 'pipe' });
    expect(await weTake(content, cms)).toBe(true);
    const text = new TextDecoder().decode(content);
    expect(canonicalBytes(consentRecordSchema.parse(JSON.parse(text)))).toEqual(content);
  });

  it('state the time of signing and who signed', async () => {
    const verdict = await verifyDetached({
      content,
      cms,
      trustedCertificates: [root.der],
      at: new Date(now),
    });
    if (!verdict.ok) throw new Error(verdict.reason);
    expect(verdict.signingTime.getTime()).toBe(Math.floor(now / 1000) * 1000);
    expect(verdict.signer.subject).toBe('CN=counter-0001,OU=device');
  });

  it('one changed byte of either, anywhere, is refused', { timeout: 240_000 }, async () => {
    const place = fc.oneof(
      fc.record({ file: fc.constant('json' as const), at: fc.nat(content.length - 1) }),
      fc.record({ file: fc.constant('p7s' as const), at: fc.nat(cms.length - 1) }),
    );
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async ({ file, at }, by) => {
        const json = file === 'json' ? changed(content, at, by) : content;
        const p7s = file === 'p7s' ? changed(cms, at, by) : cms;
        expect(await weTake(json, p7s)).toBe(false);
      }),
      // A verification takes some milliseconds; shared/canonical/cms.test.ts changes each byte of a smaller one.
      { numRuns: 200 },
    );
  });

  it('OpenSSL refuses any changed byte of what was signed', () => {
    const places = Array.from({ length: 12 }, (_, i) => Math.floor((i * content.length) / 12));
    for (const at of places) expect(opensslTakes(changed(content, at, 1), cms)).toBe(false);
  });

  it.runIf(soaking)('each byte of both, each bit, is refused by us', { timeout: 3_600_000 }, async () => {
    for (const [json, length] of [
      [true, content.length],
      [false, cms.length],
    ] as const) {
      for (let at = 0; at < length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const by = 1 << bit;
          const taken = json
            ? await weTake(changed(content, at, by), cms)
            : await weTake(content, changed(cms, at, by));
          expect({ json, at, bit, taken }).toMatchObject({ taken: false });
        }
      }
    }
  });
});
