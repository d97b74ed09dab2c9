import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { PageRef } from '../../shared/domain/lookup.ts';
import type { LayerLayout } from './layout.ts';
import type { PageDatabase } from './page-database.ts';
import { type FetchPages, RUN_PAGES } from './page-source.ts';
import type { PutQueue } from './put-queue.ts';

export interface LayerParts {
  readonly lookupId: string;
  readonly database: PageDatabase;
  readonly writes: PutQueue;
  readonly fetchPages: FetchPages;
  readonly signal: AbortSignal;
}

/** A page on its way. Neither promise needs to be awaited. */
export interface Coming {
  /** The bytes that the manifest names. @throws Failure 'page-unreadable', 'records-incomplete', 'central-*' */
  readonly sealed: Promise<Bytes>;
  /** In the database. @throws what `sealed` throws, or Failure 'storage-failed' */
  readonly stored: Promise<void>;
}

/** The sealed pages of one layer, in the database or on their way into it: each is fetched once, whoever asks. */
export class SealedLayer {
  readonly layout: LayerLayout;
  readonly #parts: LayerParts;
  /** In the database when this began, not looked at yet. */
  readonly #found: Set<number>;
  /** Stored, or looked at, since this began. */
  readonly #held = new Set<number>();
  readonly #coming = new Map<number, Coming>();

  private constructor(parts: LayerParts, layout: LayerLayout, found: Set<number>) {
    this.#parts = parts;
    this.layout = layout;
    this.#found = found;
  }

  /** @throws Failure 'storage-failed' */
  static async find(parts: LayerParts, layout: LayerLayout): Promise<SealedLayer> {
    return new SealedLayer(parts, layout, await parts.database.held(parts.lookupId, layout.layer));
  }

  /**
   * All pages that are not known to be stored, newest first, in runs that one request brings. A page that is on
   * its way, or may be in the database, stands alone.
   */
  runs(): number[][] {
    const runs: number[][] = [];
    let run: number[] | undefined;
    for (const { page } of this.layout.refs.toReversed()) {
      if (this.#held.has(page)) continue;
      const isAlone = this.#coming.has(page) || this.#found.has(page);
      if (!isAlone && run?.[0] === page + 1 && run.length < RUN_PAGES) {
        run.unshift(page);
        continue;
      }
      const begun = [page];
      runs.push(begun);
      run = isAlone ? undefined : begun;
    }
    return runs;
  }

  /**
   * Gets a run of pages and has them stored with the next range. One that is on its way already is not asked for
   * twice.
   * @param run consecutive numbers, ascending.
   */
  bring(run: readonly number[]): Coming[] {
    const asked = run.filter((page) => !this.#coming.has(page));
    let fetching: Promise<ReadonlyMap<number, Bytes>> | undefined;
    const fetched = async (page: number): Promise<Bytes> => {
      fetching ??= this.#fetch(asked);
      const bytes = (await fetching).get(page);
      if (bytes === undefined) throw new Failure('internal', { detail: 'page' });
      return bytes;
    };
    return run.map((page) => this.#coming.get(page) ?? this.#begin(page, fetched));
  }

  /** A page that a view needs now. What it brings itself is stored before this resolves. */
  async need(page: number): Promise<Bytes> {
    const coming = this.#coming.get(page);
    if (coming !== undefined) return coming.sealed;
    const [own] = this.bring([page]);
    if (own === undefined) throw new Failure('internal', { detail: 'page' });
    const bytes = await own.sealed;
    await this.#parts.writes.flush();
    await own.stored;
    return bytes;
  }

  /**
   * Stored bytes in the order asked, not looked at; undefined where the database has none. It is not asked for what
   * was never put there: a read waits for the writes before it.
   */
  async stored(pages: readonly number[]): Promise<(Bytes | undefined)[]> {
    const asked = pages.filter((page) => this.#held.has(page) || this.#found.has(page));
    if (asked.length === 0) return pages.map(() => undefined);
    const found = await this.#parts.database.get(this.#parts.lookupId, this.layout.layer, asked);
    return pages.map((page) => found[asked.indexOf(page)]);
  }

  #begin(page: number, fetched: (page: number) => Promise<Bytes>): Coming {
    const got = this.#get(page, fetched);
    const sealed = got.then(({ bytes }) => bytes);
    const stored = got.then(async ({ bytes, isStored }) => {
      const { lookupId, writes } = this.#parts;
      if (!isStored) await writes.add({ lookupId, layer: this.layout.layer, page, sealed: bytes });
      this.#held.add(page);
    });
    const coming = { sealed, stored };
    this.#coming.set(page, coming);
    const end = (): boolean => this.#coming.delete(page);
    // Also marks both as looked after: who needs to know of a failure awaits them.
    stored.then(end, end);
    sealed.catch(end);
    return coming;
  }

  async #get(
    page: number,
    fetched: (page: number) => Promise<Bytes>,
  ): Promise<{ bytes: Bytes; isStored: boolean }> {
    if (this.#found.has(page) || this.#held.has(page)) {
      const [bytes] = await this.stored([page]);
      // IndexedDB loses data quietly: what is gone or altered is fetched again.
      if (bytes !== undefined && (await this.#isAsNamed(bytes, page))) return { bytes, isStored: true };
      this.#found.delete(page);
      this.#held.delete(page);
    }
    const bytes = await fetched(page);
    if (!(await this.#isAsNamed(bytes, page))) throw this.#unreadable(page);
    return { bytes, isStored: false };
  }

  /** The pages of a run, each in a buffer of its own, cut where the manifest says that they end. */
  async #fetch(run: readonly number[]): Promise<ReadonlyMap<number, Bytes>> {
    const { lookupId, fetchPages, signal } = this.#parts;
    const [first = 0] = run;
    const last = run.at(-1) ?? first;
    const together = await fetchPages(lookupId, this.layout.layer, { first, last }, signal);
    const pages = new Map<number, Bytes>();
    let end = 0;
    for (let page = first; page <= last; page++) {
      const start = end;
      end += this.layout.ref(page).bytes;
      pages.set(page, together.slice(start, end));
    }
    // Fewer or more than was promised: which page is at fault is not known.
    if (end !== together.length) throw this.#unreadable(first);
    return pages;
  }

  async #isAsNamed(sealed: Bytes, page: number): Promise<boolean> {
    const ref: PageRef = this.layout.ref(page);
    return sealed.length === ref.bytes && (await sha256Hex(sealed)) === ref.sha256;
  }

  #unreadable(page: number): Failure {
    return new Failure('page-unreadable', {
      detail: `${this.layout.layer} page ${page} is not the one named`,
    });
  }
}
