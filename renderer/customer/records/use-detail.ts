/** Which record is open in full, and the ones beside it. */
import { useCallback, useState } from 'react';
import type { RecordStore, RowFull } from '../../cache/records.ts';

export interface OpenDetail {
  row: RowFull | undefined;
  open: (position: number, row: RowFull) => void;
  /** To the record above (-1) or below (1) in the list; undefined while none is open. */
  step: ((by: -1 | 1) => void) | undefined;
  close: () => void;
}

/** @param indexes row numbers in the order of the list */
export function useDetail(store: RecordStore, indexes: Uint32Array | undefined): OpenDetail {
  const [shown, setShown] = useState<{ position: number; row: RowFull }>();
  const step = (by: -1 | 1) => {
    const position = (shown?.position ?? 0) + by;
    const index = indexes?.[position];
    if (index === undefined) return;
    // A row that can't be read leaves the one that is shown; the list says why.
    store.readFull([index]).then(
      ([row]) => {
        if (row) setShown({ position, row });
      },
      () => setShown(undefined),
    );
  };
  const open = useCallback((position: number, row: RowFull) => setShown({ position, row }), []);
  return {
    row: shown?.row,
    open,
    step: shown ? step : undefined,
    close: () => setShown(undefined),
  };
}
