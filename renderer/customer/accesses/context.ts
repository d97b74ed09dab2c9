/** Whether the list lies over the page of the visit. */
import { createContext, use } from 'react';
import type { CustomerView } from '../../../shared/contract/views.ts';
import { maySeeAccesses } from '../../../shared/domain/accesses.ts';

export interface AccessesHandle {
  open: boolean;
  show: (open: boolean) => void;
}

export const AccessesContext = createContext<AccessesHandle>({ open: false, show: () => undefined });

export const useAccessesHandle = (): AccessesHandle => use(AccessesContext);

/**
 * Whether the list can be asked for: identity has passed in this visit (the name is told from then on, until the
 * customer has finished), and it is the subject's own or their guardian's. The core decides again.
 */
export function offersAccesses({ phase, name, representation }: CustomerView): boolean {
  return name !== undefined && phase.startsWith('serving.') && maySeeAccesses(representation.kind);
}
