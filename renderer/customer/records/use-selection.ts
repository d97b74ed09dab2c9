/** Which rows match what the customer chose. The old list stays until the new one is there. */
import { useEffect, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { Period } from '../../../shared/domain/period.ts';
import type { RecordStore } from '../../cache/records.ts';
import { type Choice, rowFilter } from './filter.ts';

export interface Selection {
  /** Row numbers, newest first; undefined before the first answer. */
  indexes: Uint32Array | undefined;
  /** The search text that the rows match. */
  text: string;
  error: AppError | undefined;
}

/** @param attempt another number asks again, e.g. when what was missing has come. */
export function useSelection(store: RecordStore, choice: Choice, period: Period, attempt: number): Selection {
  const [selection, setSelection] = useState<Selection>({ indexes: undefined, text: '', error: undefined });
  // Each view brings a new period object that says the same.
  const { from, to } = period;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again.
  useEffect(() => {
    let current = true;
    const text = choice.text.trim();
    store.select(rowFilter(choice, { from, to })).then(
      (indexes) => {
        if (current) setSelection({ indexes, text, error: undefined });
      },
      (thrown: unknown) => {
        if (current) setSelection((before) => ({ ...before, error: toAppError(thrown) }));
      },
    );
    return () => {
      current = false;
    };
  }, [store, choice, from, to, attempt]);
  return selection;
}
