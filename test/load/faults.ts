/** What does not agree between the counters and the database. */

/** How many of a kind are named. */
const NAMED = 5;

/** Collects by kind. */
export class Faults {
  readonly #found = new Map<string, string[]>();

  add(what: string, where: string): void {
    this.#found.set(what, [...(this.#found.get(what) ?? []), where]);
  }

  /** What one side has once must the other have once. */
  compare(what: string, wanted: readonly string[], found: readonly string[]): void {
    const count = (list: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
      return counts;
    };
    const [a, b] = [count(wanted), count(found)];
    for (const [one, times] of a) if (times !== 1) this.add(`${what}: twice at a counter`, one);
    for (const one of a.keys()) if (!b.has(one)) this.add(`${what}: lost`, one);
    for (const [one, times] of b) {
      if (times !== 1) this.add(`${what}: twice`, one);
      if (!a.has(one)) this.add(`${what}: nobody's`, one);
    }
  }

  /** A line a kind; a few of each are named. */
  get lines(): string[] {
    return [...this.#found].map(
      ([what, where]) => `${what} (${where.length}): ${where.slice(0, NAMED).join(', ')}`,
    );
  }
}
