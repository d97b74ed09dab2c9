/** All processes of counters as the run sees them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Beat, CounterLedger, FleetSettings, Order, Report, VisitOrder } from './messages.ts';

/** A visit before it is known which process holds the counter. */
export interface PlannedVisit extends Omit<VisitOrder, 'counter'> {
  readonly counter: number;
}

export interface Fleet {
  readonly pids: readonly number[];
  /** Told once a second of each process. */
  onBeat(listener: (beat: Beat) => void): void;
  /** Plays visits; resolves when all have ended. */
  visit(planned: readonly PlannedVisit[]): Promise<void>;
  /** How many counters have adopted a policy, after the limit at the latest, and when each asked for it, epoch ms. */
  awaitPolicy(version: number, limitMs: number): Promise<{ adopted: number; askedAt: number[] }>;
  /** Waits until everything is delivered and cosigned, for so long at most. */
  settle(limitMs: number): Promise<void>;
  ledger(): Promise<CounterLedger[]>;
  close(): Promise<void>;
}

/** Starts processes and divides the counters among them: counter i is the (i mod n)th one's. */
export async function startFleet(settings: FleetSettings, processes: number): Promise<Fleet> {
  const listeners: ((beat: Beat) => void)[] = [];
  const tell = (beat: Beat) => {
    for (const listener of listeners) listener(beat);
  };
  const members = Array.from({ length: processes }, () => new Member((beat) => tell(beat)));
  const close = async () => {
    await Promise.all(members.map((member) => member.close()));
  };
  try {
    await Promise.all(
      members.map((member, m) =>
        member.ask(
          {
            type: 'open',
            settings: { ...settings, counters: settings.counters.filter((_, i) => i % processes === m) },
          },
          'opened',
        ),
      ),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pids: members.map((member) => member.pid),
    onBeat: (listener) => void listeners.push(listener),
    async visit(planned) {
      await Promise.all(
        members.map((member, m) => {
          const visits = planned
            .filter(({ counter }) => counter % processes === m)
            .map((one) => ({ ...one, counter: Math.floor(one.counter / processes) }));
          return member.ask({ type: 'visits', visits }, 'visited');
        }),
      );
    },
    async awaitPolicy(version, limitMs) {
      const answers = await Promise.all(
        members.map((member) => member.ask({ type: 'policy', version, limitMs }, 'policies')),
      );
      return {
        adopted: answers.reduce((sum, { adopted }) => sum + adopted, 0),
        askedAt: answers.flatMap(({ askedAt }) => askedAt),
      };
    },
    async settle(limitMs) {
      await Promise.all(members.map((member) => member.ask({ type: 'settle', limitMs }, 'settled')));
    },
    async ledger() {
      const answers = await Promise.all(members.map((member) => member.ask({ type: 'ledger' }, 'ledger')));
      return answers.flatMap(({ counters }) => counters);
    },
    close,
  };
}

type Answer = Exclude<Report, Beat | { type: 'broken' }>;

class Member {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<string, PromiseWithResolvers<Answer>>();
  #broken: Error | undefined;

  constructor(onBeat: (beat: Beat) => void) {
    this.#child = fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#child.on('message', (report: Report) => {
      if (report.type === 'beat') onBeat(report);
      else if (report.type === 'broken') this.#fail(new Error(report.error));
      else {
        this.#waiting.get(report.type)?.resolve(report);
        this.#waiting.delete(report.type);
      }
    });
    this.#child.on('exit', (code) => this.#fail(new Error(`a process of counters ended with ${code}`)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ask<T extends Answer['type']>(order: Order, answer: T): Promise<Extract<Answer, { type: T }>> {
    if (this.#broken) throw this.#broken;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(answer, waiting);
    this.#child.send(order);
    return (await waiting.promise) as Extract<Answer, { type: T }>;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    // One that is broken is not waited for.
    if (this.#broken) this.#child.kill('SIGTERM');
    else this.#child.send({ type: 'close' } satisfies Order);
    await ended;
  }

  #fail(error: Error): void {
    this.#broken = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
