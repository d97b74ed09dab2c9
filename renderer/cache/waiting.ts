import { nextTask, pause } from './next-task.ts';

/** Those who wait for an answer of the store: what nobody waits for gives way to them. */
export class Waiting {
  readonly #quiet: number;
  readonly #stop: AbortSignal;
  readonly #asked = new Set<Promise<unknown>>();
  /** Resolves when nobody has asked for long enough. */
  #rest: Promise<void> | undefined;

  /** @param quiet milliseconds without a question, before nobody is said to wait: one question follows another. */
  constructor(quiet: number, stop: AbortSignal) {
    this.#quiet = quiet;
    this.#stop = stop;
  }

  /** Somebody is about to ask. */
  expect(): void {
    this.#rest = this.#quiet === 0 ? undefined : pause(this.#quiet, this.#stop);
  }

  /** Somebody waits for this work. */
  async for<T>(work: Promise<T>): Promise<T> {
    this.#asked.add(work);
    try {
      return await work;
    } finally {
      this.#asked.delete(work);
      this.expect();
    }
  }

  /** Lets everybody pass who waits, and the question that follows. Resolves at once when the store stops. */
  async nobody(): Promise<void> {
    while (!this.#stop.aborted) {
      await nextTask();
      await Promise.allSettled(this.#asked);
      const rest = this.#rest;
      await rest;
      if (this.#asked.size === 0 && this.#rest === rest) return;
    }
  }
}
