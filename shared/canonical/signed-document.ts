import type { Bytes } from './bytes.ts';
import { fromBase64, toBase64, toHex } from './bytes.ts';
import type { CmsRefusal, CmsSigner } from './cms.ts';
import { signDetached, verifyDetached } from './cms.ts';
import { sha256 } from './hash.ts';
import { canonicalBytes } from './json.ts';
import { subjectField } from './x509.ts';

export { subjectField } from './x509.ts';

/** A document and the detached CMS over its canonical bytes. */
export interface SignedDocument<T> {
  readonly document: T;
  /** Base64 of the DER. */
  readonly cms: string;
}

/** What a certificate's holder is in this house, told by the OU of its subject. */
export type CertificateRole = 'device' | 'central' | 'root';

/** A key with its certificate. */
export interface DocumentSigner {
  /** ECDSA P-256, usage 'sign'. */
  readonly privateKey: CryptoKey;
  /** DER. */
  readonly certificate: Bytes;
  /** DER, issuer first. */
  readonly chain?: readonly Bytes[];
}

/** What `verifyDocument` needs besides the document. */
export interface VerifyDocumentOptions {
  /** DER; the only anchors. */
  readonly trustedCertificates: readonly Bytes[];
  /** As in `verifyDetached`. */
  readonly at?: Date;
  /** As in `verifyDetached`. */
  readonly crls?: readonly Bytes[];
  /** As in `verifyDetached`. */
  readonly exact?: boolean;
  /** Whose signature is expected: a device's certificate cannot sign in central's name. */
  readonly expectedRole?: CertificateRole;
}

/** Verified, or a reason. */
export type DocumentVerdict<T> =
  | {
      readonly ok: true;
      /** Authentic, but of whatever shape was signed: its schema still has to parse it. // SECURITY: S3 */
      readonly document: T;
      /** `hashOf(document)`. */
      readonly hash: string;
      readonly signer: CmsSigner;
      readonly signingTime: Date;
    }
  | { readonly ok: false; readonly reason: CmsRefusal | 'wrong-role'; readonly detail: string };

/**
 * Signs the canonical bytes of a document.
 * @throws CanonicalJsonError, CmsSigningError
 */
export async function signDocument<T>(
  document: T,
  signer: DocumentSigner,
  signingTime: Date = new Date(),
): Promise<SignedDocument<T>> {
  const cms = await signDetached({ content: canonicalBytes(document), ...signer, signingTime });
  return { document, cms: toBase64(cms) };
}

/** Whether a document was signed in the second that it states itself (RFC 3339): a CMS carries no more. */
export function isSignedAt(signingTime: Date, stated: string): boolean {
  return signingTime.getTime() === Math.floor(Date.parse(stated) / 1000) * 1000;
}

/** Verifies the signature over a document and, when one is expected, the signer's role. Never throws on input. */
export async function verifyDocument<T>(
  signed: SignedDocument<T>,
  options: VerifyDocumentOptions,
): Promise<DocumentVerdict<T>> {
  const { expectedRole, ...trust } = options;
  let content: Bytes;
  let cms: Bytes;
  try {
    content = canonicalBytes(signed.document);
    cms = fromBase64(signed.cms);
  } catch {
    return { ok: false, reason: 'malformed', detail: 'document has no canonical form, or cms is not base64' };
  }
  const verdict = await verifyDetached({ ...trust, content, cms });
  if (!verdict.ok) return verdict;
  if (expectedRole !== undefined && subjectField(verdict.signer.certificate, 'OU') !== expectedRole) {
    return { ok: false, reason: 'wrong-role', detail: `not signed as ${expectedRole}` };
  }
  const { signer, signingTime } = verdict;
  return { ok: true, document: signed.document, hash: toHex(await sha256(content)), signer, signingTime };
}
