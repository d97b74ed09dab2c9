/** What the counters tell once a second, added up for a part of the run. */
import type { Fleet } from './fleet/fleet.ts';
import type { Beat } from './fleet/messages.ts';
import { Histogram } from './histogram.ts';

export interface Tallied {
  /** Times of requests, by route. */
  readonly routes: ReadonlyMap<string, Histogram>;
  /** Times of all requests but the change feed's. */
  readonly requests: Histogram;
  /** Time that customer and clerk waited for the counter in a whole visit. */
  readonly visits: Histogram;
  /** Kind and how often. */
  readonly errors: ReadonlyMap<string, number>;
  /** Longest time that a process of counters itself was busy in one piece, ms. */
  readonly lagMs: number;
}

/** Streams and long polls take as long as there is nothing to say. */
const waiting = (route: string) => route.startsWith('changes');

export class Tally {
  #routes = new Map<string, Histogram>();
  #requests = new Histogram();
  #visits = new Histogram();
  #errors = new Map<string, number>();
  #lagMs = 0;

  constructor(fleet: Pick<Fleet, 'onBeat'>) {
    fleet.onBeat((beat) => this.#add(beat));
  }

  /** What has come since it was last asked. */
  take(): Tallied {
    const taken = {
      routes: this.#routes,
      requests: this.#requests,
      visits: this.#visits,
      errors: this.#errors,
      lagMs: this.#lagMs,
    };
    this.#routes = new Map();
    this.#requests = new Histogram();
    this.#visits = new Histogram();
    this.#errors = new Map();
    this.#lagMs = 0;
    return taken;
  }

  #add({ wire, visits, failures, lagMs }: Beat): void {
    for (const [route, buckets] of Object.entries(wire.times)) {
      const found = this.#routes.get(route) ?? new Histogram();
      this.#routes.set(route, found);
      found.merge(buckets);
      if (!waiting(route)) this.#requests.merge(buckets);
    }
    this.#visits.merge(visits);
    for (const [what, count] of [...Object.entries(wire.errors), ...Object.entries(failures)]) {
      this.#errors.set(what, (this.#errors.get(what) ?? 0) + count);
    }
    this.#lagMs = Math.max(this.#lagMs, lagMs);
  }
}
