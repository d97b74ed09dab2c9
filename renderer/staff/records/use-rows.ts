/** The numbers of the rows that match, and the rows themselves as they come into sight. */
import { useEffect, useRef, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { RecordStore, RowFilter, RowMeta } from '../../cache/records.ts';

/** Rows are fetched in blocks, so that scrolling asks seldom. */
const BLOCK = 64;

export interface Rows {
  indexes: Uint32Array | undefined;
  error: AppError | undefined;
  /** The row at a place of the list, once it is here. */
  at: (place: number) => RowMeta | undefined;
  /** Fetches what is missing between two places. */
  see: (from: number, to: number) => void;
}

export function useRows(store: RecordStore, filter: RowFilter): Rows {
  const [indexes, setIndexes] = useState<Uint32Array>();
  const [error, setError] = useState<AppError>();
  const [rows, setRows] = useState<ReadonlyMap<number, RowMeta>>(new Map());
  const asked = useRef(new Set<number>());

  useEffect(() => {
    let gone = false;
    asked.current = new Set();
    setIndexes(undefined);
    setRows(new Map());
    setError(undefined);
    store.select(filter).then(
      (found) => {
        if (!gone) setIndexes(found);
      },
      (thrown: unknown) => {
        if (!gone) setError(toAppError(thrown));
      },
    );
    return () => {
      gone = true;
    };
  }, [store, filter]);

  const see = (from: number, to: number) => {
    if (!indexes) return;
    const wanted = asked.current;
    for (let block = Math.floor(from / BLOCK); block * BLOCK <= to; block++) {
      if (wanted.has(block)) continue;
      wanted.add(block);
      store.readMeta([...indexes.subarray(block * BLOCK, (block + 1) * BLOCK)]).then(
        (found) => {
          // The filter has changed since: these rows belong to another list.
          if (wanted !== asked.current) return;
          setRows((before) => new Map([...before, ...found.map((row) => [row.index, row] as const)]));
        },
        (thrown: unknown) => {
          if (wanted === asked.current) setError(toAppError(thrown));
        },
      );
    }
  };

  return {
    indexes,
    error,
    see,
    at: (place) => {
      const index = indexes?.[place];
      return index === undefined ? undefined : rows.get(index);
    },
  };
}
