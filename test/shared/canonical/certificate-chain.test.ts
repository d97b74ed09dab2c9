import { beforeAll, describe, expect, it } from 'vitest';
import { validateChain } from '../../../shared/canonical/certificate-chain.ts';
import { parseCertificate, parseCrl } from '../../../shared/canonical/x509.ts';
import { Extension, type Identity, issue, KeyUsageFlags, makeKeys, revocationList } from './certificates.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const LATER = new Date('2026-06-08T00:00:00Z');
let root: Identity;
let middle: Identity;
let leaf: Identity;

beforeAll(async () => {
  root = await issue({ subject: 'CN=Root', ca: true });
  middle = await issue({ subject: 'CN=Middle', ca: true, issuer: root });
  leaf = await issue({ subject: 'CN=Leaf', issuer: middle });
});

interface Case {
  readonly signer?: Identity;
  readonly embedded?: readonly Identity[];
  readonly trusted?: readonly Identity[];
  readonly times?: readonly Date[];
  readonly crls?: readonly Uint8Array<ArrayBuffer>[];
}

async function judge({ signer = leaf, embedded = [middle], trusted = [root], times = [NOW], crls }: Case) {
  const verdict = await validateChain({
    signer: parseCertificate(signer.der),
    embedded: embedded.map(({ der }) => parseCertificate(der)),
    trusted: trusted.map(({ der }) => parseCertificate(der)),
    times,
    ...(crls === undefined ? {} : { crls: crls.map(parseCrl) }),
  });
  return verdict.ok ? verdict.path.length : verdict.detail;
}

describe('certificate chain', () => {
  it('leads over intermediates to an anchor, whatever else came along', async () => {
    expect(await judge({})).toBe(3);
    expect(await judge({ embedded: [leaf, root, middle] })).toBe(3);
    expect(await judge({ embedded: [], trusted: [root, middle] })).toBe(2);
    expect(await judge({ signer: root, embedded: [] })).toBe(1);
  });

  it('ends with an anchor only', async () => {
    expect(await judge({ embedded: [] })).toBe('no path to a trusted certificate');
    expect(await judge({ trusted: [] })).toBe('no path to a trusted certificate');
    const namesake = await issue({ subject: 'CN=Root', ca: true });
    expect(await judge({ trusted: [namesake], embedded: [middle, root] })).toBe(
      'no path to a trusted certificate',
    );
  });

  it('ends at all when certificates sign one another in a circle', async () => {
    const [a, b] = [await makeKeys(), await makeKeys()];
    const selfA = await issue({ subject: 'CN=A', keys: a, ca: true });
    const selfB = await issue({ subject: 'CN=B', keys: b, ca: true });
    const aByB = await issue({ subject: 'CN=A', keys: a, ca: true, issuer: selfB });
    const bByA = await issue({ subject: 'CN=B', keys: b, ca: true, issuer: selfA });
    const signer = await issue({ subject: 'CN=X', issuer: selfA });
    expect(await judge({ signer, embedded: [aByB, bByA, selfA, selfB] })).toBe(
      'no path to a trusted certificate',
    );
  });

  it('refuses an issuer that is no CA, may not sign, or is too far up', async () => {
    const under = async (issuer: Identity, more: readonly Identity[] = []) =>
      judge({ signer: await issue({ subject: 'CN=X', issuer }), embedded: [issuer, ...more] });
    const notCa = await issue({ subject: 'CN=Not CA', issuer: root });
    expect(await under(notCa)).toBe('issuer is no CA');
    const mayNot = await issue({
      subject: 'CN=May not',
      ca: true,
      issuer: root,
      usages: KeyUsageFlags.cRLSign,
    });
    expect(await under(mayNot)).toBe('issuer may not sign certificates');
    const flat = await issue({ subject: 'CN=Flat', ca: true, issuer: root, pathLength: 0 });
    expect(await under(flat)).toBe(3);
    const below = await issue({ subject: 'CN=Below', ca: true, issuer: flat });
    expect(await under(below, [flat])).toBe('path too long');
  });

  it('refuses a signer that may not sign documents', async () => {
    const signer = await issue({ subject: 'CN=X', issuer: middle, usages: KeyUsageFlags.keyAgreement });
    expect(await judge({ signer })).toBe('signer may not sign documents');
  });

  it('refuses critical extensions that it does not know', async () => {
    const unknown = (critical: boolean) => new Extension('1.2.3.4.5', critical, new Uint8Array([5, 0]));
    const strict = await issue({ subject: 'CN=X', issuer: middle, extensions: [unknown(true)] });
    expect(await judge({ signer: strict })).toBe('unknown critical extension');
    const lenient = await issue({ subject: 'CN=X', issuer: middle, extensions: [unknown(false)] });
    expect(await judge({ signer: lenient })).toBe(3);
  });

  it('refuses certificates signed over SHA-1', async () => {
    const signer = await issue({ subject: 'CN=X', issuer: middle, hash: 'SHA-1' });
    expect(await judge({ signer })).toBe('certificate signature algorithm');
  });

  it('asks every certificate to be valid at every time', async () => {
    const late = new Date('2029-01-01T00:00:00Z');
    expect(await judge({ times: [NOW, LATER] })).toBe(3);
    const detail = 'a certificate is expired or not yet valid';
    expect(await judge({ times: [NOW, late] })).toBe(detail);
    expect(await judge({ times: [late, NOW] })).toBe(detail);
    const short = await issue({
      subject: 'CN=Short',
      ca: true,
      issuer: root,
      notAfter: new Date('2026-05-01T00:00:00Z'),
    });
    const signer = await issue({ subject: 'CN=X', issuer: short });
    expect(await judge({ signer, embedded: [short] })).toBe(detail);
  });
});

describe('revocation', () => {
  const lists = async (middleRevokes: readonly string[], rootRevokes: readonly string[], until = LATER) => [
    await revocationList(middle, middleRevokes, NOW, until),
    await revocationList(root, rootRevokes, NOW, until),
  ];

  it('passes when current lists of every issuer do not name the certificates', async () => {
    expect(await judge({ crls: await lists([], ['7f']) })).toBe(3);
  });

  it('refuses what a list names, the signer or an issuer', async () => {
    expect(await judge({ crls: await lists([leaf.certificate.serialNumber], []) })).toBe('revoked');
    expect(await judge({ crls: await lists([], [middle.certificate.serialNumber]) })).toBe('revoked');
  });

  it('refuses when a list is missing, stale, not yet in force, or forged', async () => {
    const detail = 'no current revocation list';
    const all = await lists([], []);
    expect(await judge({ crls: [] })).toBe(detail);
    expect(await judge({ crls: all.slice(0, 1) })).toBe(detail);
    expect(await judge({ crls: all, times: [NOW, new Date('2026-06-09T00:00:00Z')] })).toBe(detail);
    expect(await judge({ crls: all, times: [new Date('2026-05-01T00:00:00Z')] })).toBe(detail);
    const namesake = await issue({ subject: 'CN=Middle', ca: true });
    const forged = await revocationList(namesake, [], NOW, LATER);
    expect(await judge({ crls: [forged, ...all.slice(1)] })).toBe(detail);
  });
});
