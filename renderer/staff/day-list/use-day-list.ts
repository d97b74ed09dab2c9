/** The day list of one day, asked for again whenever a visit ends. */
import { useEffect, useState } from 'react';
import type { CaseRow } from '../../../shared/domain/case.ts';
import type { AppError } from '../../../shared/domain/errors.ts';
import { useStaff } from '../context.ts';

export interface DayListState {
  rows: CaseRow[] | undefined;
  error: AppError | undefined;
  reload: () => void;
}

export function useDayList(day: string): DayListState {
  const { api, view } = useStaff();
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string; rows?: CaseRow[]; error?: AppError }>({ key: '' });
  const isOver = view.phase === 'idle' || view.phase === 'ended';
  // What is kept comes and goes by itself, and the rows say so.
  const kept = view.heldCases.map(({ caseId, state }) => `${caseId} ${state}`).join();
  const key = `${day} ${turn} ${isOver} ${kept}`;
  useEffect(() => {
    let gone = false;
    void api.call('dayList', { day }).then((result) => {
      if (!gone) setState(result.ok ? { key, rows: result.value } : { key, error: result.error });
    });
    return () => {
      gone = true;
    };
  }, [api, day, key]);
  // While a newer answer is on its way, the rows of the same day stay.
  const fits = state.key.startsWith(`${day} `);
  return {
    rows: fits ? state.rows : undefined,
    error: fits ? state.error : undefined,
    reload: () => setTurn(turn + 1),
  };
}
