/**
 * Binds handlers to the endpoints of `shared/protocol/api.ts`: a route has no method, path or schema of its
 * own. Order for each request: counter, staff, path, body, handler, answer.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../../shared/domain/errors.ts';
import { layerSchema } from '../../shared/domain/lookup.ts';
import { parsePageRun } from '../../shared/domain/page-run.ts';
import {
  type ApiName,
  type ApiQuery,
  type ApiRequest,
  type ApiResponse,
  api,
  type Endpoint,
} from '../../shared/protocol/api.ts';
import { changesQuerySchema } from '../../shared/protocol/changes.ts';
import { writeAccess } from './access-log.ts';
import { subjectOf } from './accesses/subject.ts';
import type { Actor } from './app.ts';
import { authenticateDevice, type Device, type StaffSession } from './auth.ts';
import { startOf, streamChanges, wantsEvents } from './changes/events.ts';
import type { Context } from './context.ts';
import { sendProblem, toProblem } from './problems.ts';
import { describeCrash } from './service-log.ts';
import { requireWholeTexts } from './whole-texts.ts';

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/** A request that has passed all checks that are the same for every endpoint. */
interface Call<N extends ApiName> {
  readonly device: Device;
  readonly staff: (typeof api)[N]['staff'] extends true ? StaffSession : undefined;
  readonly params: Readonly<Record<ParameterNames<(typeof api)[N]['path']>, string>>;
  readonly query: ApiQuery<N>;
  readonly body: ApiRequest<N>;
  /** When it arrived, by the service's clock, epoch ms. */
  readonly now: number;
}

type Handler<N extends ApiName> = (call: Call<N>) => Promise<ApiResponse<N>>;
export type Handlers = { readonly [N in ApiName]: Handler<N> };

/** Bytes a body may have; a consent carries a picture. */
const BODY_LIMIT = 1_048_576;
const CONSENT_BODY_LIMIT = 16 * 1_048_576;

const parameterSchemas: Record<string, z.ZodType<string>> = {
  challengeId: z.uuid(),
  assertionId: z.uuid(),
  consentId: z.uuid(),
  lookupId: z.uuid(),
  caseId: z.uuid(),
  day: z.iso.date(),
  withdrawalId: z.uuid(),
  layer: layerSchema,
  pages: z.string().refine((text) => parsePageRun(text) !== undefined),
};

/** Binds every endpoint; a missing handler does not compile. */
export function bindRoutes(app: FastifyInstance, context: Context, handlers: Handlers): void {
  for (const name of Object.keys(api) as ApiName[]) bindRoute(app, context, name, handlers[name]);
}

function bindRoute<N extends ApiName>(
  app: FastifyInstance,
  context: Context,
  name: N,
  handler: (call: never) => Promise<unknown>,
): void {
  const endpoint: Endpoint = api[name];
  app.route({
    method: endpoint.method,
    url: endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: name === 'submitConsent' ? CONSENT_BODY_LIMIT : BODY_LIMIT,
    // Before the body is read: nobody unknown makes the service parse anything.
    onRequest: async (request) => {
      const actor: Actor = { action: name, now: context.now() };
      request.actor = actor;
      actor.device = await authenticateDevice(context.db, request.raw.socket);
      if (!endpoint.staff) return;
      const { authorization } = request.headers;
      actor.staff = await context.tokens.authenticate(authorization, actor.device, actor.now);
    },
    handler: async (request, reply) => {
      const { device, staff, now } = request.actor ?? {};
      if (!device) throw new Failure('forbidden');
      const params = parseParameters(request.params);
      const body = endpoint.request?.parse(request.body ?? {});
      requireWholeTexts(body);
      const query = endpoint.query?.parse(request.query ?? {});
      if (endpoint.events && wantsEvents(request)) {
        const { after } = changesQuerySchema.parse(request.query ?? {});
        return streamChanges(context, device, startOf(request, after), reply);
      }
      const call = { device, staff, params, query, body, now };
      // The schema that parsed `body` and the handler come from the same entry of the API object.
      const answer = await handler(call as never);
      if (recordedHere.has(name)) await logAnswer(context, request, params);
      if (answer instanceof Uint8Array) return reply.type('application/octet-stream').send(answer);
      // SECURITY: S3 what leaves is parsed too: a field that the API does not name never goes out.
      return reply
        .type('application/json')
        .send(Buffer.from(JSON.stringify(endpoint.response?.parse(answer))));
    },
    errorHandler: async (error, request, reply) => {
      const doc = toProblem(error);
      if (doc.kind === 'internal') context.log.write(describeCrash(error));
      await logDenial(context, request, doc.kind);
      return sendProblem(reply, doc);
    },
  });
}

function parseParameters(params: unknown): Record<string, string> {
  const parsed: Record<string, string> = {};
  for (const [key, value] of Object.entries(z.record(z.string(), z.string()).parse(params ?? {}))) {
    const schema = parameterSchemas[key];
    const result = schema?.safeParse(value);
    if (!result?.success) throw new Failure('bad-input', { detail: `${key}: path parameter` });
    parsed[key] = result.data;
  }
  return parsed;
}

/** Answers that concern a subject and that no handler has written down with its own change already. */
const recordedHere: ReadonlySet<ApiName> = new Set<ApiName>(['challenge', 'prove']);

/** SECURITY: S10 every answer about a subject has an entry, before it leaves. */
async function logAnswer(
  context: Context,
  request: FastifyRequest,
  params: Record<string, string>,
): Promise<void> {
  const { actor } = request;
  await writeAccess(context.db, {
    at: actor?.now ?? context.now(),
    deviceId: actor?.device?.id,
    staffId: actor?.staff?.staff.id,
    action: actor?.action ?? 'unknown',
    outcome: 'answered',
    ...(await subjectOf(context, { body: request.body, params })),
  });
}

const loggedIds = z.object({ consentId: z.uuid().optional(), lookupId: z.uuid().optional() });

/** SECURITY: S10 every denial has an entry. */
async function logDenial(context: Context, request: FastifyRequest, kind: string): Promise<void> {
  const { actor } = request;
  const ids = { ...loggedIds.safeParse(request.body).data, ...loggedIds.safeParse(request.params).data };
  await writeAccess(context.db, {
    at: actor?.now ?? context.now(),
    deviceId: actor?.device?.id,
    staffId: actor?.staff?.staff.id,
    action: actor?.action ?? 'unknown',
    outcome: kind,
    ...ids,
    ...(await subjectOf(context, request)),
  });
}
