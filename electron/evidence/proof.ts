/** What every paper of a visit refers to: the logged answer's proof, and the QR text over it. */
import { toHex } from '../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../shared/canonical/hash.ts';
import { makeProofText } from '../../shared/canonical/proof-text.ts';
import { publicKeyOf } from '../../shared/canonical/verify-audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Visit } from '../gate/visit.ts';
import type { VisitProof } from '../gate/visit-secrets.ts';
import type { EvidenceDeps } from './sources.ts';

/** Made once a visit: receipt and report carry the same code. @throws Failure 'wrong-state' before there is an answer */
export function visitProof(
  deps: Pick<EvidenceDeps, 'connection' | 'deviceKey' | 'evidence'>,
  { secrets }: Pick<Visit, 'secrets'>,
): Promise<VisitProof> {
  return secrets.proof(async () => {
    const { consent, lookup } = secrets;
    if (!consent || !lookup) throw new Failure('wrong-state', { detail: 'no lookup' });
    const audit = await deps.evidence.prove(lookup.auditSeq);
    const { size, root } = parseCheckpoint(audit.checkpoint);
    const statement = {
      consentSha256: consent.hash,
      manifestSha256: await hashOf(lookup.manifest.document),
      size,
      root: toHex(root),
    };
    const publicKey = publicKeyOf(deps.connection.identity().certificate);
    // SECURITY: S14 S9 one key signs consent, papers and code: whoever has the consent can check the code.
    return { audit, qr: await makeProofText(statement, deps.deviceKey.privateKey, publicKey) };
  });
}
