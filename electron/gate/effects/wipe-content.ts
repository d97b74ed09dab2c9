import { Failure } from '../../../shared/domain/errors.ts';
import type { EffectResults } from '../../../shared/session/machine.ts';
import type { Visit, VisitDeps } from '../visit.ts';

/** The customer is done: the core's content key goes, then all that their window holds. */
export async function wipeContent(
  deps: VisitDeps,
  { secrets }: Visit,
): Promise<EffectResults['wipeContent']> {
  // SECURITY: S11 the key first: what is left in the window's storage is noise from here on.
  secrets.destroyContent();
  await deps.wiper.wipe('customer', secrets.sessionId).catch(() => {
    throw new Failure('erase-failed', { detail: 'customer' });
  });
  return undefined;
}
