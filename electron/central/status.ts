/** The status bar's truth: asks central every ten seconds and says what came of it. */
import type { Status } from '../../shared/contract/views.ts';
import { type ErrorKind, Failure } from '../../shared/domain/errors.ts';
import type { Repairs } from '../repairs.ts';
import type { TrustedClock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Outbox } from './outbox.ts';

const POLL_MS = 10_000;
// SECURITY: S13 'connected' is an authenticated answer no older than this.
const FRESH_MS = 30_000;
const DAY_MS = 86_400_000;

export interface StatusOptions {
  connection: Connection;
  clock: TrustedClock;
  outbox: Outbox;
  repairs: Repairs;
  vault: string;
  version: string;
  shell: string;
  monotonic?: () => number;
  /** Central answered a poll. */
  onHeard: (policyVersion: number) => void;
}

export interface StatusWatch {
  current(): Status;
  onChange(listener: (status: Status) => void): void;
  start(): void;
  /** Asks central now: the machine has slept. */
  poll(): void;
  stop(): void;
}

/** State of the line to central. Exported for its tests. */
export function centralState(
  { enrolled, lastAnswer, lastOutcome }: Pick<Connection, 'enrolled' | 'lastAnswer' | 'lastOutcome'>,
  now: number,
): Status['central']['state'] {
  if (!enrolled) return 'not-enrolled';
  const answered = lastAnswer();
  if (answered !== undefined && now - answered < FRESH_MS) return 'connected';
  const outcome = lastOutcome()?.outcome;
  if (outcome === undefined) return 'waiting';
  return outcome === 'central-untrusted' || outcome === 'central-refused' ? 'refused' : 'unreachable';
}

/** Who can do something about an item that stays. */
export function waitsFor(why: ErrorKind | undefined): Status['outbox']['waitsFor'] {
  switch (why) {
    case undefined:
      return undefined;
    case 'central-unreachable':
    case 'central-failed':
      return 'line';
    case 'not-signed-in':
    case 'staff-session-expired':
      return 'staff';
    default:
      return 'it';
  }
}

export function watchStatus(options: StatusOptions): StatusWatch {
  const { connection, clock, outbox, repairs, monotonic = () => performance.now() } = options;
  const listeners: ((status: Status) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  const current = (): Status => {
    const answered = connection.lastAnswer();
    const { oldest } = outbox;
    const waits = waitsFor(oldest?.why);
    const last = connection.lastOutcome();
    const skew = clock.skewSeconds();
    const seconds = (ms: number) => Math.max(0, Math.floor(ms / 1000));
    return {
      central: {
        state: centralState(connection, monotonic()),
        ...(answered === undefined ? {} : { lastAnswerSeconds: seconds(monotonic() - answered) }),
        lastTryFailed: last !== undefined && last.outcome !== 'answered',
      },
      outbox: {
        count: outbox.count,
        // By the trusted clock: setting the machine's makes nothing older or younger.
        ...(oldest === undefined ? {} : { oldestSeconds: seconds(clock.now() - oldest.since) }),
        ...(waits === undefined ? {} : { waitsFor: waits }),
      },
      repairs: [...repairs.list],
      ...(connection.enrolled
        ? { certificateDays: Math.floor((connection.identity().notAfter - clock.now()) / DAY_MS) }
        : {}),
      clock: { now: new Date().toISOString(), ...(skew === undefined ? {} : { skewSeconds: skew }) },
      vault: options.vault,
      version: options.version,
      shell: options.shell,
    };
  };
  const tell = () => {
    const status = current();
    for (const listener of listeners) listener(status);
  };
  const poll = async () => {
    clearTimeout(timer);
    try {
      if (await connection.ready()) {
        const { serverTime, policyVersion } = await connection.call('status');
        clock.observe(Date.parse(serverTime));
        options.onHeard(policyVersion);
      }
    } catch (error) {
      // The connection has noted what went wrong; the bar shows it.
      if (!(error instanceof Failure)) throw error;
    } finally {
      tell();
      clearTimeout(timer);
      if (running) timer = setTimeout(poll, POLL_MS);
    }
  };
  outbox.onChange(tell);
  repairs.onChange(tell);
  connection.onTurn(tell);
  return {
    current,
    onChange: (listener) => void listeners.push(listener),
    start() {
      running = true;
      void poll();
    },
    poll: () => void poll(),
    stop() {
      running = false;
      clearTimeout(timer);
    },
  };
}
