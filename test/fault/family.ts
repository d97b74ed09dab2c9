/** Faults of one kind: what is done to the counter, how often, and what became of it. */
import type { Random } from './random.ts';

/** What a family is given to work with. */
export interface FamilyContext {
  quick: boolean;
  random: Random;
  /** A folder of this family's own, removed when it is done. */
  folder: string;
  /** Tells how far it is, where there is a terminal. */
  progress(words: string): void;
}

export interface Outcome {
  injected: number;
  /** Injections after which everything acknowledged was there, or the counter said what it can't do and why. */
  survived: number;
  /** What was lost, or happened in silence: each in a line that says where and how to find it again. */
  lost: string[];
  /** How many of which, and what they came to. */
  detail: string;
}

export interface Family {
  name: string;
  /** A reason why it can't be done on this machine; undefined where it can. */
  missing?(): Promise<string | undefined>;
  run(context: FamilyContext): Promise<Outcome>;
}

/** Counts injections of a family by what they hit and what they came to. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly lost: string[] = [];
  injected = 0;
  survived = 0;

  /** One injection that was survived. @param kinds What it hit, what it came to: each is counted. */
  good(...kinds: string[]): void {
    this.injected += 1;
    this.survived += 1;
    for (const kind of kinds) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** One that was not. */
  bad(words: string): void {
    this.injected += 1;
    this.lost.push(words);
  }

  outcome(detail = ''): Outcome {
    const counts = [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => `${kind} ${count}`);
    return {
      injected: this.injected,
      survived: this.survived,
      lost: this.lost,
      detail: [...(detail === '' ? [] : [detail]), ...counts].join(', '),
    };
  }
}
