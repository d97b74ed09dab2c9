import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { dayOf, periodProblem } from '../../../shared/domain/period.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Whether the policy in force allows what is asked. @throws Failure naming the field */
export function checkRequest(request: LookupRequest, policy: Policy, now: number): void {
  const problem = periodProblem(request.period, dayOf(now), policy.maxPeriodMonths);
  if (problem) throw new Failure(problem);
  const category = request.categories.every((name) => policy.categories.includes(name));
  if (!category) throw new Failure('scope-exceeded', { detail: 'categories' });
  if (!policy.purposes.includes(request.purpose)) throw new Failure('scope-exceeded', { detail: 'purpose' });
}

/** Fetches policy and notice in force and checks the request against them. */
export async function prepare(deps: VisitDeps, visit: Visit): Promise<EffectResults['prepare']> {
  const { context, secrets } = visit;
  try {
    const { request } = context;
    if (!request) throw new Failure('wrong-state');
    const policy = await deps.policies.fetch();
    checkRequest(request, policy, deps.clock.now());
    secrets.requireAlive();
    secrets.policy = policy;
    return { policyVersion: policy.version, questionTries: policy.questionTries };
  } catch (error) {
    await deps.audit.append('session-refused', {
      ...auditFields(deps, visit),
      facts: { kind: toAppError(error).kind },
    });
    throw error;
  }
}
