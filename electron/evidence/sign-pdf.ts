/** Signs a PDF so that any reader can check it (PAdES baseline B-B, EN 319 142-1). */
import { type Bytes, concat, toHex, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { readPdfSignature, signedPart } from '../../shared/canonical/pdf-signature.ts';
import type { DocumentSigner } from '../../shared/canonical/signed-document.ts';
import { Failure } from '../../shared/domain/errors.ts';

/** Kept free for the CMS: ours has about 1,200 bytes with one certificate; each of a chain adds some 700. */
const RESERVED_BYTES = 8_192;

/**
 * The PDF with one signature over all of it, as an incremental update: the bytes that were given stay as they are.
 *
 * LibPDF writes the update and leaves room for the signature; the CMS that goes there is ours. LibPDF's own would
 * carry a signing-time attribute, which PAdES forbids beside /M, and would be a second implementation to trust.
 * @param at whole seconds are kept, in /M
 * @throws Failure 'report-failed'
 */
export async function signPdf(pdf: Bytes, signer: DocumentSigner, reason: string, at: Date): Promise<Bytes> {
  // Loaded when it is first needed: a megabyte that most visits never use.
  const { PDF } = await import('@libpdf/core');
  const document = await PDF.load(pdf);
  const { bytes } = await document.sign({
    // Makes room only. The device key signs once, below.
    signer: {
      certificate: signer.certificate,
      keyType: 'EC',
      signatureAlgorithm: 'ECDSA',
      sign: async () => new Uint8Array(64),
    },
    reason,
    signingTime: at,
    fieldName: 'counter',
    estimatedSize: RESERVED_BYTES,
  });
  const room = readPdfSignature(bytes);
  if (!room.ok) throw new Failure('report-failed', { detail: `signature ${room.reason}` });
  const cms = await signDetached({ ...signer, content: signedPart(bytes, room.gap), signingTime: undefined });
  const [before, resume] = room.gap;
  const digits = resume - before - 2;
  if (2 * cms.length > digits) throw new Failure('report-failed', { detail: 'signature too long' });
  const contents = utf8(`<${toHex(cms).padEnd(digits, '0')}>`);
  return concat(bytes.subarray(0, before), contents, bytes.subarray(resume));
}
