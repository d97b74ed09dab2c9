/** Steps of the demo: each is named, timed, and ends with a screenshot of both windows. */
import { join } from 'node:path';
import type { Counter } from '../support/counter.ts';

export interface Step {
  name: string;
  milliseconds: number;
}

export class Steps {
  readonly done: Step[] = [];
  readonly #counter: Counter;
  readonly #folder: string;

  constructor(counter: Counter, folder: string) {
    this.#counter = counter;
    this.#folder = folder;
  }

  /** Runs a step; what it throws names the step. */
  async run<T>(name: string, action: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let value: T;
    try {
      value = await action();
    } catch (error) {
      await this.#picture(`${name}-failed`).catch(() => undefined);
      throw new Error(`step ${name} failed: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
    const milliseconds = Math.round(performance.now() - started);
    this.done.push({ name, milliseconds });
    process.stdout.write(`${String(milliseconds).padStart(7)} ms  ${name}\n`);
    await this.#picture(name);
    return value;
  }

  async #picture(name: string): Promise<void> {
    const stem = `${String(this.done.length).padStart(2, '0')}-${name}`;
    for (const plane of ['staff', 'customer'] as const)
      await this.#counter[plane].screenshot({ path: join(this.#folder, `${stem}-${plane}.png`) });
  }
}
