/** What a check comes to: one line each. */

/** A fact that does not hold, in words for whoever holds the folder: what is wrong, and what that means. */
export class Wrong extends Error {
  readonly meaning: string;
  constructor(what: string, meaning: string) {
    super(what);
    this.name = 'Wrong';
    this.meaning = meaning;
  }
}

export interface CheckResult {
  readonly ok: boolean;
  readonly name: string;
  /** What was found. */
  readonly text: string;
  /** What a failure means. */
  readonly meaning?: string;
}

/** Checks in order. Each resolves with what it found, or throws. */
export class CheckList {
  readonly results: CheckResult[] = [];
  readonly #first: boolean;

  /** @param first the first check that fails is the last one that is run */
  constructor(first: boolean) {
    this.#first = first;
  }

  async run(name: string, check: () => Promise<string> | string): Promise<void> {
    if (this.#first && this.results.at(-1)?.ok === false) return;
    try {
      this.results.push({ ok: true, name, text: await check() });
    } catch (error) {
      // SECURITY: S16 whatever goes wrong while checking is a check that failed.
      const wrong = error instanceof Wrong ? error : new Wrong('it could not be read', UNREADABLE);
      this.results.push({ ok: false, name, text: wrong.message, meaning: wrong.meaning });
    }
  }
}

const UNREADABLE = 'the bytes are not what this project writes: they were changed or cut';

/** Throws when a fact does not hold. */
export function must(holds: boolean, what: string, meaning: string): asserts holds {
  if (!holds) throw new Wrong(what, meaning);
}

/** A line for the terminal: `ok   consent.p7s  …` or `FAIL consent.p7s  …`. */
export function lineOf({ ok, name, text, meaning }: CheckResult): string {
  const words = meaning === undefined ? text : `${text}: ${meaning}`;
  return `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${words}`;
}
