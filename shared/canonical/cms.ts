import type { Bytes } from './bytes.ts';
import { equal, toHex } from './bytes.ts';
import type { ChainRefusal } from './certificate-chain.ts';
import { validateChain } from './certificate-chain.ts';
import type { CmsRefusal, ParsedCms } from './cms-parse.ts';
import { parseCms, refuse } from './cms-parse.ts';
import { assembleCms } from './cms-sign.ts';
import { derSignature } from './ecdsa-signature.ts';
import { sha256 } from './hash.ts';
import {
  CertificateFormatError,
  certificateDer,
  hasP256Key,
  parseCertificate,
  parseCrl,
  serialHex,
  subjectText,
  verifyingKey,
} from './x509.ts';

export type { CmsRefusal } from './cms-parse.ts';
export { CmsSigningError, signDetached } from './cms-sign.ts';

/** What `verifyDetached` takes. */
export interface VerifyDetachedInput {
  readonly content: Bytes;
  /** DER. */
  readonly cms: Bytes;
  /** DER; the only anchors. None given means that nothing verifies. */
  readonly trustedCertificates: readonly Bytes[];
  /**
   * Time of verification. When given, the chain must be valid then as well as at the signing time; left out, the
   * signing time alone counts, as when old evidence is checked.
   */
  readonly at?: Date;
  /**
   * Signing time as the signed document itself states it: a PDF's /M (PAdES). When given, the message must carry
   * none of its own.
   */
  readonly statedTime?: Date;
  /**
   * Only the very shape that `signDetached` writes without a chain (docs/verify.md): for what goes into evidence,
   * which others check by that page.
   */
  readonly exact?: boolean;
  /** DER. When given, every certificate below the anchor must be covered by a list current at `at`. */
  readonly crls?: readonly Bytes[];
}

/** Who signed. */
export interface CmsSigner {
  /** 'CN=…,OU=device', escaped as in RFC 4514. */
  readonly subject: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  /** DER. */
  readonly certificate: Bytes;
  /** Lower-case hexadecimal. */
  readonly certificateSha256: string;
}

/** Verified, with the signer and the time they claim; or a reason, with a detail for logs (no content in it). */
export type CmsVerdict =
  | { readonly ok: true; readonly signer: CmsSigner; readonly signingTime: Date }
  | { readonly ok: false; readonly reason: CmsRefusal; readonly detail: string };

/**
 * Verifies a detached CMS SignedData. Accepted is one narrow shape: DER to the last byte, one signer with signed
 * attributes, SHA-256 and ECDSA P-256, nothing embedded, nothing unsigned riding along, a chain to an anchor.
 *
 * The signing time is the signer's claim; whoever needs more compares it with a clock of their own.
 *
 * Bytes that can change and still verify carry no meaning: (r, s) may be (r, n - s), which ECDSA allows, and an
 * embedded certificate that the path does not use may be any other one. Hence never identify a signature by the
 * hash of its CMS.
 */
export async function verifyDetached(input: VerifyDetachedInput): Promise<CmsVerdict> {
  try {
    return await verify(input);
  } catch (error) {
    // Whatever a parser throws on hostile bytes means deny. // SECURITY: S16
    return refuse(
      'malformed',
      error instanceof CertificateFormatError ? 'certificate or list' : 'unreadable',
    );
  }
}

async function verify(input: VerifyDetachedInput): Promise<CmsVerdict> {
  const parsed = parseCms(input.cms, input.statedTime === undefined);
  if (!parsed.ok) return parsed;
  const { signer, attributes } = parsed;
  if (!equal(attributes.messageDigest, await sha256(input.content))) {
    return refuse('digest-mismatch', 'the content is not what was signed');
  }
  const certificate = certificateDer(signer);
  const certificateHash = await sha256(certificate);
  if (!equal(attributes.certificateHash, certificateHash))
    return refuse('bad-signature', 'another certificate');
  if (!hasP256Key(signer)) return refuse('bad-signature', 'unsupported key');
  const key = await verifyingKey(signer);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  if (!(await crypto.subtle.verify(algorithm, key, parsed.signature, parsed.signed))) {
    return refuse('bad-signature', 'the signature does not fit');
  }
  if (input.exact === true && !isExact(input.cms, parsed)) return refuse('malformed', 'another shape');
  const signingTime = input.statedTime ?? attributes.signingTime;
  if (signingTime === undefined) return refuse('no-signed-attributes', 'signingTime');
  const chain: ChainRefusal | { readonly ok: true } = await validateChain({
    signer,
    embedded: parsed.embedded,
    trusted: input.trustedCertificates.map(parseCertificate),
    times: input.at === undefined ? [signingTime] : [signingTime, input.at],
    ...(input.crls === undefined ? {} : { crls: input.crls.map(parseCrl) }),
  });
  if (!chain.ok) return chain;
  return {
    ok: true,
    signer: {
      subject: subjectText(signer),
      serial: serialHex(signer),
      certificate,
      certificateSha256: toHex(certificateHash),
    },
    signingTime,
  };
}

/** Whether a message is what its parts make. */
function isExact(cms: Bytes, { signer, attributes, signature }: ParsedCms): boolean {
  const parts = { certificate: signer, chain: [], attributes, signature: derSignature(signature) };
  return equal(assembleCms(parts), cms);
}
