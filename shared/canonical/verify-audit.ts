/**
 * Checks of audit proofs that need nothing but public keys. Whoever holds a receipt runs them without asking the
 * counter or central.
 */
import { type AuditProof, auditProofSchema } from '../domain/audit.ts';
import type { Bytes } from './bytes.ts';
import { fromHex } from './bytes.ts';
import { auditOrigin, openCheckpoint } from './checkpoint.ts';
import { canonicalBytes } from './json.ts';
import { verifyInclusion } from './merkle.ts';
import { type NoteKey, noteKey, parseVerifierKey, verifyNote } from './signed-note.ts';
import { derOf, parseCertificate } from './x509.ts';

export interface AuditTrust {
  /** SPKI DER of the counter's key, such as `publicKeyOf(certificate)`. */
  readonly devicePublicKey: Bytes;
  /** Central's verifier key (`witnessKey` of its witness document), to check its cosignature with. */
  readonly witnessKey?: string;
}

/** Why a proof proves nothing. */
export type AuditRefusal =
  | 'malformed'
  | 'checkpoint-signature'
  | 'checkpoint-size'
  | 'wrong-place'
  | 'not-included'
  | 'cosignature';

export type AuditVerdict =
  | {
      readonly ok: true;
      /** Epoch ms at which central said that it holds the same tree; absent without its cosignature. */
      readonly cosignedAt?: number;
    }
  | { readonly ok: false; readonly reason: AuditRefusal };

/** SPKI DER of a certificate's key. @throws CertificateFormatError */
export function publicKeyOf(certificate: Bytes): Bytes {
  return derOf(parseCertificate(certificate).subjectPublicKeyInfo.toSchema());
}

/** Checks a proof: shape, the counter's signature, the entry's place, central's cosignature. Never throws. */
export async function verifyAuditProof(proof: unknown, trust: AuditTrust): Promise<AuditVerdict> {
  const parsed = auditProofSchema.safeParse(proof);
  if (!parsed.success) return { ok: false, reason: 'malformed' };
  return judge(parsed.data, trust);
}

async function judge(proof: AuditProof, { devicePublicKey, witnessKey }: AuditTrust): Promise<AuditVerdict> {
  const { entry, index, size } = proof;
  const deviceKey = await keyOrNone(() => noteKey(auditOrigin(entry.device), 'ecdsa', devicePublicKey));
  const checkpoint = deviceKey && (await openCheckpoint(proof.checkpoint, deviceKey));
  if (!checkpoint) return { ok: false, reason: 'checkpoint-signature' };
  if (checkpoint.size !== size) return { ok: false, reason: 'checkpoint-size' };
  if (entry.seq !== index) return { ok: false, reason: 'wrong-place' };
  const leaf = canonicalBytes(entry);
  const path = proof.proof.map(fromHex);
  if (!verifyInclusion({ leaf, index, size, proof: path, root: checkpoint.root })) {
    return { ok: false, reason: 'not-included' };
  }
  if (witnessKey === undefined) return { ok: true };
  const witness = await keyOrNone(() => parseVerifierKey(witnessKey));
  if (witness?.type !== 'cosignature') return { ok: false, reason: 'cosignature' };
  const claimed = checkpoint.note.signatures.some(({ name }) => name === witness.name);
  // Taken before central was heard: the counter's word alone, and said so by the missing time.
  if (!claimed) return { ok: true };
  const verdict = await verifyNote(checkpoint.note, witness);
  if (!verdict.ok || verdict.at === undefined) return { ok: false, reason: 'cosignature' };
  return { ok: true, cosignedAt: verdict.at };
}

async function keyOrNone(read: () => Promise<NoteKey>): Promise<NoteKey | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
