import type { Bytes } from './bytes.ts';
import type { CmsRefusal, CmsSigner } from './cms.ts';

// Signatures; the bodies follow in the next commit.

/** A document and the detached CMS over its canonical bytes. */
export interface SignedDocument<T> {
  readonly document: T;
  /** Base64 of the DER. */
  readonly cms: string;
}

/** Told by the OU of the certificate's subject. */
export type CertificateRole = 'device' | 'central' | 'root';

export interface DocumentSigner {
  readonly privateKey: CryptoKey;
  readonly certificate: Bytes;
  readonly chain?: readonly Bytes[];
}

export type DocumentVerdict<T> =
  | {
      readonly ok: true;
      /** Still to be parsed by its schema. */
      readonly document: T;
      /** `hashOf(document)`. */
      readonly hash: string;
      readonly signer: CmsSigner;
      readonly signingTime: Date;
    }
  | { readonly ok: false; readonly reason: CmsRefusal | 'wrong-role'; readonly detail: string };

export declare function signDocument<T>(
  document: T,
  signer: DocumentSigner,
  signingTime?: Date,
): Promise<SignedDocument<T>>;
export declare function verifyDocument<T>(
  signed: SignedDocument<T>,
  options: {
    readonly trustedCertificates: readonly Bytes[];
    readonly at?: Date;
    readonly crls?: readonly Bytes[];
    readonly expectedRole?: CertificateRole;
  },
): Promise<DocumentVerdict<T>>;
/** The one value of a subject field; undefined when absent or given twice. */
export declare function subjectField(
  certificate: Bytes,
  field: 'CN' | 'O' | 'OU' | 'C' | 'serialNumber',
): string | undefined;
