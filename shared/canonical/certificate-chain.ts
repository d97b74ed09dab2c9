import type { Certificate, CertificateRevocationList } from 'pkijs';
import { BasicConstraints, CertificateChainValidationEngine } from 'pkijs';
import { equal } from './bytes.ts';
import { ecdsaIntegers } from './ecdsa-signature.ts';
import { certificateDer, cryptoEngine, derOf } from './x509.ts';

// Why not pkijs's path builder alone: given certificates from an attacker it walks cross-signed cycles without end,
// and it looks neither at pathLenConstraint nor at SHA-1 certificates. So the path is built here, bounded, and
// pkijs then applies the rest of RFC 5280 section 6 (names, policies) to that one path.

/** Why a chain is refused. */
export type ChainRefusal = {
  readonly ok: false;
  readonly reason: 'untrusted-signer' | 'not-valid-at-time' | 'weak-digest';
  readonly detail: string;
};

/** What `validateChain` judges. */
export interface ChainInput {
  readonly signer: Certificate;
  /** Certificates that came along; nothing is believed of them. */
  readonly embedded: readonly Certificate[];
  /** The only anchors. */
  readonly trusted: readonly Certificate[];
  /** Every certificate of the path must be valid at all of these times. */
  readonly times: readonly Date[];
  /** When given, every certificate below the anchor must be covered by a list that is current at `times.at(-1)`. */
  readonly crls?: readonly CertificateRevocationList[];
}

/** Certificates of the longest path, signer and anchor included. */
const MAX_PATH = 5;

// SHA-1 and MD5 certificates can be forged by collision: only these sign certificates and lists here.
const STRONG_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.10045.4.3.2', // ecdsa-with-SHA256
  '1.2.840.10045.4.3.3', // ecdsa-with-SHA384
  '1.2.840.10045.4.3.4', // ecdsa-with-SHA512
  '1.2.840.113549.1.1.11', // sha256WithRSAEncryption
  '1.2.840.113549.1.1.12', // sha384WithRSAEncryption
  '1.2.840.113549.1.1.13', // sha512WithRSAEncryption
]);
// Processed here or by pkijs. Extended key usage is accepted whatever it says: a device's certificate serves TLS and
// signatures alike, and OpenSSL is told '-purpose any'.
const PROCESSED_EXTENSIONS: ReadonlySet<string> = new Set([
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.30', // nameConstraints
  '2.5.29.32', // certificatePolicies
  '2.5.29.33', // policyMappings
  '2.5.29.36', // policyConstraints
  '2.5.29.37', // extKeyUsage
  '2.5.29.54', // inhibitAnyPolicy
]);
const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;

/** Whether a path leads from the signer to an anchor; the path, signer first, or why not. */
export async function validateChain(
  input: ChainInput,
): Promise<{ readonly ok: true; readonly path: readonly Certificate[] } | ChainRefusal> {
  const path = await findPath([input.signer], input.embedded, input.trusted);
  if (path === undefined) return untrusted('no path to a trusted certificate');
  for (const certificate of path.slice(0, -1)) {
    if (!STRONG_SIGNATURES.has(certificate.signatureAlgorithm.algorithmId)) {
      return { ok: false, reason: 'weak-digest', detail: 'certificate signature algorithm' };
    }
  }
  for (const time of input.times) {
    if (!path.every((certificate) => isValidAt(certificate, time))) {
      return { ok: false, reason: 'not-valid-at-time', detail: 'a certificate is expired or not yet valid' };
    }
  }
  const flaw = pathFlaw(path);
  if (flaw !== undefined) return untrusted(flaw);
  const checkDate = input.times.at(-1);
  if (checkDate === undefined) return untrusted('no time to judge by');
  if (path.length > 1 && !(await passesEngine(path, checkDate))) return untrusted('RFC 5280 path rules');
  if (input.crls !== undefined) {
    const revocation = await revocationFlaw(path, input.crls, checkDate);
    if (revocation !== undefined) return untrusted(revocation);
  }
  return { ok: true, path };
}

