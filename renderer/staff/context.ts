/** What every part of the staff window may use. */
import { createContext, useContext } from 'react';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import type { StaffView, Status } from '../../shared/contract/views.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import type { Palette } from '../ui/theme.ts';
import type { RecordsState, SessionRecords } from './records/session-records.ts';

export interface StaffContextValue {
  api: PlaneApi<'staff'>;
  view: StaffView;
  status: Status | undefined;
  statusError: AppError | undefined;
  records: RecordsState;
  retryRecords: SessionRecords['retry'];
  palette: Palette;
}

export const StaffContext = createContext<StaffContextValue | undefined>(undefined);

export function useStaff(): StaffContextValue {
  const value = useContext(StaffContext);
  if (!value) throw new TypeError('outside the staff window');
  return value;
}
