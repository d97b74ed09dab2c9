/** One counter made all of it: the one that central answered. */
import { type Evidence, short } from '../evidence.ts';
import { must } from '../result.ts';

/** Signatures of the receipt and the consent are of the same certificate, which the manifest names. */
export async function checkCounter(evidence: Evidence): Promise<string> {
  const { signer } = await evidence.signature('consent');
  const receipt = await evidence.signature('receipt');
  const { device } = evidence.document('manifest');
  const other = 'two counters signed, or a stranger did';
  must(receipt.signer.certificateSha256 === signer.certificateSha256, 'receipt and consent differ', other);
  must(device === signer.certificateSha256, `central answered counter ${short(device)}`, other);
  return `${signer.subject}, certificate ${short(signer.certificateSha256)}`;
}
