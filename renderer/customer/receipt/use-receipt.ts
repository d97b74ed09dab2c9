/** Getting the receipt ready for paper: what it carries, laid out before the core prints. */
import { useCallback, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ProofFacts } from '../../../shared/contract/contract.ts';
import type { Result } from '../../../shared/domain/errors.ts';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';

export interface ReceiptHandle {
  /** What papers carry is being asked for: central may take seconds to cosign. */
  preparing: boolean;
  /** What papers carry; asked for once a visit. */
  openProof: () => Promise<Result<ProofFacts>>;
  /** Lays the receipt out. Once this resolves with true it is in the document, and printing prints it. */
  layOut: () => Promise<boolean>;
  /** Takes the receipt without a report. */
  take: () => Promise<void>;
}

export function useReceipt(): ReceiptHandle {
  const { api, call } = useVisit();
  const { memory, remember } = useMemory();
  const { proof } = memory;
  const [preparing, setPreparing] = useState(false);
  const openProof = useCallback(async (): Promise<Result<ProofFacts>> => {
    if (proof) return { ok: true, value: proof };
    setPreparing(true);
    const result = await api.call('openProof', {});
    setPreparing(false);
    if (result.ok) remember({ proof: result.value });
    return result;
  }, [api, proof, remember]);
  const layOut = useCallback(async () => {
    const result = await openProof();
    if (!result.ok) return false;
    // Drawn now, not some time: the core prints what is in the document.
    flushSync(() => remember({ proof: result.value, receiptPaper: true }));
    await document.fonts.ready;
    return true;
  }, [openProof, remember]);
  const take = useCallback(async () => {
    // A failure to get the proof is said like any other failed call.
    if (!(await layOut())) await call('openProof', {});
    else await call('takeReceipt', {});
  }, [layOut, call]);
  return { preparing, openProof, layOut, take };
}
