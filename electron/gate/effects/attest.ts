import { hashOf } from '../../../shared/canonical/hash.ts';
import type { Witnesses } from '../../../shared/domain/consent.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/types.ts';
import { auditFields, type Visit, type VisitDeps } from '../visit.ts';

/**
 * Has central confirm a second member of staff, who has seen what was signed. Their PIN is in the core no longer
 * than this call. SECURITY: S6 S8 S17
 */
export async function attest(deps: VisitDeps, visit: Visit): Promise<EffectResults['attest']> {
  const { context, secrets } = visit;
  let witnesses: Witnesses;
  try {
    witnesses = await ask(deps, visit);
  } catch (error) {
    const { kind, triesLeft } = toAppError(error);
    await deps.audit.append('staff-sign-in-refused', {
      ...auditFields(deps, visit),
      facts: { step: 'witness', kind, ...(triesLeft === undefined ? {} : { triesLeft }) },
    });
    throw error;
  }
  await deps.audit.append('mark-witnessed', {
    ...auditFields(deps, visit),
    facts: {
      method: context.method,
      representation: context.representation.kind,
      witness: witnesses[1]?.staffId ?? '',
    },
  });
  secrets.requireAlive();
  secrets.witnesses = witnesses;
  return undefined;
}

async function ask(deps: VisitDeps, { context, secrets }: Visit): Promise<Witnesses> {
  const credentials = secrets.takeCredentials();
  const { signature } = secrets;
  const { request, sessionId, staffId } = context;
  if (!credentials || !signature || !request)
    throw new Failure('wrong-state', { detail: 'nothing to witness' });
  // SECURITY: S8 known here already; central decides again.
  if (credentials.staffId === staffId) throw new Failure('witness-refused', { detail: 'the same staff' });
  const { witnesses } = await deps.connection
    .call('attest', {
      body: {
        ...credentials,
        sessionId,
        subscriber: request.subscriber,
        inkSha256: await hashOf(signature.ink),
      },
    })
    .catch((error: unknown) => {
      const { kind, triesLeft } = toAppError(error);
      // The words of a sign-in would say that the counter is closed; here only the witness failed.
      if (kind !== 'sign-in-refused') throw error;
      throw new Failure('witness-refused', triesLeft === undefined ? {} : { triesLeft });
    });
  if (witnesses[0]?.staffId !== staffId || witnesses[1]?.staffId !== credentials.staffId) {
    throw new Failure('central-garbage', { detail: 'witnesses' });
  }
  return witnesses;
}