/** Depth first; no name twice, so it ends whatever the certificates say. */
async function findPath(
  path: readonly Certificate[],
  embedded: readonly Certificate[],
  trusted: readonly Certificate[],
): Promise<Certificate[] | undefined> {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  if (trusted.some((anchor) => sameCertificate(anchor, last))) return [...path];
  if (path.length >= MAX_PATH) return undefined;
  for (const issuer of [...trusted, ...embedded]) {
    if (!last.issuer.isEqual(issuer.subject)) continue;
    if (path.some((earlier) => earlier.subject.isEqual(issuer.subject))) continue;
    if (!(await isIssuedBy(last, issuer))) continue;
    const found = await findPath([...path, issuer], embedded, trusted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Issuers that a certificate was found to be issued by: of two that nobody changes that stays so. */
const proven = new WeakMap<Certificate, WeakSet<Certificate>>();

/** Judged once where it holds, as the same bytes are the same object; a refusal is judged anew each time. */
async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const known = proven.get(certificate) ?? new WeakSet<Certificate>();
  if (known.has(issuer)) return true;
  if (!(await judgeIssuer(certificate, issuer))) return false;
  proven.set(certificate, known.add(issuer));
  return true;
}

async function judgeIssuer(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  // The algorithm stands twice; only the inner one is signed (RFC 5280 section 4.1.1.2: they must be equal).
  const inner = derOf(certificate.signature.toSchema());
  if (!equal(inner, derOf(certificate.signatureAlgorithm.toSchema()))) return false;
  // pkijs reads signatures forgivingly; a certificate has one spelling here.
  if (certificate.signatureValue.valueBlock.unusedBits !== 0) return false;
  const ecdsa = certificate.signatureAlgorithm.algorithmId.startsWith('1.2.840.10045.4.');
  if (ecdsa && ecdsaIntegers(certificate.signatureValue.valueBlock.valueHexView) === undefined) return false;
  try {
    return await certificate.verify(issuer, cryptoEngine());
  } catch {
    // An unsupported key or a signature of a wrong shape: not issued by it, as far as can be told.
    return false;
  }
}

function pathFlaw(path: readonly Certificate[]): string | undefined {
  for (const [i, certificate] of path.entries()) {
    if (
      certificate.extensions?.some(({ critical, extnID }) => critical && !PROCESSED_EXTENSIONS.has(extnID))
    ) {
      return 'unknown critical extension';
    }
    if (i === 0) {
      if (!allowsUsage(certificate, DIGITAL_SIGNATURE)) return 'signer may not sign documents';
      continue;
    }
    const constraints = certificate.extensions?.find(
      ({ extnID }) => extnID === BASIC_CONSTRAINTS,
    )?.parsedValue;
    if (!(constraints instanceof BasicConstraints) || !constraints.cA) return 'issuer is no CA';
    if (!allowsUsage(certificate, KEY_CERT_SIGN)) return 'issuer may not sign certificates';
    const limit = constraints.pathLenConstraint;
    // i - 1 is the number of CA certificates between this one and the signer.
    if (limit !== undefined && (typeof limit !== 'number' || i - 1 > limit)) return 'path too long';
  }
  return undefined;
}

/** A certificate without the extension may be used for anything (RFC 5280 section 4.2.1.3). */
function allowsUsage(certificate: Certificate, bit: number): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === KEY_USAGE);
  if (usage === undefined) return true;
  const first = new Uint8Array(usage.parsedValue.valueBlock.valueHexView)[0] ?? 0;
  return (first & bit) !== 0;
}

async function passesEngine(path: readonly Certificate[], checkDate: Date): Promise<boolean> {
  const anchor = path.at(-1);
  const [signer, ...issuers] = path.slice(0, -1);
  if (anchor === undefined || signer === undefined) return false;
  const engine = new CertificateChainValidationEngine({
    trustedCerts: [anchor],
    // The engine takes the last one for the signer.
    certs: [...issuers, signer],
    checkDate,
  });
  const verdict = await engine.verify({}, cryptoEngine());
  return verdict.result && verdict.certificatePath?.[0] === signer;
}

async function revocationFlaw(
  path: readonly Certificate[],
  crls: readonly CertificateRevocationList[],
  at: Date,
): Promise<string | undefined> {
  for (let i = 0; i + 1 < path.length; i++) {
    const [certificate, issuer] = path.slice(i, i + 2);
    if (certificate === undefined || issuer === undefined) return 'path';
    let covered = false;
    for (const crl of crls) {
      if (!(await isCurrentList(crl, issuer, at))) continue;
      covered = true;
      // Whenever it was revoked: the signing time is the signer's own word.
      if (crl.isCertificateRevoked(certificate)) return 'revoked';
    }
    // No list, or only a stale one, is no proof that the certificate still counts: deny.
    if (!covered) return 'no current revocation list';
  }
  return undefined;
}

async function isCurrentList(
  crl: CertificateRevocationList,
  issuer: Certificate,
  at: Date,
): Promise<boolean> {
  if (!crl.issuer.isEqual(issuer.subject) || !allowsUsage(issuer, CRL_SIGN)) return false;
  if (!STRONG_SIGNATURES.has(crl.signatureAlgorithm.algorithmId)) return false;
  // Critical ones mark partial lists (deltas, distribution points): absence from a part proves nothing.
  if (crl.crlExtensions?.extensions.some(({ critical }) => critical)) return false;
  if (crl.nextUpdate === undefined || crl.nextUpdate.value < at || crl.thisUpdate.value > at) return false;
  try {
    return await crl.verify({ issuerCertificate: issuer }, cryptoEngine());
  } catch {
    return false;
  }
}

function isValidAt(certificate: Certificate, time: Date): boolean {
  return certificate.notBefore.value <= time && time <= certificate.notAfter.value;
}

function sameCertificate(a: Certificate, b: Certificate): boolean {
  return equal(certificateDer(a), certificateDer(b));
}

function untrusted(detail: string): ChainRefusal {
  return { ok: false, reason: 'untrusted-signer', detail };
}
