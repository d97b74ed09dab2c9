/** An entry with its proof, and whether the proof leads to the checkpoint's root: worked out here, not believed. */
import { useEffect, useState } from 'react';
import { fromHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { verifyInclusion } from '../../../shared/canonical/merkle.ts';
import { parseNote } from '../../../shared/canonical/signed-note.ts';
import type { AuditDetail } from '../../../shared/contract/audit.ts';
import type { AppError } from '../../../shared/domain/errors.ts';
import { useStaff } from '../context.ts';

export interface DetailState {
  detail: AuditDetail | undefined;
  error: AppError | undefined;
  reload: () => void;
}

export function useDetail(seq: number | undefined): DetailState {
  const { api } = useStaff();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ seq?: number; detail?: AuditDetail; error?: AppError }>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again.
  useEffect(() => {
    if (seq === undefined) return;
    let gone = false;
    void api.call('auditDetail', { seq }).then((result) => {
      if (!gone) setState(result.ok ? { seq, detail: result.value } : { seq, error: result.error });
    });
    return () => {
      gone = true;
    };
  }, [api, seq, turn]);
  const fits = state.seq === seq;
  return {
    detail: fits ? state.detail : undefined,
    error: fits ? state.error : undefined,
    reload: () => setTurn((before) => before + 1),
  };
}

/** RFC 6962 section 2.1.1: the root from this leaf over this path is the one that the note states. */
export function proofHolds({ proof, canonical }: AuditDetail): boolean {
  try {
    const { size, root } = parseCheckpoint(proof.checkpoint);
    return (
      size === proof.size &&
      verifyInclusion({
        leaf: utf8(canonical),
        index: proof.index,
        size,
        proof: proof.proof.map(fromHex),
        root,
      })
    );
  } catch {
    // A note that can't be read proves nothing.
    return false;
  }
}

/** The counter's own signature, and somebody's beside it. */
export function isCosigned({ proof }: AuditDetail): boolean {
  try {
    return parseNote(proof.checkpoint).signatures.length > 1;
  } catch {
    return false;
  }
}
