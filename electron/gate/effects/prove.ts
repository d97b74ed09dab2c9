import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { IdentityAssertion } from '../../../shared/protocol/documents.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/** Has central check the proofs. The core holds them no longer than this call. */
export async function prove(deps: VisitDeps, visit: Visit): Promise<EffectResults['prove']> {
  const { secrets } = visit;
  let assertion: IdentityAssertion;
  try {
    assertion = await ask(deps, visit);
  } catch (error) {
    const { kind, triesLeft } = toAppError(error);
    await deps.audit.append('identity-failed', {
      ...auditFields(deps, visit),
      facts: { step: 'proofs', kind, ...(triesLeft === undefined ? {} : { triesLeft }) },
    });
    if (kind === 'identity-failed') return { passed: false, triesLeft: triesLeft ?? 0 };
    throw error;
  }
  await deps.audit.append('identity-passed', {
    ...auditFields(deps, visit),
    facts: { assertion: assertion.assertionId },
  });
  secrets.requireAlive();
  secrets.assertion = assertion;
  return { passed: true };
}

async function ask(deps: VisitDeps, { context, secrets }: Visit): Promise<IdentityAssertion> {
  const proofs = secrets.takeProofs();
  const { challengeId } = secrets;
  if (!proofs || challengeId === undefined) throw new Failure('wrong-state', { detail: 'no proofs' });
  const assertion = await deps.connection.call('prove', { params: { challengeId }, body: proofs });
  // The subject asked for is the subject proven, or nobody is.
  if (assertion.subscriber !== context.request?.subscriber) {
    throw new Failure('central-garbage', { detail: 'assertion of another subject' });
  }
  return assertion;
}
