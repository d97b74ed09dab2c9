/** What every screen of a visit stands in. */
import { createContext, use } from 'react';
import type { CommandArgs, CommandName, PlaneApi } from '../../../shared/contract/contract.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import type { RecordsKeeper } from './keeper.ts';

export interface Visit {
  view: CustomerView;
  api: PlaneApi<'customer'>;
  records: RecordsKeeper;
  /** Calls the core and shows a calm message where it fails. Answers whether it went through. */
  call: <N extends CommandName<'customer'>>(name: N, args: CommandArgs<'customer', N>) => Promise<boolean>;
  /** A call is under way: the next action waits, so that a double tap is one tap. */
  busy: boolean;
}

export const VisitContext = createContext<Visit | undefined>(undefined);

/** The visit that this screen belongs to. Throws outside of one: a mistake of ours, not a state. */
export function useVisit(): Visit {
  const visit = use(VisitContext);
  if (!visit) throw new TypeError('no visit');
  return visit;
}
