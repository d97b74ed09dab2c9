/**
 * One connection to Chromium over `--remote-debugging-pipe` (JSON messages ended by NUL) and the flattened
 * sessions on it. Method and event types are Playwright's published ones.
 */
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
// The package exports no path to its protocol types, hence the relative one.
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts';

/** Name of a CDP command, such as `Page.navigate`. */
export type Method = keyof Protocol.CommandParameters;
/** Parameters of command `M`. */
export type Params<M extends Method> = Protocol.CommandParameters[M];
/** Result of command `M`. */
export type Result<M extends Method> = Protocol.CommandReturnValues[M];
/** Name of a CDP event, such as `Fetch.requestPaused`. */
export type CdpEventName = keyof Protocol.Events;
/** Payload of event `E`. */
export type Payload<E extends CdpEventName> = Protocol.Events[E];

/** No call may wait longer than this, in milliseconds, unless it names its own limit. */
const TIME_LIMIT_MS = 20_000;

/** A call that Chromium refused, that outlived its time limit, or whose session is gone. */
export class CdpError extends Error {
  readonly method: string;
  constructor(method: string, reason: string) {
    super(`${method}: ${reason}`);
    this.name = 'CdpError';
    this.method = method;
  }
}

interface Pending {
  readonly method: string;
  readonly sessionId: string | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** One target's session, or, without an id, the browser's own. */
export class Session {
  readonly id: string | undefined;
  readonly #connection: Connection;
  readonly #events = new EventEmitter();

  constructor(connection: Connection, id?: string) {
    this.#connection = connection;
    this.id = id;
    this.#events.setMaxListeners(0);
  }

  /** Calls `method`; rejects with {@link CdpError} on refusal or after `limitMs`. */
  send<M extends Method>(method: M, params?: Params<M>, limitMs = TIME_LIMIT_MS): Promise<Result<M>> {
    return this.#connection.call(this.id, method, params, limitMs) as Promise<Result<M>>;
  }

  on<E extends CdpEventName>(event: E, listener: (payload: Payload<E>) => void): this {
    this.#events.on(event, listener);
    return this;
  }

  /** The session of a target that this one attached to. */
  child(id: string): Session {
    return this.#connection.session(id);
  }

  /** For the connection only: hands an event to the listeners. */
  dispatch(event: string, params: unknown): void {
    this.#events.emit(event, params);
  }
}

/** The pipe: numbers calls, limits their time and routes answers and events. */
export class Connection {
  /** The browser-level session. */
  readonly root: Session = new Session(this);
  readonly #sessions = new Map<string, Session>();
  readonly #pending = new Map<number, Pending>();
  readonly #write: Writable;
  #parts: Buffer[] = [];
  #lastId = 0;
  #closed = false;

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    // A pipe to a browser that has just died errors; the exit of the child is what is acted on.
    write.on('error', () => this.close());
    read.on('error', () => this.close());
    read.on('data', (chunk: Buffer) => this.#receive(chunk));
    read.on('close', () => this.close());
  }

  /** The session with this id, made on first use. */
  session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session = new Session(this, id);
    this.#sessions.set(id, session);
    return session;
  }

  /** Forgets a detached session and fails what still waits on it. */
  dropSession(id: string): void {
    this.#sessions.delete(id);
    this.#rejectWhere((call) => call.sessionId === id, 'the session ended');
  }

  call(sessionId: string | undefined, method: string, params: unknown, limitMs: number): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CdpError(method, 'Chromium is gone'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new CdpError(method, `no answer within ${limitMs} ms`));
      }, limitMs);
      timer.unref();
      this.#pending.set(id, { method, sessionId, resolve, reject, timer });
      this.#write.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`);
    });
  }

  /** Fails every waiting call; later calls fail at once. */
  close(): void {
    this.#closed = true;
    this.#rejectWhere(() => true, 'Chromium is gone');
  }

  #receive(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      this.#parts.push(chunk.subarray(start, end));
      const text = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      start = end + 1;
      this.#route(JSON.parse(text) as Message);
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
  }

  #route(message: Message): void {
    if (message.id === undefined) {
      const session = message.sessionId === undefined ? this.root : this.#sessions.get(message.sessionId);
      if (message.method !== undefined) session?.dispatch(message.method, message.params);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    this.#pending.delete(message.id);
    clearTimeout(call.timer);
    if (message.error) call.reject(new CdpError(call.method, message.error.message));
    else call.resolve(message.result);
  }

  #rejectWhere(matches: (call: Pending) => boolean, reason: string): void {
    for (const [id, call] of this.#pending) {
      if (!matches(call)) continue;
      this.#pending.delete(id);
      clearTimeout(call.timer);
      call.reject(new CdpError(call.method, reason));
    }
  }
}
