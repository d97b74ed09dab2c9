/** Every way to say no, as RFC 9457 problem documents. */
import type { FastifyError, FastifyReply } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../shared/domain/errors.ts';
import { type Problem, problem } from '../../shared/protocol/problem.ts';

/** What anything thrown while answering means to the counter. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Failure) {
    const { kind, detail, triesLeft } = thrown.error;
    return problem(kind, {
      ...(detail === undefined ? {} : { detail }),
      ...(triesLeft === undefined ? {} : { triesLeft }),
    });
  }
  if (thrown instanceof z.ZodError) return problem('bad-input', { detail: describeIssue(thrown) });
  // Fastify's own refusals: no JSON, body too large, another media type.
  if (isFastifyError(thrown) && thrown.statusCode !== undefined && thrown.statusCode < 500) {
    return { ...problem('bad-input', { detail: thrown.code }), status: thrown.statusCode };
  }
  // SECURITY: S12 S16 what went wrong inside stays inside.
  return problem('internal');
}

/** Sends a problem document. */
export function sendProblem(reply: FastifyReply, doc: Problem): FastifyReply {
  // As bytes: to text fastify would add a charset that neither media type has.
  return reply
    .code(doc.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(doc)));
}

/** The first issue as `path: code`. // SECURITY: S12 never the value, nor names that the sender chose. */
function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'invalid';
  const path = issue.path.map(String).join('.');
  return `${path || 'body'}: ${issue.code}`.slice(0, 300);
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && 'code' in thrown && 'statusCode' in thrown;
}
