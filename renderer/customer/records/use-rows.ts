/**
 * Rows of a list on their way from the store to the screen: those near the view are read in chunks, a
 * bounded number is held, the rest is forgotten again.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { RecordStore, RowFull } from '../../cache/records.ts';

/** Rows read in one go, and chunks held at most. */
export const CHUNK = 64;
export const HELD_CHUNKS = 24;

/** Chunk numbers that a range of positions (last excluded) touches. */
export function chunksOf(from: number, until: number): number[] {
  if (until <= from) return [];
  const first = Math.floor(from / CHUNK);
  const last = Math.floor((until - 1) / CHUNK);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Forgets chunks, the farthest from the view first, until at most `most` are held. */
export function forgetFar<T>(held: Map<number, T>, near: number, most: number): void {
  const farthest = [...held.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
  for (const chunk of farthest.slice(0, Math.max(0, held.size - most))) held.delete(chunk);
}

export interface Rows {
  /** The row at a position of the list, or undefined until it has arrived. */
  at: (position: number) => RowFull | undefined;
  /** Positions that are looked at now, last excluded. */
  look: (from: number, until: number) => void;
  /** Why some could not be read; it stays until they are, or are asked for anew. */
  error: AppError | undefined;
  /** Lets what could not be read be looked at anew. */
  again: () => void;
  /** How often that was asked: what failed is not asked for by itself, time and again. */
  attempt: number;
}

interface List {
  readonly indexes: Uint32Array;
  readonly held: Map<number, RowFull[]>;
  readonly asked: Set<number>;
  readonly failed: Set<number>;
}

/** @param indexes row numbers in the order of the list */
export function useRows(store: RecordStore, indexes: Uint32Array): Rows {
  const [, setArrived] = useState(0);
  const [error, setError] = useState<AppError>();
  const [attempt, setAttempt] = useState(0);
  const list = useRef<List>(undefined);
  // Another list, other chunks: answers for the old one are dropped.
  if (list.current?.indexes !== indexes) {
    list.current = { indexes, held: new Map(), asked: new Set(), failed: new Set() };
  }

  useEffect(
    () => () => {
      list.current = undefined;
    },
    [],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what failed in another list is nothing of this one's.
  useEffect(() => setError(undefined), [indexes]);

  const look = useCallback(
    (from: number, until: number) => {
      const current = list.current;
      if (current?.indexes !== indexes) return;
      for (const chunk of chunksOf(Math.max(0, from), Math.min(until, current.indexes.length))) {
        if (current.held.has(chunk) || current.asked.has(chunk)) continue;
        current.asked.add(chunk);
        const wanted = [...current.indexes.subarray(chunk * CHUNK, (chunk + 1) * CHUNK)];
        store.readFull(wanted).then(
          (rows) => {
            current.asked.delete(chunk);
            if (list.current !== current) return;
            current.held.set(chunk, rows);
            current.failed.delete(chunk);
            if (current.failed.size === 0) setError(undefined);
            forgetFar(current.held, chunk, HELD_CHUNKS);
            setArrived((before) => before + 1);
          },
          (thrown: unknown) => {
            current.asked.delete(chunk);
            if (list.current !== current) return;
            current.failed.add(chunk);
            setError(toAppError(thrown));
          },
        );
      }
    },
    [store, indexes],
  );
  const again = useCallback(() => {
    list.current?.failed.clear();
    setError(undefined);
    setAttempt((before) => before + 1);
  }, []);
  return {
    at: (position) => list.current?.held.get(Math.floor(position / CHUNK))?.[position % CHUNK],
    look,
    error,
    again,
    attempt,
  };
}
