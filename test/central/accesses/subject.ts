/** Whose data a request is about, by what central itself was asked and holds. */
import { z } from 'zod';
import { subscriberSchema } from '../../../shared/domain/scope.ts';
import type { Context } from '../context.ts';

const number = subscriberSchema.optional().catch(undefined);
/** Everything else of a body is looked past: it may be one that was refused for its form. */
const bodySchema = z.object({
  subscriber: number,
  sessionId: z.uuid().optional().catch(undefined),
  request: z.object({ subscriber: number }).optional().catch(undefined),
  consent: z
    .object({ scope: z.object({ subscriber: number }) })
    .optional()
    .catch(undefined),
  authority: z.object({ assertionId: z.uuid() }).optional().catch(undefined),
});
const paramsSchema = z.object({
  challengeId: z.uuid().optional().catch(undefined),
  assertionId: z.uuid().optional().catch(undefined),
});

/** Where an access belongs. */
export interface AccessSubject {
  /** Keyed pseudonym of the number. */
  readonly subject?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** The pseudonym under which a number's accesses are kept. // SECURITY: S12 no number in a log */
export function accessSubject({ keys }: Pick<Context, 'keys'>, subscriber: string): string {
  return keys.pseudonym('number', `access:${subscriber}`);
}

/**
 * Whose data a request asks for. An attempt counts for the number it names, whether it was allowed or not;
 * what names a consent or a lookup only is joined to its subscriber when the list is read.
 */
export async function subjectOf(
  context: Pick<Context, 'db' | 'keys'>,
  { body, params }: { body: unknown; params: unknown },
): Promise<AccessSubject> {
  const asked = bodySchema.safeParse(body).data;
  const named = asked?.subscriber ?? asked?.request?.subscriber ?? asked?.consent?.scope.subscriber;
  const { challengeId, assertionId = asked?.authority?.assertionId } =
    paramsSchema.safeParse(params).data ?? {};
  const challenge =
    challengeId === undefined && assertionId === undefined
      ? undefined
      : await context.db
          .selectFrom('challenges')
          .select(['subscriber', 'session_id'])
          .where((e) =>
            challengeId === undefined ? e('assertion_id', '=', assertionId ?? '') : e('id', '=', challengeId),
          )
          .executeTakeFirst();
  const subscriber = named ?? challenge?.subscriber;
  return {
    subject: subscriber === undefined ? undefined : accessSubject(context, subscriber),
    sessionId: challenge?.session_id ?? asked?.sessionId,
  };
}
