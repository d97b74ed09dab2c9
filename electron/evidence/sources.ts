/** Where evidence gets what the visit itself does not hold. */
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import type { AuditProof } from '../../shared/domain/audit.ts';

export interface EvidenceSources {
  /** That an entry is in the log: with central's cosignature where the counter has it. */
  prove(seq: number): Promise<AuditProof>;
  /** Central's signed statement of the key it cosigns with. Undefined until central was heard. */
  witness(): SignedDocument<unknown> | undefined;
}
