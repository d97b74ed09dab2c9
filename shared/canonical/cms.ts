import { type BaseBlock, Constructed, fromBER, Null } from 'asn1js';
import type { Certificate } from 'pkijs';
import {
  AlgorithmIdentifier,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignerInfo,
} from 'pkijs';
import type { Bytes } from './bytes.ts';
import { equal, toHex } from './bytes.ts';
import type { ChainRefusal } from './certificate-chain.ts';
import { validateChain } from './certificate-chain.ts';
import type { SignedAttributes } from './cms-attributes.ts';
import { isInDerOrder, readAttributes } from './cms-attributes.ts';
import { messageOf } from './cms-message.ts';
import { assembleCms } from './cms-sign.ts';
import { derSignature, rawSignature } from './ecdsa-signature.ts';
import { sha256 } from './hash.ts';
import {
  CertificateFormatError,
  certificateDer,
  derOf,
  hasP256Key,
  OID,
  parseCertificate,
  parseCrl,
  serialHex,
  subjectText,
  verifyingKey,
} from './x509.ts';

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

/** Why a signature does not count. */
export type CmsRefusal =
  | 'malformed'
  | 'digest-mismatch'
  | 'bad-signature'
  | 'untrusted-signer'
  | 'not-valid-at-time'
  | 'no-signed-attributes'
  | 'weak-digest'
  | 'signer-count';

/** Verified, with the signer and the time they claim; or a reason, with a detail for logs (no content in it). */
export type CmsVerdict =
  | { readonly ok: true; readonly signer: CmsSigner; readonly signingTime: Date }
  | { readonly ok: false; readonly reason: CmsRefusal; readonly detail: string };

/** A signer, a few certificates and 64 bytes of signature: anything larger is not ours. */
const MAX_CMS_BYTES = 65_536;
const MAX_CERTIFICATES = 8;

type Refused = { readonly ok: false; readonly reason: CmsRefusal; readonly detail: string };
interface Parsed {
  readonly ok: true;
  readonly signer: Certificate;
  readonly embedded: readonly Certificate[];
  readonly attributes: SignedAttributes;
  /** DER of the signed attributes as the SET that was signed. */
  readonly signed: Bytes;
  /** r ‖ s. */
  readonly signature: Bytes;
}

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
  const parsed = parse(input.cms, input.statedTime === undefined);
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
function isExact(cms: Bytes, { signer, attributes, signature }: Parsed): boolean {
  const parts = { certificate: signer, chain: [], attributes, signature: derSignature(signature) };
  return equal(assembleCms(parts), cms);
}

