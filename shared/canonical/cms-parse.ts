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
import { equal } from './bytes.ts';
import type { SignedAttributes } from './cms-attributes.ts';
import { isInDerOrder, readAttributes } from './cms-attributes.ts';
import { messageOf } from './cms-message.ts';
import { rawSignature } from './ecdsa-signature.ts';
import { derOf, OID, parseCertificate } from './x509.ts';

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

/** A signer, a few certificates and 64 bytes of signature: anything larger is not ours. */
const MAX_CMS_BYTES = 65_536;
const MAX_CERTIFICATES = 8;

/** A reason, with a detail for logs (no content in it). */
export type RefusedCms = { readonly ok: false; readonly reason: CmsRefusal; readonly detail: string };
/** What stands in a message of the accepted shape. */
export interface ParsedCms {
  readonly ok: true;
  /** The certificate that the signer's name and number point to. */
  readonly signer: Certificate;
  readonly embedded: readonly Certificate[];
  readonly attributes: SignedAttributes;
  /** DER of the signed attributes as the SET that was signed. */
  readonly signed: Bytes;
  /** r ‖ s. */
  readonly signature: Bytes;
}

/**
 * Reads the one accepted shape out of the bytes; nothing in it is believed yet.
 * @param timed whether a signing time must be there; else none may be.
 * @throws whatever a parser throws on bytes that are no DER
 */
export function parseCms(cms: Bytes, timed: boolean): ParsedCms | RefusedCms {
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

export function refuse(reason: CmsRefusal, detail: string): RefusedCms {
  return { ok: false, reason, detail };
}
