/** Who looked at me: fetched for the customer's window and nobody else, kept nowhere. */
import { type AccessPage, maySeeAccesses } from '../../shared/domain/accesses.ts';
import { Failure, toAppError } from '../../shared/domain/errors.ts';
import type { VisitPhase } from '../../shared/session/machine.ts';
import type { CounterSession } from './counter-session.ts';
import { noted } from './noted.ts';
import type { ScreenHolder } from './screen.ts';
import { auditFields, type VisitDeps } from './visit.ts';
import type { VisitSecrets } from './visit-secrets.ts';

/** Entries fetched at once: two screens of the list. */
const PAGE = 50;

interface Options extends Pick<VisitDeps, 'connection' | 'audit' | 'pseudonym'> {
  session: Pick<CounterSession, 'secrets' | 'context' | 'phase' | 'touch'>;
  screen: Pick<ScreenHolder, 'current'>;
}

/** The customer has finished, or the visit is over: their screen shows nothing of them any more. */
const over: ReadonlySet<VisitPhase> = new Set([
  'serving.finishing',
  'serving.finishFailed',
  'serving.followUp',
]);

/**
 * One page of the list, newest first. The customer's right once their identity has passed in this visit; a consent
 * to a lookup is not asked for.
 * @throws Failure 'wrong-state' before identity or after the end; 'forbidden' for an agent or a relative;
 * 'identity-expired', 'forbidden', 'bad-input',
 * 'central-*' from central.
 */
export async function readAccesses(
  options: Options,
  asked: { cursor?: string | undefined; refusedOnly: boolean },
): Promise<AccessPage> {
  const { session, connection, audit } = options;
  const { secrets, context } = session;
  const fields = secrets ? auditFields(options, { context, secrets }) : {};
  const { cursor, refusedOnly } = asked;
  const page = cursor === undefined ? 'first' : 'further';
  let found: AccessPage;
  try {
    const { assertionId } = requirePassed(options);
    found = await connection.call('accesses', {
      params: { assertionId },
      body: {
        sessionId: context.sessionId,
        limit: PAGE,
        refusedOnly,
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    // The visit may have ended meanwhile. SECURITY: S16 S19
    secrets?.requireAlive();
  } catch (error) {
    await audit.append('accesses-denied', { ...fields, facts: { page, kind: toAppError(error).kind } });
    throw noted(error);
  }
  // SECURITY: S10 on the disk before the customer sees an entry.
  await audit.append('accesses-viewed', {
    ...fields,
    facts: { page, refusedOnly, entries: found.entries.length },
  });
  requirePassed(options);
  session.touch();
  return found;
}

/** SECURITY: S1 S4 the customer's window only while the display is theirs, and only for who has proved themselves. */
function requirePassed({ session, screen }: Options): NonNullable<VisitSecrets['assertion']> {
  const { secrets, phase, context } = session;
  if (screen.current.holder === 'staff') throw new Failure('wrong-state', { detail: 'screen is with staff' });
  const assertion = secrets?.alive ? secrets.assertion : undefined;
  if (!assertion || !phase.startsWith('serving.') || over.has(phase)) {
    throw new Failure('wrong-state', { detail: 'identity' });
  }
  if (!maySeeAccesses(context.representation.kind))
    throw new Failure('forbidden', { detail: 'representation' });
  return assertion;
}
