/** The first analysis of the records, done once a visit, on this machine. */
import { useEffect, useRef, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import { analyse, type Finding } from '../../analysis/findings.ts';
import type { RecordStore, RowFull } from '../../cache/records.ts';
import { useMemory } from '../visit/memory.ts';

/** Rows read in one go. */
const PIECE = 500;

/** Every row, oldest first, in pieces; between two the window answers touches. */
async function* rowsOf(store: RecordStore, rows: number, stopped: () => boolean): AsyncIterable<RowFull[]> {
  for (let from = 0; from < rows && !stopped(); from += PIECE) {
    yield await store.readFull(Array.from({ length: Math.min(PIECE, rows - from) }, (_, i) => from + i));
    await new Promise((resume) => setTimeout(resume));
  }
}

export interface Findings {
  findings: readonly Finding[] | undefined;
  error: AppError | undefined;
}

export function useFindings(store: RecordStore, rows: number): Findings {
  const { memory, remember } = useMemory();
  const keep = useRef(remember);
  keep.current = remember;
  const [error, setError] = useState<AppError>();
  const known = memory.findings !== undefined;
  useEffect(() => {
    if (known) return;
    let left = false;
    analyse(rowsOf(store, rows, () => left)).then(
      (findings) => {
        if (!left) keep.current({ findings });
      },
      (thrown: unknown) => {
        if (!left) setError(toAppError(thrown));
      },
    );
    return () => {
      left = true;
    };
  }, [known, store, rows]);
  return { findings: memory.findings, error };
}
