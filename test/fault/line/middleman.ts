/**
 * Somebody on the way who may open the line: they lose, double, exchange and repeat whole requests under the
 * counter's own certificate, as a gateway with bad manners would. What is idempotent must stay so.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Authority } from '../../central/pki/authority.ts';
import type { Random } from '../random.ts';

export const requestFaults = [
  'request lost',
  'answer lost',
  'request doubled',
  'request doubled at once',
  'requests exchanged',
  'old request repeated',
  'gateway in the way',
] as const;
export const eventFaults = ['event lost', 'event doubled', 'stream cut'] as const;
export type RequestFault = (typeof requestFaults)[number] | (typeof eventFaults)[number];

/** How long a request is held back for others to overtake it. */
const HOLD_MS = 200;
/** Requests after which an old one is sent again. */
const LATER = 6;

interface Sent {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface MiddlemanOptions {
  /** Central's own address. */
  url: string;
  authority: Authority;
  /** PEM of the counter's certificate and key. */
  identity: { cert: string; key: string };
  random: Random;
  onFault: (fault: RequestFault) => void;
}

export class Middleman {
  readonly #options: MiddlemanOptions;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #streams: Agent;
  readonly #later: { sent: Sent; after: number }[] = [];
  #count = 0;
  /** Chance that something happens to a request, or to a piece of a stream. */
  chance = 0;

  private constructor(options: MiddlemanOptions) {
    const { authority, identity } = options;
    const { server, root } = authority;
    this.#options = options;
    const upstream = { ...identity, ca: root.certificatePem, minVersion: 'TLSv1.3' as const };
    this.#agent = new Agent({ ...upstream, keepAlive: true, maxSockets: 16 });
    this.#streams = new Agent(upstream);
    this.#server = createServer(
      {
        key: server.privateKeyPem,
        cert: server.certificatePem,
        ca: root.certificatePem,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
      },
      (incoming, outgoing) => {
        this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
      },
    );
    // A line that was spoilt ends its handshake.
    this.#server.on('tlsClientError', () => undefined);
  }

  static async open(options: MiddlemanOptions): Promise<Middleman> {
    const middleman = new Middleman(options);
    await new Promise<void>((resolve) => middleman.#server.listen(0, '127.0.0.1', resolve));
    return middleman;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    this.#agent.destroy();
    this.#streams.destroy();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (headers.accept?.includes('text/event-stream')) return this.#stream(path, headers, outgoing);
    const sent: Sent = { method, path, headers, body: Buffer.concat(parts) };
    this.#count += 1;
    this.#sendOld();
    const got = await this.#forward(sent, this.#draw(requestFaults));
    if (!got) return void outgoing.destroy();
    const { 'transfer-encoding': _, connection: __, ...rest } = got.headers;
    outgoing.writeHead(got.status, rest);
    outgoing.end(got.body);
  }

  /** @returns the answer for the counter; nothing where it is lost */
  async #forward(sent: Sent, fault: RequestFault | undefined): Promise<Got | undefined> {
    switch (fault) {
      case 'request lost':
        return undefined;
      case 'answer lost':
        await this.#send(sent);
        return undefined;
      case 'request doubled':
        await this.#send(sent);
        return this.#send(sent);
      case 'request doubled at once': {
        const both = [this.#send(sent), this.#send(sent)];
        await Promise.allSettled(both);
        return both[this.#options.random.below(2)];
      }
      case 'requests exchanged':
        await delay(this.#options.random.below(HOLD_MS));
        return this.#send(sent);
      case 'old request repeated':
        this.#later.push({ sent, after: this.#count + LATER });
        return this.#send(sent);
      case 'gateway in the way':
        return {
          status: 404,
          headers: { 'content-type': 'text/html' },
          body: Buffer.from('<p>not here</p>'),
        };
      default:
        return this.#send(sent);
    }
  }

  #sendOld(): void {
    for (const { sent } of this.#later.filter(({ after }) => after <= this.#count)) {
      // Nobody waits for what becomes of it.
      this.#send(sent).catch(() => undefined);
    }
    const rest = this.#later.filter(({ after }) => after > this.#count);
    this.#later.splice(0, this.#later.length, ...rest);
  }

  #send({ method, path, headers, body }: Sent): Promise<Got> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, this.#options.url),
        { agent: this.#agent, method, headers: withoutHop(headers) },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(parts),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  #stream(path: string, headers: IncomingHttpHeaders, outgoing: ServerResponse): Promise<void> {
    return new Promise((resolve, reject) => {
      const upstream = request(
        new URL(path, this.#options.url),
        { agent: this.#streams, headers: withoutHop(headers) },
        (incoming) => {
          const { 'transfer-encoding': _, connection: __, ...rest } = incoming.headers;
          outgoing.writeHead(incoming.statusCode ?? 0, rest);
          incoming.on('data', (part: Buffer) => {
            // Signs of life may go missing; what is of interest are events.
            const fault = part.includes('data:') ? this.#draw(eventFaults) : undefined;
            if (fault === 'stream cut') outgoing.destroy();
            else if (fault !== 'event lost') outgoing.write(part);
            if (fault === 'event doubled') outgoing.write(part);
          });
          incoming.on('end', () => outgoing.end());
          incoming.on('error', () => outgoing.destroy());
        },
      );
      upstream.on('error', reject);
      outgoing.on('close', () => {
        upstream.destroy();
        resolve();
      });
      upstream.end();
    });
  }

  #draw<F extends RequestFault>(faults: readonly F[]): F | undefined {
    const { random, onFault } = this.#options;
    if (!random.chance(this.chance)) return undefined;
    const fault = random.pick(faults);
    onFault(fault);
    return fault;
  }
}

function withoutHop({ connection: _, host: __, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}
