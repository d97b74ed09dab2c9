/**
 * The counter's connection to central: enrols when it has to, then holds the client. Until there is a
 * certificate every call fails with `not-enrolled`.
 */
import { type AppError, type ErrorKind, Failure, toAppError } from '../../shared/domain/errors.ts';
import type { ApiName, ApiResponse } from '../../shared/protocol/api.ts';
import { type CallOptions, type CentralClient, createClient, type EventOptions } from './client.ts';
import type { TrustedClock } from './clock.ts';
import { pemCertificates } from './enrol.ts';
import { type DeviceIdentity, type IdentityOptions, obtainIdentity } from './identity.ts';

/** What went last over the wire, for the status bar. */
export type LastOutcome = { outcome: 'answered' | ErrorKind; at: number };

export interface Connection {
  /** @throws Failure */
  call<N extends ApiName>(name: N, options?: CallOptions<N>): Promise<ApiResponse<N>>;
  /** Server-Sent Events; resolves when the stream ends. @throws Failure */
  events(name: ApiName, options: EventOptions): Promise<void>;
  /** Certificate in use. @throws Failure 'not-enrolled' */
  identity(): DeviceIdentity;
  readonly enrolled: boolean;
  /** DER of the operator's root: the only anchor. */
  readonly trusted: readonly Uint8Array<ArrayBuffer>[];
  /** Monotonic ms of the last authenticated answer. */
  lastAnswer(): number | undefined;
  lastOutcome(): LastOutcome | undefined;
  /** Told when a try fails after one that was answered, and the other way round. */
  onTurn(listener: (answered: boolean) => void): void;
  /** Staff token that goes with calls that need one. */
  setToken(token: string | undefined): void;
  /** Central no longer takes the token. */
  onTokenRefused(listener: () => void): void;
  /** Enrols if that is still to be done. Resolves with whether there is a certificate; never throws. */
  ready(): Promise<boolean>;
  close(): void;
}

export interface ConnectionOptions extends Omit<IdentityOptions, 'now'> {
  url: string;
  clock: TrustedClock;
  /** Told why the counter has no certificate, once a reason. */
  onNotEnrolled: (error: AppError) => void;
  monotonic?: () => number;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock, monotonic = () => performance.now() } = options;
  let client: CentralClient | undefined;
  let identity: DeviceIdentity | undefined;
  let token: string | undefined;
  let answered: number | undefined;
  let last: LastOutcome | undefined;
  let enrolling: Promise<boolean> | undefined;
  let told: string | undefined;
  let tokenRefused = (): void => undefined;
  const turned: ((answered: boolean) => void)[] = [];

  const onOutcome = (outcome: LastOutcome['outcome']) => {
    const at = monotonic();
    const before = last?.outcome;
    last = { outcome, at };
    const isAnswered = outcome === 'answered';
    if (isAnswered) answered = at;
    if (before !== undefined && (before === 'answered') === isAnswered) return;
    for (const listener of turned) listener(isAnswered);
  };
  const begin = async (): Promise<boolean> => {
    try {
      identity = await obtainIdentity({ ...options, now: clock.now() });
      client = createClient({
        url: options.url,
        caPem: options.caPem,
        certificatePem: identity.pem,
        keyPem: options.key.pem,
        timeoutMs: options.timeoutMs,
        onOutcome,
      });
      return true;
    } catch (error) {
      const why = toAppError(error);
      onOutcome(why.kind);
      // It is tried again every few seconds.
      if (why.kind === 'not-enrolled' && why.detail !== told) options.onNotEnrolled(why);
      told = why.detail;
      return false;
    }
  };

  return {
    async call(name, callOptions = {}) {
      if (client === undefined) throw new Failure('not-enrolled');
      const given = token;
      try {
        return await client.call(name, { token: given, ...callOptions });
      } catch (error) {
        const { kind } = toAppError(error);
        const refused = kind === 'staff-session-expired' || kind === 'not-signed-in';
        if (refused && given !== undefined && given === token) tokenRefused();
        throw error;
      }
    },
    async events(name, eventOptions) {
      if (client === undefined) throw new Failure('not-enrolled');
      return client.events(name, eventOptions);
    },
    onTokenRefused(listener) {
      tokenRefused = listener;
    },
    identity() {
      if (identity === undefined) throw new Failure('not-enrolled');
      return identity;
    },
    get enrolled() {
      return client !== undefined;
    },
    trusted: pemCertificates(options.caPem),
    lastAnswer: () => answered,
    lastOutcome: () => last,
    onTurn: (listener) => void turned.push(listener),
    setToken(next) {
      token = next;
    },
    ready() {
      if (client) return Promise.resolve(true);
      // One enrolment at a time: the code may be good for one certificate only.
      enrolling ??= begin().finally(() => {
        enrolling = undefined;
      });
      return enrolling;
    },
    close() {
      client?.close();
    },
  };
}
