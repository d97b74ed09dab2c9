/** Server-Sent Events (WHATWG HTML, section 9.2) over mutual TLS: the parser, and a stream that is read. */
import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { Failure } from '../../shared/domain/errors.ts';
import type { Answer } from './exchange.ts';
import { networkFailure } from './network-error.ts';

export interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

/** No change comes near this. */
const EVENT_LIMIT = 256 * 1024;

/** Takes text as it arrives; gives whole events. @throws Failure 'central-garbage' when one grows too long. */
export class EventParser {
  #rest = '';
  #data: string[] = [];
  #id = '';
  #type = '';

  push(text: string): StreamEvent[] {
    const found: StreamEvent[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) {
        found.push({ id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') });
        this.#data = [];
        this.#type = '';
      }
    }
    const held = this.#rest.length + this.#data.reduce((sum, one) => sum + one.length, 0);
    if (held > EVENT_LIMIT) throw new Failure('central-garbage', { detail: 'event too large' });
    return found;
  }

  #field(line: string): void {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    // A line that begins with a colon is a comment: a sign of life.
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }
}

export interface EventStream {
  agent: Agent;
  url: URL;
  headers: Record<string, string>;
  /** Time until the answer begins, ms. */
  timeoutMs: number;
  /** Silence after which the stream counts as dead, ms. */
  stallMs: number;
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
  /** Something came, if only a sign of life. */
  onBeat: () => void;
}

/**
 * Reads a stream until it ends. An answer that is none is handed back for its problem to be read.
 * @throws Failure 'central-unreachable' (detail `STALLED` for silence), 'central-untrusted', 'central-garbage'
 */
export function readEvents(options: EventStream): Promise<Answer | undefined> {
  const { agent, url, headers, timeoutMs, stallMs, signal } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: 'GET', headers, signal });
    let timer: NodeJS.Timeout;
    const expect = (ms: number, detail: string) => {
      clearTimeout(timer);
      timer = setTimeout(() => outgoing.destroy(new Failure('central-unreachable', { detail })), ms);
    };
    const end = (outcome: () => void) => {
      clearTimeout(timer);
      outcome();
    };
    const fail = (error: unknown) =>
      end(() => (signal.aborted ? resolve(undefined) : reject(networkFailure(error))));
    expect(timeoutMs, 'TIMEOUT');
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      incoming.on('error', fail);
      incoming.on('aborted', () => fail(new Failure('central-unreachable', { detail: 'CUT' })));
      if (typeOf(incoming) !== 'text/event-stream') {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => {
          if (parts.length < 64) parts.push(part);
        });
        incoming.on('end', () =>
          end(() =>
            resolve({
              status: incoming.statusCode ?? 0,
              contentType: typeOf(incoming),
              body: new Uint8Array(Buffer.concat(parts)),
            }),
          ),
        );
        return;
      }
      const parser = new EventParser();
      const decoder = new StringDecoder('utf8');
      expect(stallMs, 'STALLED');
      incoming.on('data', (part: Buffer) => {
        expect(stallMs, 'STALLED');
        try {
          const events = parser.push(decoder.write(part));
          options.onBeat();
          for (const event of events) options.onEvent(event);
        } catch (error) {
          outgoing.destroy(error instanceof Failure ? error : new Failure('central-garbage'));
        }
      });
      incoming.on('end', () => end(() => resolve(undefined)));
    });
    outgoing.end();
  });
}

function typeOf(incoming: IncomingMessage): string {
  return (incoming.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
