import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';
import { pagesOf } from '../../shared/domain/page-run.ts';
import type { LayerRun } from '../../shared/domain/sealed-path.ts';
import type { LayerLayout } from './layout.ts';
import { nextTask } from './next-task.ts';
import type { FetchPages } from './page-source.ts';

/** Who asked for a run by itself. */
interface Asked {
  readonly run: LayerRun;
  readonly bytes: PromiseWithResolvers<Bytes>;
  readonly lookupId: string;
  readonly signal: AbortSignal;
}

/**
 * One request for both layers, where both are asked for in one task: each has its own way through the browser and the
 * core, and the first rows wait for the later of two answers (docs/performance.md).
 */
export class Together {
  readonly #fetchPages: FetchPages;
  readonly #layouts: Readonly<Record<Layer, LayerLayout>>;
  /** Has asked in this task; the other layer may follow. */
  #first: Asked | undefined;
  #isApart = false;

  constructor(fetchPages: FetchPages, layouts: Readonly<Record<Layer, LayerLayout>>) {
    this.#fetchPages = fetchPages;
    this.#layouts = layouts;
  }

  readonly fetchPages: FetchPages = (lookupId, runs, signal) => {
    const [run, ...more] = runs;
    if (this.#isApart || run === undefined || more.length > 0)
      return this.#fetchPages(lookupId, runs, signal);
    const asked: Asked = { run, bytes: Promise.withResolvers(), lookupId, signal };
    const first = this.#first;
    if (first !== undefined && first.run.layer !== run.layer) {
      this.#first = undefined;
      this.#send([first, asked]);
    } else {
      this.#sendFirst();
      this.#first = asked;
      void nextTask().then(() => {
        if (this.#first === asked) this.#sendFirst();
      });
    }
    return asked.bytes.promise;
  };

  /** From now on each request goes by itself, and at once. */
  apart(): void {
    this.#isApart = true;
    this.#sendFirst();
  }

  #sendFirst(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#send([first]);
  }

  #send(asked: readonly [Asked, ...Asked[]]): void {
    const [{ lookupId, signal }] = asked;
    const runs = asked.map(({ run }) => run);
    this.#fetchPages(lookupId, runs, signal).then(
      (together) => {
        let start = 0;
        for (const [i, { run, bytes }] of asked.entries()) {
          const end = start + this.#sizeOf(run);
          // What is short or too long is so for the last of them, who sees that it is not what was named.
          bytes.resolve(i === asked.length - 1 ? together.slice(start) : together.slice(start, end));
          start = end;
        }
      },
      (thrown: unknown) => {
        for (const { bytes } of asked) bytes.reject(thrown);
      },
    );
  }

  #sizeOf(run: LayerRun): number {
    const layout = this.#layouts[run.layer];
    return pagesOf(run).reduce((sum, page) => sum + layout.ref(page).bytes, 0);
  }
}
