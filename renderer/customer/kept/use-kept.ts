/** Until when records are kept, or will be, as the customer is told it. */
import { useFormat } from '../../ui/use-format.ts';
import { useVisit } from '../visit/context.ts';

export interface KeptWords {
  /** The customer came back for them. */
  again: boolean;
  /** Sealed already, and the customer has finished. */
  sealed: boolean;
  until: string;
}

/** Undefined where nothing is kept, nor will be. */
export function useKept(): KeptWords | undefined {
  const { view } = useVisit();
  const format = useFormat();
  const { kept, heldUntil } = view;
  const until = kept?.until ?? (view.grants?.keep ? heldUntil : undefined);
  if (until === undefined) return undefined;
  return {
    again: kept?.again === true,
    sealed: kept?.again === false,
    until: format.instant(Date.parse(until)),
  };
}
