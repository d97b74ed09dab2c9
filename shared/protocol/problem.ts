/** RFC 9457 problem details: how central says no. */
import { z } from 'zod';
import { type AppError, appError, appErrorSchema, type ErrorKind, errorKinds } from '../domain/errors.ts';

export const PROBLEM_TYPE_PREFIX = 'urn:zhiqing:problem:';

/** `type` is {@link PROBLEM_TYPE_PREFIX} plus the kind; `detail` names a field, never a customer's value. */
export const problemSchema = z.object({
  type: z.string().startsWith(PROBLEM_TYPE_PREFIX),
  title: z.string(),
  status: z.number().int().min(400).max(599),
  kind: z.enum(errorKinds),
  detail: z.string().max(300).optional(),
  triesLeft: appErrorSchema.shape.triesLeft,
});
export type Problem = z.infer<typeof problemSchema>;

/** HTTP status for each kind that central answers with. */
export const problemStatus: Partial<Record<ErrorKind, number>> = {
  'bad-input': 400,
  'sign-in-refused': 401,
  'not-signed-in': 401,
  'staff-session-expired': 401,
  forbidden: 403,
  'too-many-tries': 429,
  'unknown-subscriber': 404,
  'identity-failed': 403,
  'code-expired': 410,
  'identity-expired': 403,
  'period-too-long': 422,
  'period-not-valid': 422,
  'policy-changed': 409,
  'policy-expired': 409,
  'representation-refused': 403,
  'witness-refused': 403,
  'consent-required': 403,
  'consent-rejected': 422,
  'consent-expired': 403,
  'withdrawal-code-unknown': 404,
  'scope-exceeded': 403,
  'audit-failed': 409,
  internal: 500,
};

/** A problem document from a kind. */
export function problem(kind: ErrorKind, extra: { detail?: string; triesLeft?: number } = {}): Problem {
  return {
    type: `${PROBLEM_TYPE_PREFIX}${kind}`,
    title: kind.replaceAll('-', ' '),
    status: problemStatus[kind] ?? 500,
    kind,
    ...extra,
  };
}

/** The counter's view of a problem: the kind central named, as an {@link AppError}. */
export function problemToError(doc: Problem): AppError {
  const { detail, triesLeft } = doc;
  return appError(doc.kind === 'internal' ? 'central-failed' : doc.kind, {
    ...(detail === undefined ? {} : { detail }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
  });
}
