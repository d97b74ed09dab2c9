import { isDeepStrictEqual } from 'node:util';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { pageCounts } from '../../../shared/domain/notice-pages.ts';
import { dayOf, periodProblem } from '../../../shared/domain/period.ts';
import {
  grantsOffered,
  type Policy,
  representationProblem,
  signerRule,
} from '../../../shared/domain/policy.ts';
import type { Representation } from '../../../shared/domain/representation.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Whether the policy in force allows what is asked. @throws Failure naming the field */
export function checkRequest(
  request: LookupRequest,
  representation: Representation,
  policy: Policy,
  now: number,
): void {
  const problem = periodProblem(request.period, dayOf(now), policy.maxPeriodMonths);
  if (problem) throw new Failure(problem);
  const category = request.categories.every((name) => policy.categories.includes(name));
  if (!category) throw new Failure('scope-exceeded', { detail: 'categories' });
  if (!policy.purposes.includes(request.purpose)) throw new Failure('scope-exceeded', { detail: 'purpose' });
  const wrong = representationProblem(policy, representation, request);
  if (wrong) throw new Failure('representation-refused', { detail: wrong });
}

/** Fetches policy and notice in force and checks the request against them. */
export async function prepare(deps: VisitDeps, visit: Visit): Promise<EffectResults['prepare']> {
  const { context, secrets } = visit;
  try {
    const { request, representation } = context;
    if (!request) throw new Failure('wrong-state');
    const policy = await deps.policies.forVisit();
    // What was looked up then is not asked for again: its period may lie further back than a new request's could.
    if (!context.kept) checkRequest(request, representation, policy, deps.clock.now());
    else if (!deps.held.current(context.kept.caseId)) throw new Failure('held-ended');
    secrets.requireAlive();
    const { kind } = representation;
    const rule = signerRule(policy, kind);
    const before = secrets.policy && signerRule(secrets.policy, kind);
    // SECURITY: S9 what was signed under another version is nothing under this one.
    if (context.renewed) secrets.startAnew();
    secrets.policy = policy;
    return {
      policyVersion: policy.version,
      questionTries: policy.questionTries,
      pageCounts: pageCounts(policy),
      offered: context.kept ? [] : grantsOffered(policy, kind),
      witnessWanted: rule?.witnessed ?? true,
      identityStands: isDeepStrictEqual(before?.proofs, rule?.proofs),
    };
  } catch (error) {
    await deps.audit.append('session-refused', {
      ...auditFields(deps, visit),
      facts: { kind: toAppError(error).kind },
    });
    throw error;
  }
}
