import { Null, OctetString } from 'asn1js';
import {
  AlgorithmIdentifier,
  type Certificate,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignerInfo,
} from 'pkijs';
import type { Bytes } from './bytes.ts';
import { buildAttributes, type SignedAttributes } from './cms-attributes.ts';
import { messageOf } from './cms-message.ts';
import { derSignature } from './ecdsa-signature.ts';
import { sha256 } from './hash.ts';
import { certificateDer, derOf, hasP256Key, OID, parseCertificate, verifyingKey } from './x509.ts';

/** What `signDetached` takes. */
export interface SignDetachedInput {
  readonly content: Bytes;
  /** ECDSA P-256, usage 'sign'; may be non-extractable. // SECURITY: S14 */
  readonly privateKey: CryptoKey;
  /** The key's certificate, DER. */
  readonly certificate: Bytes;
  /** DER, issuer first; the root may be left out. */
  readonly chain?: readonly Bytes[];
  /** Whole seconds are kept. `undefined` in a PDF, whose /M states it (PAdES, EN 319 142-1 section 6.3). */
  readonly signingTime: Date | undefined;
}

/** Why nothing was signed. */
export class CmsSigningError extends Error {
  /** `key-mismatch`: the certificate is not this key's, so nobody could verify the signature. */
  readonly kind: 'unsupported-key' | 'key-mismatch';
  constructor(kind: CmsSigningError['kind']) {
    super(`CMS signing refused: ${kind}`);
    this.name = 'CmsSigningError';
    this.kind = kind;
  }
}

/**
 * Detached CMS SignedData (RFC 5652) in DER: one signer, SHA-256, ECDSA P-256, signed attributes contentType,
 * messageDigest, signingTime (not in PDFs) and signingCertificateV2 (RFC 5035).
 *
 * `openssl cms -verify -binary -inform DER -in x.p7s -content x.json -CAfile ca.pem -purpose any` accepts it.
 * @throws CmsSigningError; CertificateFormatError when a certificate is not DER.
 */
export async function signDetached(input: SignDetachedInput): Promise<Bytes> {
  const { content, privateKey, signingTime } = input;
  const certificate = parseCertificate(input.certificate);
  const { name, namedCurve } = privateKey.algorithm as EcKeyAlgorithm;
  if (name !== 'ECDSA' || namedCurve !== 'P-256' || !hasP256Key(certificate)) {
    throw new CmsSigningError('unsupported-key');
  }
  const attributes: SignedAttributes = {
    contentType: OID.idData,
    messageDigest: await sha256(content),
    signingTime,
    certificateHash: await sha256(input.certificate),
  };
  const toSign = derOf(attributeSet(attributes).toSchema());
  // Signed as an explicit SET, though it stands as [0] in the message (RFC 5652 section 5.4).
  toSign[0] = 0x31;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, toSign));
  if (!(await crypto.subtle.verify(algorithm, await verifyingKey(certificate), raw, toSign))) {
    throw new CmsSigningError('key-mismatch');
  }
  return assembleCms({
    certificate,
    chain: (input.chain ?? []).map(parseCertificate),
    attributes,
    signature: derSignature(raw),
  });
}

/** What differs from one message to another. */
export interface CmsParts {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly attributes: SignedAttributes;
  /** ECDSA, DER. */
  readonly signature: Bytes;
}

const sha256Algorithm = () =>
  new AlgorithmIdentifier({ algorithmId: OID.sha256, algorithmParams: new Null() });

/** A message of its parts, DER: with an empty chain the one shape of docs/verify.md. */
export function assembleCms({ certificate, chain, attributes, signature }: CmsParts): Bytes {
  const signerInfo = new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
    digestAlgorithm: sha256Algorithm(),
    signedAttrs: attributeSet(attributes),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: OID.ecdsaWithSha256 }),
    signature: new OctetString({ valueHex: signature }),
  });
  return messageOf({
    digest: derOf(sha256Algorithm().toSchema()),
    certificates: [certificate, ...chain].map(certificateDer),
    signer: derOf(signerInfo.toSchema()),
  });
}

function attributeSet(attributes: SignedAttributes): SignedAndUnsignedAttributes {
  return new SignedAndUnsignedAttributes({ type: 0, attributes: buildAttributes(attributes) });
}
