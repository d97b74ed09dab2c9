/** The HTTPS servers: TLS 1.3 only; logging, limits and problems that are the same for every route. */
import { constants } from 'node:crypto';
import { createServer, type ServerOptions } from 'node:https';
import { Server as NetServer } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ApiName } from '../../shared/protocol/api.ts';
import { problem } from '../../shared/protocol/problem.ts';
import type { Device, StaffSession } from './auth.ts';
import type { Authority } from './pki/authority.ts';
import { sendProblem, toProblem } from './problems.ts';
import { describeCrash, type ServiceLog } from './service-log.ts';

/** Who a request comes from, as far as it has been established. */
export interface Actor {
  readonly action: ApiName;
  readonly now: number;
  device?: Device;
  staff?: StaffSession;
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | undefined;
  }
}

/**
 * Tests may answer in the service's place (an error, garbage, a cut connection): `true` says it is dealt with.
 * Not part of the service.
 */
export type Intercept = (request: FastifyRequest, reply: FastifyReply) => boolean | Promise<boolean>;

export interface AppOptions {
  readonly tls: ServerOptions;
  readonly log: ServiceLog;
  readonly intercept?: Intercept | undefined;
}

/** TLS of the counters' listener: both sides show certificates of the same CA. // SECURITY: S13 */
export function mutualTls(authority: Authority): ServerOptions {
  return {
    ...serverTls(authority),
    ca: authority.root.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
  };
}

/** TLS of the enrolment listener: a new counter has no certificate yet. */
export function serverTls(authority: Authority): ServerOptions {
  return {
    key: authority.server.privateKeyPem,
    cert: authority.server.certificatePem,
    minVersion: 'TLSv1.3',
    // A resumed session would skip the check of the client's certificate.
    secureOptions: constants.SSL_OP_NO_TICKET,
    requestTimeout: 60_000,
    // Longer than a customer reads between two pages: a counter keeps its connection.
    keepAliveTimeout: 75_000,
  };
}

/** A server without routes. */
export function buildApp({ tls, log, intercept }: AppOptions): FastifyInstance {
  const app = fastify({
    serverFactory: (handler) => createServer(tls, handler),
    // Fastify's own log would hold URLs; ours has the pattern only.
    logger: false,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 64 },
  });
  // JSON and what enrolment adds: nothing else is read.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('actor', undefined);
  if (intercept) addIntercept(app, intercept);
  app.addHook('onSend', async (_request, reply) => {
    if (draining.has(app)) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    log.write({
      event: 'answered',
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setErrorHandler((error, _request, reply) => {
    const doc = toProblem(error);
    if (doc.kind === 'internal') log.write(describeCrash(error));
    return sendProblem(reply, doc);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, { ...problem('bad-input', { detail: 'unknown route' }), status: 404 }),
  );
  return app;
}

/**
 * Takes no new connections and ends those there are without losing a request: each is told with its next answer that it
 * was the last. Counters ask every ten seconds, so that within a little more than that they are at another process.
 * @param limitMs after which what is left is cut by closing the server
 */
export async function drain(app: FastifyInstance, limitMs: number): Promise<void> {
  const { server } = app;
  draining.add(app);
  const { promise, resolve } = Promise.withResolvers<void>();
  // Not the HTTP server's own: that cuts idle connections at once, on which a request may be on its way.
  NetServer.prototype.close.call(server, () => resolve());
  const limit = setTimeout(resolve, limitMs);
  await promise;
  clearTimeout(limit);
}

/** Servers whose answers end their connections. */
const draining = new WeakSet<FastifyInstance>();

function addIntercept(app: FastifyInstance, intercept: Intercept): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!(await intercept(request, reply))) return;
    // Answered, cut or left hanging by the test: fastify has nothing more to do.
    if (!reply.sent) reply.hijack();
    return reply;
  });
}
