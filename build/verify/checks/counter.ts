/** One counter made all of it: the one that central answered. */
import { subjectField } from '../../../shared/canonical/signed-document.ts';
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
  const counter = evidence.document('consent').parties.find(({ role }) => role === 'counter');
  const name = subjectField(signer.certificate, 'CN');
  must(counter !== undefined && counter.id === name, `the consent names ${counter?.id}`, other);
  const { entry } = evidence.document('receipt').audit;
  must(entry.device === name, `the audit log is of ${entry.device}`, other);
  return `${signer.subject}, certificate ${short(signer.certificateSha256)}`;
}
