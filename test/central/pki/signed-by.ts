/** Whose signature stands under what was signed earlier. */
import { type SignedDocument, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import type { Identity } from './identity.ts';

/**
 * Whether a document is signed by this very certificate. What counters take for years is signed anew when central's
 * certificate is another one: they take nothing of one that has ended.
 */
export async function isSignedBy(
  signed: SignedDocument<unknown>,
  { certificate }: Pick<Identity, 'certificate'>,
): Promise<boolean> {
  return (await verifyDocument(signed, { trustedCertificates: [certificate], exact: true })).ok;
}
