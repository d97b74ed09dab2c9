/** The counter's audit log: the answer was logged, and central holds the same log. */

import { fromHex, fromUtf8 } from '../../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { verifyConsistency } from '../../../shared/canonical/merkle.ts';
import { type AuditRefusal, publicKeyOf, verifyAuditProof } from '../../../shared/canonical/verify-audit.ts';
import type { AuditAction, AuditProof } from '../../../shared/domain/audit.ts';
import type { Evidence } from '../evidence.ts';
import { must, Wrong } from '../result.ts';
import { cosignedHead } from './head.ts';

const meanings: Record<AuditRefusal, string> = {
  malformed: 'it was changed',
  'checkpoint-signature': 'the head of the log is not signed by this counter',
  'checkpoint-size': 'the proof is for another head of the log',
  'wrong-place': 'the entry stands elsewhere in the log',
  'not-included': 'the entry is not in the log, or was changed',
  cosignature: 'central did not see this log',
};

/** Verifies a proof against the counter's certificate and central's witness key. @throws Wrong */
export async function verifyProof(
  evidence: Evidence,
  proof: AuditProof,
  action: AuditAction,
): Promise<string> {
  const { signer } = await evidence.signature('consent');
  await evidence.signature('witness');
  const { witnessKey } = evidence.document('witness');
  const verdict = await verifyAuditProof(proof, {
    devicePublicKey: publicKeyOf(signer.certificate),
    witnessKey,
  });
  if (!verdict.ok) throw new Wrong(verdict.reason, meanings[verdict.reason]);
  const { entry } = proof;
  const { cosignedAt } = await cosignedHead(evidence, entry.device, proof.checkpoint, 'the head');
  must(entry.action === action, `the entry is of '${entry.action}'`, 'it proves something else');
  const consent = evidence.document('consent');
  const same = entry.consentId === consent.header.recordId && entry.sessionId === consent.sessionId;
  must(same, 'the entry is of another visit', 'it proves nothing of this one');
  return `entry ${proof.index} of ${proof.size}, cosigned by central at ${new Date(cosignedAt).toISOString()}`;
}

/** The lookup's answer is in the log, as the manifest has it. */
export async function checkAnswerLogged(evidence: Evidence): Promise<string> {
  const { audit } = evidence.document('receipt');
  const found = await verifyProof(evidence, audit, 'lookup-answered');
  const manifest = evidence.document('manifest');
  const { facts } = audit.entry;
  const same =
    facts.lookupId === manifest.lookupId &&
    facts.rows === manifest.rows &&
    facts.merkleRoot === manifest.merkleRoot;
  must(
    same,
    'the logged answer is not the one of the manifest',
    'two answers were given, or one was changed',
  );
  return found;
}

/** The checkpoint beside it is the proof's own. */
export function checkCheckpoint(evidence: Evidence): string {
  const { audit } = evidence.document('receipt');
  const same = fromUtf8(evidence.bytes('checkpoint')) === audit.checkpoint;
  must(same, 'it is not the one in the receipt', 'they are of different heads of the log');
  return `log of ${audit.entry.device} with ${audit.size} entries`;
}

/** The heads of both proofs are of one log: neither was made for this customer's eyes. */
export function checkOneLog(evidence: Evidence): string {
  const { audit, report } = evidence.document('receipt');
  if (!report) return 'one head of the log';
  const heads = [parseCheckpoint(audit.checkpoint), parseCheckpoint(report.audit.checkpoint)];
  const [older, newer] = heads.sort((a, b) => a.size - b.size);
  must(older !== undefined && newer !== undefined, 'no heads', 'it was changed');
  const one = verifyConsistency({
    oldSize: older.size,
    newSize: newer.size,
    oldRoot: older.root,
    newRoot: newer.root,
    proof: report.consistency.map(fromHex),
  });
  must(one, `${older.size} entries do not begin the ${newer.size}`, 'the counter keeps two logs');
  return `the log of ${older.size} entries begins the one of ${newer.size}`;
}
