import type { Bytes } from '../../shared/canonical/bytes.ts';
import { type ContentPage, derivePageSalts } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { LayerLayout } from './layout.ts';
import type { SealedLayer } from './sealed-layer.ts';
import { type LayerOpener, openContentPage } from './verify.ts';

/**
 * Opened pages kept, in bytes: all texts of some 600,000 records. What was read or searched once is searched again
 * without the disk, and without opening anything.
 */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Pages read and opened together in a search: enough to keep the crypto threads busy. */
const RANGE = 16;

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
  #opener: LayerOpener | undefined;
  /** Least recently used first. */
  readonly #kept = new Map<number, OpenedPage>();
  #size = 0;

  /** @param keptBytes of opened pages at the most. */
  constructor(sealed: SealedLayer, opener: LayerOpener, keptBytes = KEPT_BYTES) {
    this.#sealed = sealed;
    this.layout = sealed.layout;
    this.#opener = opener;
    this.#keptBytes = keptBytes;
  }

  /**
   * Reads some pages.
   * @param use is called once, with all of them by number; when it has returned they may be overwritten.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
   */
  async read<T>(pages: readonly number[], use: (pages: ReadonlyMap<number, ContentPage>) => T): Promise<T> {
    const missing = pages.filter((page) => !this.#kept.has(page));
    const opened = await this.#open(missing);
    const found = new Map<number, ContentPage>();
    for (const page of pages) {
      const { content } = this.#kept.get(page) ?? opened.get(page) ?? {};
      if (content === undefined) throw new Failure('internal', { detail: 'page' });
      found.set(page, content);
    }
    for (const [page, one] of opened) this.#keep(page, one);
    for (const page of pages) this.#touch(page);
    const value = use(found);
    this.#makeRoom();
    return value;
  }

  /** Salts of a page's rows, n × 16 bytes. */
  salts(page: number): Promise<Bytes> {
    const { layerKey, binding } = this.#key();
    return derivePageSalts(layerKey, binding, page, this.layout.ref(page).rows);
  }

  /**
   * Pages one after the other for a search: first those that are open, then the rest, the next range being opened
   * meanwhile. They are kept as long as there is room; a search drives nothing out.
   */
  async *sweep(pages: readonly number[]): AsyncGenerator<{ page: number; content: ContentPage }, void, void> {
    const closed: number[] = [];
    for (const page of pages) {
      const kept = this.#kept.get(page);
      if (kept === undefined) closed.push(page);
      else yield { page, content: kept.content };
    }
    let next = this.#range(closed, 0);
    for (let at = 0; at < closed.length; at += RANGE) {
      const range = await next;
      next = this.#range(closed, at + RANGE);
      for (const [page, opened] of range) {
        yield { page, content: opened.content };
        if (this.#kept.has(page) || this.#size + opened.plain.length > this.#keptBytes) opened.plain.fill(0);
        else this.#keep(page, opened);
      }
    }
    await next;
  }

  /** Drops the key and overwrites what is open. // SECURITY: S11 */
  drop(): void {
    this.#opener = undefined;
    for (const { plain } of this.#kept.values()) plain.fill(0);
    this.#kept.clear();
  }

  #keep(page: number, opened: OpenedPage): void {
    // Another call may have opened the same page meanwhile.
    this.#forget(page);
    this.#kept.set(page, opened);
    this.#size += opened.plain.length;
  }

  #touch(page: number): void {
    const kept = this.#kept.get(page);
    if (kept === undefined) return;
    this.#kept.delete(page);
    this.#kept.set(page, kept);
  }

  #makeRoom(): void {
    for (const page of this.#kept.keys()) {
      if (this.#size <= this.#keptBytes) break;
      this.#forget(page);
    }
  }

  #forget(page: number): void {
    const kept = this.#kept.get(page);
    if (kept === undefined) return;
    kept.plain.fill(0);
    this.#kept.delete(page);
    this.#size -= kept.plain.length;
  }

  #range(pages: readonly number[], at: number): Promise<ReadonlyMap<number, OpenedPage>> {
    const range = this.#open(pages.slice(at, at + RANGE));
    // Nobody awaits it when the range before it failed; that failure is the one reported.
    range.catch(() => undefined);
    return range;
  }

  async #open(pages: readonly number[]): Promise<ReadonlyMap<number, OpenedPage>> {
    const opened = new Map<number, OpenedPage>();
    await Promise.all(pages.map(async (page) => opened.set(page, await this.#openOne(page))));
    if (this.#opener === undefined) {
      // Wiped meanwhile: nothing opened may be handed on.
      for (const { plain } of opened.values()) plain.fill(0);
      throw new Failure('wrong-state', { detail: 'wiped' });
    }
    return opened;
  }

  /** A page that has not come yet is fetched now; one that the disk lost or altered is fetched again, once. */
  async #openOne(page: number): Promise<OpenedPage> {
    const rows = this.layout.ref(page).rows;
    const stored = this.#sealed.stored(page);
    if (stored !== undefined) {
      try {
        return await openContentPage(this.#key(), page, rows, stored);
      } catch (thrown) {
        if (!(thrown instanceof Failure) || thrown.error.kind !== 'page-unreadable') throw thrown;
        this.#sealed.lost(page);
      }
    }
    return await openContentPage(this.#key(), page, rows, await this.#sealed.need(page));
  }

  #key(): LayerOpener {
    if (this.#opener === undefined) throw new Failure('wrong-state', { detail: 'wiped' });
    return this.#opener;
  }
}
