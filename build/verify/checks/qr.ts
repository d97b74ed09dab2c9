/** The text of the QR code: signed by this counter, about this consent, this manifest and this log. */
import { parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { readProofText, verifyProofText } from '../../../shared/canonical/proof-text.ts';
import { publicKeyOf } from '../../../shared/canonical/verify-audit.ts';
import { type Evidence, hex } from '../evidence.ts';
import { must } from '../result.ts';

const STRANGE = 'the paper that it was read from does not belong to this folder';

/** @param text as read from a paper; left out: the one in the receipt. */
export async function checkQr(evidence: Evidence, text?: string): Promise<string> {
  const receipt = evidence.document('receipt');
  const proof = readProofText(text ?? receipt.qr);
  must(proof !== undefined, 'it is not a code of this kind', STRANGE);
  const { signer } = await evidence.signature('consent');
  const signed = await verifyProofText(proof, publicKeyOf(signer.certificate));
  must(signed, 'it is not signed by this counter', STRANGE);
  must(proof.consentSha256 === (await evidence.sha256('consent.json')), 'it is of another consent', STRANGE);
  must(
    proof.manifestSha256 === (await evidence.sha256('manifest.json')),
    'it is of another manifest',
    STRANGE,
  );
  const { size, root } = parseCheckpoint(receipt.audit.checkpoint);
  must(proof.size === size && proof.root === hex(root), 'it is of another head of the log', STRANGE);
  return `key ${proof.keyId}, consent, manifest and log (${proof.size} entries) are the ones here`;
}
