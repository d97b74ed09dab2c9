/** The parts of a run: what is asked of the counters, and what came of it. */
import { account, type Spent } from './accounts.ts';
import type { PlannedVisit } from './fleet/fleet.ts';
import type { Stage } from './stage.ts';
import type { Tallied, Tally } from './tally.ts';

export interface Part extends Tallied, Spent {
  readonly name: string;
  /** Visits that were to be made, and seconds in which they were to begin. */
  readonly planned: number;
  readonly windowSeconds: number;
  /** Of a step of the ramp: whether it was borne. */
  readonly borne?: boolean;
}

/** The last beat of a second is on its way when a visit has ended. */
const BEAT_MS = 1_500;

export class Parts {
  readonly done: Part[] = [];
  readonly #stage: Stage;
  readonly #tally: Tally;
  #customer = 0;
  readonly #signedIn = new Set<number>();

  constructor(stage: Stage, tally: Tally) {
    this.#stage = stage;
    this.#tally = tally;
  }

  /** Measures what happens meanwhile. */
  async measure(
    name: string,
    work: () => Promise<void>,
    plan = { planned: 0, windowSeconds: 0 },
  ): Promise<Part> {
    this.#tally.take();
    const end = account(this.#stage.groups);
    await work();
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    const part = { name, ...plan, ...end(), ...this.#tally.take() };
    this.done.push(part);
    return part;
  }

  /**
   * Visits that begin evenly over a time, at one counter after the other.
   * @param newShift every clerk signs in anew
   */
  visits(
    name: string,
    plan: { visits: number; windowSeconds: number; pauseSeconds: number; newShift?: boolean },
  ): Promise<Part> {
    const { visits, windowSeconds, pauseSeconds, newShift = false } = plan;
    const { counters, customers } = this.#stage.population;
    if (newShift) this.#signedIn.clear();
    const planned = Array.from({ length: visits }, (_, i): PlannedVisit => {
      const counter = i % counters.length;
      const customer = customers[this.#customer % customers.length];
      if (!customer) throw new Error('no customers');
      this.#customer += 1;
      const signIn = !this.#signedIn.has(counter);
      this.#signedIn.add(counter);
      const startMs = (i / visits) * windowSeconds * 1000;
      return { counter, customer, startMs, pausesMs: pauseSeconds * 1000, signIn };
    });
    return this.measure(name, () => this.#stage.fleet.visit(planned), { planned: visits, windowSeconds });
  }
}

/** CPU seconds of the run's own processes for a visit, everything that idles along included. */
export function cpuPerVisit(part: Part): number {
  const { others: _, ...ours } = part.cpu;
  return Object.values(ours).reduce((sum, one) => sum + one, 0) / Math.max(1, part.visits.count);
}

/** What the run gets of a machine at the least, however busy others keep it: they give way when it asks for more. */
const FAIR_SHARE = 1 / 3;

/** Visits a second that this machine would bear beside what others do on it. */
export function bearable(part: Part): number {
  const all = part.available / part.seconds;
  const others = (part.cpu.others ?? 0) / part.seconds;
  return Math.max(all - others, all * FAIR_SHARE) / cpuPerVisit(part);
}
