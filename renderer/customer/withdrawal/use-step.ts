/** A step of the withdrawal, asked of the core. */
import type { WithdrawalAction } from '../../../shared/contract/withdrawal.ts';
import { useVisit } from '../visit/context.ts';

export function useStep(): { step: (action: WithdrawalAction) => Promise<boolean>; busy: boolean } {
  const { call, busy } = useVisit();
  return { step: (action) => call('withdrawal', action), busy };
}