/** Reads the one accepted shape out of the bytes; nothing in it is believed yet. */
function parse(cms: Bytes, timed: boolean): Parsed | Refused {
  if (cms.length > MAX_CMS_BYTES) return refuse('malformed', 'too long');
  const { offset, result } = fromBER(cms);
  if (offset !== cms.length) return refuse('malformed', 'no DER, or bytes left over');
  const contentInfo = new ContentInfo({ schema: result });
  if (contentInfo.contentType !== OID.idSignedData) return refuse('malformed', 'not SignedData');
  // SignedData by its places (RFC 5652 section 5.1): pkijs reads every certificate anew, which takes longer than all else.
  const [, digests, encapsulated, ...rest] = children(contentInfo.content);
  const signers = children(rest.pop());
  const [signerNode] = signers;
  const [certificates, ...others] = rest;
  if (signerNode === undefined || signers.length > 1)
    return refuse('signer-count', `${signers.length} signers`);
  // pkijs throws on an empty set without saying what is wrong.
  if (hasEmptyAttributes(signerNode)) return refuse('no-signed-attributes', 'empty');
  const signerInfo = new SignerInfo({ schema: signerNode });
  const { eContent, eContentType } = new EncapsulatedContentInfo({ schema: encapsulated });
  if (eContent !== undefined || eContentType !== OID.idData)
    return refuse('malformed', 'content is embedded');
  const [digestNode, ...moreDigests] = children(digests);
  if (digestNode === undefined || moreDigests.length > 0) return refuse('malformed', 'digest algorithms');
  const digest = new AlgorithmIdentifier({ schema: digestNode });
  if (!isAlgorithm(digest, OID.sha256, true) || !isAlgorithm(signerInfo.digestAlgorithm, OID.sha256, true)) {
    return refuse('weak-digest', 'the digest is not SHA-256');
  }
  if (!isAlgorithm(signerInfo.signatureAlgorithm, OID.ecdsaWithSha256, false)) {
    return refuse('weak-digest', 'the signature is not ECDSA with SHA-256');
  }
  const { signedAttrs } = signerInfo;
  if (signedAttrs === undefined || signedAttrs.attributes.length === 0) {
    return refuse('no-signed-attributes', 'none');
  }
  if (others.length > 0 || signerInfo.unsignedAttrs !== undefined) {
    return refuse('malformed', 'unsigned parts');
  }
  const items = certificates === undefined ? [] : children(certificates);
  if (items.length > MAX_CERTIFICATES) return refuse('malformed', 'certificates');
  const embedded = items.map((item) => parseCertificate(bytesOf(item)));
  const parts = {
    digest: derOf(digest.toSchema()),
    certificates: items.map(bytesOf),
    signer: derOf(signerInfo.toSchema()),
  };
  // Put together again it must be the same bytes: DER, version 1, no unknown field in any place.
  if (signerInfo.version !== 1 || !equal(messageOf(parts), cms)) {
    return refuse('malformed', 'not DER, another version, or unknown fields');
  }
  if (!isInDerOrder(signedAttrs.attributes.map((attribute) => derOf(attribute.toSchema())))) {
    return refuse('malformed', 'attribute order');
  }
  const attributes = readAttributes(signedAttrs.attributes, timed);
  if (typeof attributes === 'string') return refuse('no-signed-attributes', attributes);
  if (attributes.contentType !== OID.idData) return refuse('malformed', 'content type');
  const signer = embedded.find((certificate) => isNamedBy(certificate, signerInfo));
  if (signer === undefined) return refuse('malformed', 'no certificate of the signer');
  const signature = rawSignature(signerInfo.signature.valueBlock.valueHexView);
  if (signature === undefined) return refuse('bad-signature', 'not an ECDSA signature');
  return {
    ok: true,
    signer,
    embedded,
    attributes,
    signed: new Uint8Array(signedAttrs.encodedValue),
    signature,
  };
}

/** Whether a signer has an empty set of attributes, [0] in SignerInfo. */
function hasEmptyAttributes(signer: BaseBlock): boolean {
  return children(signer).some((part) => part instanceof Constructed && children(part).length === 0);
}

function children(node: unknown): readonly BaseBlock[] {
  return node instanceof Constructed ? (node.valueBlock.value as BaseBlock[]) : [];
}

/** An element as it stands in the message, tag and length with it. */
function bytesOf(element: BaseBlock): Bytes {
  return new Uint8Array(element.valueBeforeDecodeView);
}

/** By issuer and serial number, byte for byte: names that merely compare equal would be a second spelling. */
function isNamedBy(certificate: Certificate, { sid }: SignerInfo): boolean {
  if (!(sid instanceof IssuerAndSerialNumber)) return false;
  const own = new IssuerAndSerialNumber({
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
  });
  return equal(derOf(own.toSchema()), derOf(sid.toSchema()));
}

/** Parameters are absent, or NULL where RFC 5754 section 2 tolerates it. */
function isAlgorithm(identifier: AlgorithmIdentifier, oid: string, nullAllowed: boolean): boolean {
  const { algorithmId, algorithmParams } = identifier;
  if (algorithmId !== oid) return false;
  return algorithmParams === undefined || (nullAllowed && algorithmParams instanceof Null);
}

function refuse(reason: CmsRefusal, detail: string): Refused {
  return { ok: false, reason, detail };
}
