/**
 * What the customer chose in this visit and would not like to choose again when they come back to a
 * screen. Lives in the tree that a wipe throws away; nothing of it is written anywhere.
 */
import { createContext, use } from 'react';
import type { CommandArgs, ProofFacts } from '../../../shared/contract/contract.ts';
import type { Finding } from '../../analysis/findings.ts';
import { type Choice, everything } from '../records/filter.ts';

export interface Memory {
  choice: Choice;
  /** Row numbers picked to be shown to staff. */
  picked: ReadonlySet<number>;
  /** How far the list was scrolled, CSS pixels. */
  scrolled: number;
  report: CommandArgs<'customer', 'makeReport'>;
  /** SHA-256 (hex) of the report that was last previewed, by its id. */
  reportHash: { reportId: string; sha256: string } | undefined;
  /** What the papers carry, once asked for. */
  proof: ProofFacts | undefined;
  /** The receipt is laid out for paper, hidden on the screen: nothing else may be then. */
  receiptPaper: boolean;
  /** What the records mean, once worked out. */
  findings: readonly Finding[] | undefined;
}

export const freshMemory: Memory = {
  choice: everything,
  picked: new Set(),
  scrolled: 0,
  report: { nameStyle: 'masked', texts: true, peers: 'masked' },
  reportHash: undefined,
  proof: undefined,
  receiptPaper: false,
  findings: undefined,
};

export interface MemoryHandle {
  memory: Memory;
  remember: (change: Partial<Memory>) => void;
}

export const MemoryContext = createContext<MemoryHandle>({ memory: freshMemory, remember: () => undefined });

export function useMemory(): MemoryHandle {
  return use(MemoryContext);
}
