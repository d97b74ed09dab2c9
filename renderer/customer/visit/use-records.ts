/** The records of the visit as React state. */
import { useEffect, useSyncExternalStore } from 'react';
import { useVisit } from './context.ts';
import type { RecordsState } from './keeper.ts';

/** Opens the records when a screen needs them. */
export function useRecords(): RecordsState {
  const { records } = useVisit();
  const state = useSyncExternalStore(records.subscribe, records.state);
  useEffect(() => {
    void records.open();
  }, [records]);
  return state;
}
