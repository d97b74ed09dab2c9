/** A bare counter for tests: real TLS, no product code but the shared formats. */
import { Agent, request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import {
  type ApiName,
  type ApiRequest,
  type ApiResponse,
  api,
  apiPath,
} from '../../../shared/protocol/api.ts';
import { type Problem, problemSchema } from '../../../shared/protocol/problem.ts';
import type { Identity } from '../pki/identity.ts';
import type { Central } from '../service.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

export type Tls = Pick<ConnectionOptions, 'cert' | 'key' | 'ca' | 'maxVersion'>;

/** One request, on a connection of its own without an agent. Rejects when the connection is refused. */
export function send(
  url: string,
  tls: Tls,
  options: { method: string; headers?: Record<string, string>; body?: string | Buffer; agent?: Agent },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method, headers = {}, body, agent = false } = options;
  const outgoing = request(url, { ...tls, method, headers, agent }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        type: response.headers['content-type'] ?? '',
        body: Buffer.concat(chunks),
      }),
    );
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

export interface CallInput<N extends ApiName> {
  readonly params?: Record<string, string | number>;
  readonly body?: ApiRequest<N> | unknown;
  readonly token?: string | undefined;
  readonly query?: Record<string, string | number>;
  readonly headers?: Record<string, string>;
}

/** A counter with one certificate. */
export class TestCounter {
  readonly central: Central;
  readonly identity: Identity;
  /** Sent with each call once signed in. */
  token: string | undefined;
  /** One connection kept for all calls. The service ends it when it closes. */
  readonly #agent = new Agent({ keepAlive: true });

  constructor(central: Central, identity: Identity) {
    this.central = central;
    this.identity = identity;
  }

  get tls(): Tls {
    const { identity, central } = this;
    return {
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      ca: central.authority.root.certificatePem,
    };
  }

  async raw<N extends ApiName>(name: N, input: CallInput<N> = {}): Promise<Answer> {
    const body = input.body === undefined ? undefined : JSON.stringify(input.body);
    const token = 'token' in input ? input.token : this.token;
    const query = new URLSearchParams(
      Object.entries(input.query ?? {}).map(([key, value]) => [key, String(value)]),
    );
    return send(`${this.central.url + apiPath(name, input.params)}?${query}`, this.tls, {
      method: api[name].method,
      agent: this.#agent,
      headers: {
        ...input.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** The parsed answer; throws when it is a problem. */
  async call<N extends ApiName>(name: N, input: CallInput<N> = {}): Promise<ApiResponse<N>> {
    const answer = await this.raw(name, input);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.body.toString('utf8')}`);
    const { response } = api[name];
    // The schema is that of the very endpoint.
    return (
      response ? response.parse(JSON.parse(answer.body.toString('utf8'))) : new Uint8Array(answer.body)
    ) as ApiResponse<N>;
  }

  /** The problem that a call must end in. */
  async refused<N extends ApiName>(name: N, input: CallInput<N> = {}): Promise<Problem> {
    const answer = await this.raw(name, input);
    return asProblem(answer);
  }

  async signIn(staffId = '1024', pin = '246810'): Promise<void> {
    this.token = (await this.call('signIn', { body: { staffId, pin }, token: undefined })).token;
  }
}

/** Parses a problem document and checks what is the same for all. */
export function asProblem(answer: Answer): Problem {
  if (answer.type !== 'application/problem+json') {
    throw new Error(
      `no problem: ${answer.status} ${answer.type} ${answer.body.toString('utf8').slice(0, 200)}`,
    );
  }
  const problem = problemSchema.parse(JSON.parse(answer.body.toString('utf8')));
  if (problem.status !== answer.status) throw new Error('status differs from the problem');
  return problem;
}
