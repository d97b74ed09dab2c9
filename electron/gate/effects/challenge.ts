import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Has central send the one-time code to the number. */
export async function challenge(deps: VisitDeps, visit: Visit): Promise<EffectResults['challenge']> {
  const { context, secrets } = visit;
  const { request, sessionId, representation } = context;
  if (!request) throw new Failure('wrong-state');
  try {
    const answer = await deps.connection.call('challenge', {
      body: { sessionId, subscriber: request.subscriber, representation: representation.kind },
    });
    await deps.audit.append('identity-challenged', auditFields(deps, visit));
    secrets.requireAlive();
    secrets.challengeId = answer.challengeId;
    return { proofs: answer.proofs, triesLeft: answer.triesLeft };
  } catch (error) {
    // The entry of a challenge that was answered is written above; this one is of a denial.
    const { kind } = toAppError(error);
    if (kind !== 'wrong-state' && kind !== 'audit-failed') {
      await deps.audit.append('identity-failed', {
        ...auditFields(deps, visit),
        facts: { step: 'challenge', kind },
      });
    }
    throw error;
  }
}
