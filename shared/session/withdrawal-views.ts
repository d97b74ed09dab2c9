/** What each window is told of a withdrawal: pure projections. What a plane may not know has no way in. */
import type { CustomerWithdrawal, StaffWithdrawal } from '../contract/withdrawal.ts';
import type { WithdrawalContext, WithdrawalPhase, WithdrawalResult } from './withdrawal.ts';

function shared({ staffId, way, triesLeft, result, outcome, error }: WithdrawalContext) {
  return {
    staffId,
    ...(way === undefined ? {} : { way }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
    ...(result === undefined ? {} : { result: resultOf(result) }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(error === undefined ? {} : { error }),
  };
}

function resultOf({ whole, purposes, at, counters }: WithdrawalResult) {
  return { whole, purposes, at, counters };
}

/** SECURITY: S4 neither number nor list. */
export function staffWithdrawal(phase: WithdrawalPhase, context: WithdrawalContext): StaffWithdrawal {
  return { phase, ...shared(context) };
}

export function customerWithdrawal(phase: WithdrawalPhase, context: WithdrawalContext): CustomerWithdrawal {
  const { maskedNumber, proofs, consents, chosen } = context;
  return {
    phase,
    ...shared(context),
    proofs,
    consents,
    ...(maskedNumber === undefined ? {} : { maskedNumber }),
    ...(chosen === undefined ? {} : { chosen }),
  };
}
