/** A head of the counter's log as docs/verify.md has it: the counter's signature, central's cosignature, no more. */
import {
  auditOrigin,
  type Checkpoint,
  openCheckpoint,
  WITNESS_NAME,
} from '../../../shared/canonical/checkpoint.ts';
import {
  formatNote,
  type NoteKey,
  noteKey,
  parseVerifierKey,
  verifyNote,
} from '../../../shared/canonical/signed-note.ts';
import { publicKeyOf } from '../../../shared/canonical/verify-audit.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';

/** A head, and when central said that it has seen it. */
export interface CosignedHead extends Checkpoint {
  /** Epoch ms. */
  readonly cosignedAt: number;
}

/** Reads a head of `device`'s log; `name` is what it is called in words. @throws Wrong */
export async function cosignedHead(
  evidence: Evidence,
  device: string,
  note: string,
  name: string,
): Promise<CosignedHead> {
  const { signer } = await evidence.signature('consent');
  const own = await noteKey(auditOrigin(device), 'ecdsa', publicKeyOf(signer.certificate));
  const head = await openCheckpoint(note, own);
  must(
    head !== undefined,
    `${name} is not signed by this counter`,
    'the log is another one, or was rewritten',
  );
  await evidence.signature('witness');
  const witness = await parseVerifierKey(evidence.document('witness').witnessKey);
  const verdict = await verifyNote(head.note, witness);
  const alone = 'it is the word of the counter alone';
  must(verdict.ok && verdict.at !== undefined, `${name} is not cosigned`, alone);
  must(witness.name === WITNESS_NAME, `${name} is cosigned under another name`, alone);
  // No signature covers these lines: whatever else stands there, anybody may have written.
  must(
    note === withLinesOf(head, [own, witness]),
    `${name} has other lines than the two signatures`,
    'somebody added words to it, or changed their order',
  );
  return { ...head, cosignedAt: verdict.at };
}

/** The note as it is with a line of each key, in this order. */
function withLinesOf({ note }: Checkpoint, keys: readonly NoteKey[]): string {
  const signatures = keys.flatMap((key) => note.signatures.find(({ name }) => name === key.name) ?? []);
  return formatNote({ text: note.text, signatures });
}
