import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerLayout } from './layout.ts';
import type { PageFile } from './page-file.ts';
import { type FetchPages, RUN_PAGES } from './page-source.ts';

export interface LayerParts {
  readonly lookupId: string;
  readonly file: PageFile;
  readonly fetchPages: FetchPages;
  readonly signal: AbortSignal;
}

/** The sealed pages of one layer, in the file or on their way into it: each is fetched once, whoever asks. */
export class SealedLayer {
  readonly layout: LayerLayout;
  readonly #parts: LayerParts;
  /** The file was there before: what lies in it is looked at before it is fetched. */
  readonly #isFound: boolean;
  /** 1: stored since this began, or found to be stored, as the manifest names it. */
  readonly #held: Uint8Array;
  readonly #coming = new Map<number, Promise<Bytes>>();
  /** Why a page could not be stored. */
  #failure: Failure | undefined;

  constructor(parts: LayerParts, layout: LayerLayout) {
    this.#parts = parts;
    this.layout = layout;
    this.#isFound = parts.file.size > layout.offset(0);
    this.#held = new Uint8Array(layout.refs.length);
  }

  /** Forgets that storing failed: it is tried again. */
  retry(): void {
    this.#failure = undefined;
  }

  /** @throws Failure 'storage-failed' when a page that came could not be stored. */
  requireStored(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Pages in runs of consecutive numbers that one request brings, newest first.
   * @param which all of them, or those that are not known to be stored.
   */
  runs(which: 'all' | 'missing'): number[][] {
    const runs: number[][] = [];
    let run: number[] = [];
    for (const { page } of this.layout.refs.toReversed()) {
      if (which === 'missing' && this.#held[page] === 1) continue;
      if (run[0] === page + 1 && run.length < RUN_PAGES) run.unshift(page);
      else {
        run = [page];
        runs.push(run);
      }
    }
    return runs;
  }

  /**
   * The pages of a run, each as the manifest names it, and stored where the disk allows. What is on its way already is
   * not asked for twice. None of the promises has to be awaited.
   * @param run consecutive numbers, ascending.
   */
  bring(run: readonly number[]): Promise<Bytes>[] {
    const asked = run.filter((page) => !this.#coming.has(page));
    let getting: Promise<ReadonlyMap<number, Bytes>> | undefined;
    const get = async (page: number): Promise<Bytes> => {
      getting ??= this.#get(asked);
      const bytes = (await getting).get(page);
      if (bytes === undefined) throw this.#unreadable(page);
      return bytes;
    };
    return run.map((page) => this.#coming.get(page) ?? this.#begin(page, get(page)));
  }

  /** A page that a view needs now. */
  async need(page: number): Promise<Bytes> {
    const [coming] = this.bring([page]);
    if (coming === undefined) throw new Failure('internal', { detail: 'page' });
    return coming;
  }

  /** Bytes where a page lies in the file, not looked at; undefined where nothing was ever put. */
  stored(page: number): Bytes | undefined {
    if (this.#held[page] !== 1 && !this.#isFound) return undefined;
    return this.#parts.file.read(this.layout.offset(page), this.layout.ref(page).bytes);
  }

  /** Stored bytes turned out not to be what they were: they are fetched again. */
  lost(page: number): void {
    this.#held[page] = 0;
  }

  #begin(page: number, coming: Promise<Bytes>): Promise<Bytes> {
    this.#coming.set(page, coming);
    const end = (): boolean => this.#coming.delete(page);
    // Also marks it as looked after: who needs to know of a failure awaits it.
    coming.then(end, end);
    return coming;
  }

  /** Those of the pages that are as the manifest names them: found in the file, or fetched and put there. */
  async #get(asked: readonly number[]): Promise<ReadonlyMap<number, Bytes>> {
    const pages = new Map<number, Bytes>();
    await this.#find(asked, pages);
    for (const run of consecutive(asked.filter((page) => !pages.has(page)))) await this.#fetch(run, pages);
    return pages;
  }

  async #find(asked: readonly number[], into: Map<number, Bytes>): Promise<void> {
    await Promise.all(
      asked.map(async (page) => {
        const bytes = this.stored(page);
        // Disks lose data quietly: what is gone or altered is fetched again.
        if (bytes === undefined || !(await this.#isAsNamed(bytes, page))) return;
        this.#held[page] = 1;
        into.set(page, bytes);
      }),
    );
  }

  /** One answer, cut where the manifest says that pages end. */
  async #fetch(run: readonly number[], into: Map<number, Bytes>): Promise<void> {
    const { lookupId, fetchPages, signal } = this.#parts;
    const [first = 0] = run;
    const last = run.at(-1) ?? first;
    const together = await fetchPages(lookupId, this.layout.layer, { first, last }, signal);
    const start = this.layout.offset(first);
    // Fewer or more than was promised: which page is at fault is not known.
    if (together.length !== this.layout.offset(last + 1) - start) throw this.#unreadable(first);
    const good = await Promise.all(
      run.map(async (page) => {
        const bytes = together.subarray(
          this.layout.offset(page) - start,
          this.layout.offset(page + 1) - start,
        );
        const isGood = await this.#isAsNamed(bytes, page);
        if (isGood) into.set(page, bytes);
        return isGood;
      }),
    );
    // Wiped meanwhile: the file is being deleted.
    if (signal.aborted) throw new Failure('wrong-state', { detail: 'stopped' });
    if (good.every(Boolean)) this.#store(run, start, together);
    else for (const page of run) this.#store([page], this.layout.offset(page), into.get(page));
  }

  /** A page that cannot be stored can still be read: the failure is told when all have to be held. */
  #store(pages: readonly number[], at: number, bytes: Bytes | undefined): void {
    if (bytes === undefined || this.#failure !== undefined) return;
    try {
      this.#parts.file.write(at, bytes);
      for (const page of pages) this.#held[page] = 1;
    } catch (thrown) {
      this.#failure = thrown instanceof Failure ? thrown : new Failure('storage-failed');
    }
  }

  async #isAsNamed(sealed: Bytes, page: number): Promise<boolean> {
    const ref = this.layout.ref(page);
    return sealed.length === ref.bytes && (await sha256Hex(sealed)) === ref.sha256;
  }

  #unreadable(page: number): Failure {
    return new Failure('page-unreadable', {
      detail: `${this.layout.layer} page ${page} is not the one named`,
    });
  }
}

/** Runs of consecutive numbers. @param pages ascending */
function consecutive(pages: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run?.at(-1) === page - 1) run.push(page);
    else runs.push([page]);
  }
  return runs;
}
