import { Failure } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import type { Visit, VisitDeps } from '../visit.ts';
import { holdRecords } from './hold-records.ts';

/**
 * The customer is done: the core's content key goes, then all that their window holds. What they agreed to have kept
 * is sealed from what the core still holds, which goes next.
 */
export async function wipeContent(deps: VisitDeps, visit: Visit): Promise<EffectResults['wipeContent']> {
  const { context, secrets } = visit;
  const keeps = context.grants?.keep === true && !context.kept;
  // SECURITY: S11 the key first: what is left in the window's storage is noise from here on.
  if (keeps) secrets.beginHolding();
  else secrets.destroyContent();
  await deps.wiper.wipe('customer', secrets.sessionId).catch(() => {
    throw new Failure('erase-failed', { detail: 'customer' });
  });
  // While nobody can read it any more.
  const kept = keeps ? await holdRecords(deps, visit) : undefined;
  secrets.destroyContent();
  return { kept };
}
