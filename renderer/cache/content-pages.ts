import type { Bytes } from '../../shared/canonical/bytes.ts';
import { type ContentPage, type LayerKey, pageSalts } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerLayout } from './layout.ts';
import type { SealedLayer } from './sealed-layer.ts';
import { openContentPage } from './verify.ts';

/**
 * Opened pages kept, in bytes: all texts of some 600,000 records. What was read or searched once is searched again
 * without the disk, and without opening anything.
 */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Pages read and opened together in a search: enough to keep the crypto threads busy. */
const RANGE = 16;
/** Ranges under way while one is searched: the disk, the crypto threads and the search work at the same time. */
const RANGES_AHEAD = 3;

interface OpenedPage {
  /** What `content` is a view of. */
  readonly plain: Bytes;
  readonly content: ContentPage;
}

/**
 * Content pages, opened when a view needs one and kept while there is room. What goes is overwritten, and so is
 * everything at the end. // SECURITY: S11
 */
export class ContentPages {
  readonly layout: LayerLayout;
  readonly #sealed: SealedLayer;
  readonly #keptBytes: number;
  #key: LayerKey | undefined;
  /** Least recently used first. */
  readonly #kept = new Map<number, OpenedPage>();
  #size = 0;
  /** Pages that somebody is about to read, and how many: they stay. */
  readonly #wanted = new Map<number, number>();

  /** @param keptBytes of opened pages at the most. */
  constructor(sealed: SealedLayer, key: LayerKey, keptBytes = KEPT_BYTES) {
    this.#sealed = sealed;
    this.layout = sealed.layout;
    this.#key = key;
    this.#keptBytes = keptBytes;
  }

  /**
   * Reads some pages.
   * @param use is called once, with all of them by number; when it has returned they may be overwritten.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
   */
  async read<T>(pages: readonly number[], use: (pages: ReadonlyMap<number, ContentPage>) => T): Promise<T> {
    // Those that are open stay so while the others are being opened.
    for (const page of pages) this.#wanted.set(page, (this.#wanted.get(page) ?? 0) + 1);
    try {
      const opened = await this.#open(pages.filter((page) => !this.#kept.has(page)));
      for (const [page, one] of opened) this.#keep(page, one);
      return use(new Map(pages.map((page) => [page, this.#touch(page)])));
    } finally {
      for (const page of pages) {
        const others = (this.#wanted.get(page) ?? 1) - 1;
        if (others === 0) this.#wanted.delete(page);
        else this.#wanted.set(page, others);
      }
      this.#makeRoom();
    }
  }

  /** Salts of a page's rows, n × 16 bytes. */
  salts(page: number): Promise<Bytes> {
    return pageSalts(this.#requireKey(), page, this.layout.ref(page).rows);
  }

  /**
   * Pages one after the other for a search: first those that are open, then the rest, the next range being opened
   * meanwhile. They are kept as long as there is room; a search drives nothing out.
   * @param use is called for each; when it has returned the page may be overwritten.
   * @throws as `read` does
   */
  async sweep(pages: readonly number[], use: (page: number, content: ContentPage) => void): Promise<void> {
    const closed: number[] = [];
    for (const page of pages) {
      const kept = this.#kept.get(page);
      if (kept === undefined) closed.push(page);
      else use(page, kept.content);
    }
    const ahead: Promise<ReadonlyMap<number, OpenedPage>>[] = [];
    let next = 0;
    const goOn = (): void => {
      if (next < closed.length) ahead.push(this.#range(closed.slice(next, next + RANGE)));
      next += RANGE;
    };
    for (let i = 0; i < RANGES_AHEAD; i++) goOn();
    try {
      for (let range = ahead.shift(); range !== undefined; range = ahead.shift()) {
        const opened = await range;
        goOn();
        for (const [page, one] of opened) {
          use(page, one.content);
          if (this.#size + one.plain.length <= this.#keptBytes) this.#keep(page, one);
          else one.plain.fill(0);
        }
      }
    } finally {
      // Left over by a failure only.
      for (const range of ahead) void range.then(overwrite, () => undefined);
    }
  }

  /** Drops the key and overwrites what is open. // SECURITY: S11 */
  drop(): void {
    this.#key = undefined;
    for (const { plain } of this.#kept.values()) plain.fill(0);
    this.#kept.clear();
  }

  #keep(page: number, opened: OpenedPage): void {
    // Another call opened the same page meanwhile, and somebody may be reading that one.
    if (this.#kept.has(page)) {
      opened.plain.fill(0);
      return;
    }
    this.#kept.set(page, opened);
    this.#size += opened.plain.length;
  }

  /** A page that is kept, from now on the last one to go. */
  #touch(page: number): ContentPage {
    const kept = this.#kept.get(page);
    if (kept === undefined) throw new Failure('wrong-state', { detail: 'wiped' });
    this.#kept.delete(page);
    this.#kept.set(page, kept);
    return kept.content;
  }

  #makeRoom(): void {
    for (const page of this.#kept.keys()) {
      if (this.#size <= this.#keptBytes) break;
      if (!this.#wanted.has(page)) this.#forget(page);
    }
  }

  #forget(page: number): void {
    const kept = this.#kept.get(page);
    if (kept === undefined) return;
    kept.plain.fill(0);
    this.#kept.delete(page);
    this.#size -= kept.plain.length;
  }

  #range(pages: readonly number[]): Promise<ReadonlyMap<number, OpenedPage>> {
    const range = this.#open(pages);
    // Nobody awaits it when the range before it failed; that failure is the one reported.
    range.catch(() => undefined);
    return range;
  }

  async #open(pages: readonly number[]): Promise<ReadonlyMap<number, OpenedPage>> {
    const opened = new Map<number, OpenedPage>();
    if (pages.length === 0) return opened;
    const stored = await this.#sealed.stored(pages);
    await Promise.all(
      pages.map(async (page) => opened.set(page, await this.#openOne(page, stored.get(page)))),
    );
    if (this.#key === undefined) {
      // Wiped meanwhile: nothing opened may be handed on.
      overwrite(opened);
      throw new Failure('wrong-state', { detail: 'wiped' });
    }
    return opened;
  }

  /** A page that has not come yet is fetched now; one that the disk lost or altered is fetched again, once. */
  async #openOne(page: number, stored: Bytes | undefined): Promise<OpenedPage> {
    const rows = this.layout.ref(page).rows;
    if (stored !== undefined) {
      try {
        return await openContentPage(this.#requireKey(), page, rows, stored);
      } catch (thrown) {
        if (!(thrown instanceof Failure) || thrown.error.kind !== 'page-unreadable') throw thrown;
        this.#sealed.lost(page);
      }
    }
    return await openContentPage(this.#requireKey(), page, rows, await this.#sealed.need(page));
  }

  #requireKey(): LayerKey {
    if (this.#key === undefined) throw new Failure('wrong-state', { detail: 'wiped' });
    return this.#key;
  }
}

function overwrite(pages: ReadonlyMap<number, OpenedPage>): void {
  for (const { plain } of pages.values()) plain.fill(0);
}
