/** Typed calls to central over mutual TLS. Every answer is parsed; every failure is one of our kinds. */
import { Agent } from 'node:https';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import { type ErrorKind, Failure } from '../../shared/domain/errors.ts';
import {
  type ApiName,
  type ApiRequest,
  type ApiResponse,
  api,
  apiPath,
  type Endpoint,
} from '../../shared/protocol/api.ts';
import { HEARTBEAT_SECONDS } from '../../shared/protocol/changes.ts';
import { problemSchema, problemToError } from '../../shared/protocol/problem.ts';
import { readEvents, type StreamEvent } from './event-stream.ts';
import { ANSWER_LIMIT, type Answer, exchange, tlsOptions } from './exchange.ts';

export interface CallOptions<N extends ApiName> {
  params?: Record<string, string | number>;
  body?: ApiRequest<N>;
  /** Staff token, for endpoints that need one. */
  token?: string | undefined;
  /** Bytes read at most. */
  limit?: number;
  query?: Record<string, string | number>;
  /** Instead of the client's own limit, for an answer that waits for something to happen. */
  timeoutMs?: number;
}

/** Server-Sent Events of an endpoint that has them. */
export interface EventOptions {
  query?: Record<string, string | number>;
  /** Where an earlier stream ended. */
  lastEventId?: string;
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
}

export interface CentralClient {
  /** @throws Failure */
  call<N extends ApiName>(name: N, options?: CallOptions<N>): Promise<ApiResponse<N>>;
  /** Resolves when the stream ends. @throws Failure */
  events(name: ApiName, options: EventOptions): Promise<void>;
  close(): void;
}

export interface ClientOptions {
  url: string;
  caPem: string;
  /** PEM of the counter's certificate, and of its key. */
  certificatePem: string;
  keyPem: string;
  timeoutMs: number;
  /** Told of every attempt: an authenticated answer came, or why none did. */
  onOutcome: (outcome: 'answered' | ErrorKind) => void;
}

export function createClient(options: ClientOptions): CentralClient {
  // One agent an identity: a pooled connection never serves another certificate. SECURITY: S13
  const identity = {
    ...tlsOptions(options.caPem),
    cert: options.certificatePem,
    key: options.keyPem,
  };
  const agent = new Agent({ ...identity, keepAlive: true, maxSockets: 8 });
  // A stream keeps its connection: it must not take one from those who ask.
  const streams = new Agent({ ...identity, keepAlive: false });
  return {
    async call(name, { params = {}, body, token, limit = ANSWER_LIMIT, query = {}, timeoutMs } = {}) {
      const endpoint: Endpoint = api[name];
      if (endpoint.staff && token === undefined) throw new Failure('not-signed-in');
      const url = addressOf(options.url, apiPath(name, params), query);
      let answer: Answer;
      try {
        answer = await exchange({
          agent,
          url,
          method: endpoint.method,
          headers: {
            accept: 'application/json, application/problem+json, application/octet-stream',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(endpoint.staff && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
          },
          body: body === undefined ? undefined : JSON.stringify(body),
          timeoutMs: timeoutMs ?? options.timeoutMs,
          limit,
        });
      } catch (error) {
        if (error instanceof Failure) options.onOutcome(error.error.kind);
        throw error;
      }
      const read = readAnswer(endpoint, answer);
      options.onOutcome(read.outcome);
      if ('failure' in read) throw read.failure;
      return read.value as ApiResponse<typeof name>;
    },
    async events(name, { query = {}, lastEventId, signal, onEvent }) {
      try {
        const answer = await readEvents({
          agent: streams,
          url: addressOf(options.url, apiPath(name), query),
          headers: {
            accept: 'text/event-stream, application/problem+json',
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
          timeoutMs: options.timeoutMs,
          stallMs: STALL_MS,
          signal,
          onEvent,
          onBeat: () => options.onOutcome('answered'),
        });
        if (!answer) return;
        // No stream: a problem, or something else that is none of ours.
        const read = readAnswer(api[name], answer);
        throw 'failure' in read ? read.failure : new Failure('central-garbage', { detail: 'no stream' });
      } catch (error) {
        if (error instanceof Failure) options.onOutcome(error.error.kind);
        throw error;
      }
    },
    close: () => {
      agent.destroy();
      streams.destroy();
    },
  };
}

/** Two signs of life and a half. */
const STALL_MS = HEARTBEAT_SECONDS * 2_500;

function addressOf(base: string, path: string, query: Record<string, string | number>): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

type Read = { outcome: 'answered' | ErrorKind } & ({ value: unknown } | { failure: Failure });

/** Exported for its tests: what an answer means. */
export function readAnswer(endpoint: Endpoint, answer: Answer): Read {
  const { status } = answer;
  if (status >= 200 && status < 300) return readSuccess(endpoint, answer);
  // A redirect leads away from the one address that is trusted.
  if (status < 400) return refusal('central-garbage', status);
  const problem = problemSchema.safeParse(parseJson(answer));
  if (!problem.success) return refusal(status >= 500 ? 'central-failed' : 'central-refused', status);
  const { kind, detail, triesLeft } = problemToError(problem.data);
  const failure = new Failure(status >= 500 ? 'central-failed' : kind, {
    ...(detail === undefined ? {} : { detail }),
    ...(triesLeft === undefined ? {} : { triesLeft }),
  });
  return { outcome: status >= 500 ? 'central-failed' : 'answered', failure };
}

function readSuccess(endpoint: Endpoint, answer: Answer): Read {
  if (endpoint.response === undefined) {
    if (answer.contentType !== 'application/octet-stream') return refusal('central-garbage', answer.status);
    return { outcome: 'answered', value: answer.body };
  }
  // SECURITY: S3 an answer of another shape is no answer.
  const parsed = endpoint.response.safeParse(parseJson(answer));
  return parsed.success
    ? { outcome: 'answered', value: parsed.data }
    : refusal('central-garbage', answer.status);
}

function refusal(kind: ErrorKind, status: number): Read {
  return { outcome: kind, failure: new Failure(kind, { detail: `HTTP ${status}` }) };
}

function parseJson({ body }: Answer): unknown {
  try {
    return JSON.parse(fromUtf8(body));
  } catch {
    return undefined;
  }
}
