import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Columns } from './columns.ts';
import type { LayerLayout } from './layout.ts';
import type { SealedLayer } from './sealed-layer.ts';
import { type LayerOpener, openContentPage, verifyContent } from './verify.ts';

/** Decoded pages kept: some 10 MB of texts at the most. */
const KEPT_PAGES = 64;
/** Pages read and opened together in a search. */
const RANGE = 16;

interface OpenedPage {
  /** What `content` is a view of. */
  readonly plain: Bytes;
  readonly content: ContentPage;
}

/**
 * Content pages, opened when a view needs one and checked against the rows' commitments when first opened.
 * The last few stay; the rest are overwritten as soon as they have been read. // SECURITY: S11
 */
export class ContentPages {
  readonly layout: LayerLayout;
  readonly #sealed: SealedLayer;
  readonly #columns: Columns;
  #opener: LayerOpener | undefined;
  /** Least recently used first. */
  readonly #kept = new Map<number, OpenedPage>();
  /** 1: this page's rows were found to be the committed ones. */
  readonly #verified: Uint8Array;

  constructor(sealed: SealedLayer, columns: Columns, opener: LayerOpener) {
    this.#sealed = sealed;
    this.layout = sealed.layout;
    this.#columns = columns;
    this.#opener = opener;
    this.#verified = new Uint8Array(this.layout.refs.length);
  }

  /**
   * One page. Read what is needed of it before the next await: it may be overwritten once 64 others were used.
   * @throws Failure 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'
   */
  async get(page: number): Promise<ContentPage> {
    const kept = this.#kept.get(page);
    if (kept !== undefined) {
      this.#kept.delete(page);
      this.#kept.set(page, kept);
      return kept.content;
    }
    const [opened] = await this.#open([page]);
    if (opened === undefined) throw new Failure('internal', { detail: 'page' });
    // Another call may have opened the same page meanwhile.
    this.#kept.get(page)?.plain.fill(0);
    this.#kept.set(page, opened);
    for (const [oldest, { plain }] of this.#kept) {
      if (this.#kept.size <= KEPT_PAGES) break;
      plain.fill(0);
      this.#kept.delete(oldest);
    }
    return opened.content;
  }

  /** Pages one after the other for a search: the next range is opened meanwhile, and none is kept. */
  async *sweep(pages: readonly number[]): AsyncGenerator<{ page: number; content: ContentPage }, void, void> {
    let next = this.#range(pages, 0);
    for (let at = 0; at < pages.length; at += RANGE) {
      const range = await next;
      next = this.#range(pages, at + RANGE);
      for (const [i, { plain, content }] of range.entries()) {
        yield { page: pages[at + i] ?? 0, content };
        plain.fill(0);
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

  #range(pages: readonly number[], at: number): Promise<OpenedPage[]> {
    const range = this.#open(pages.slice(at, at + RANGE));
    // Nobody awaits it when the range before it failed; that failure is the one reported.
    range.catch(() => undefined);
    return range;
  }

  async #open(pages: readonly number[]): Promise<OpenedPage[]> {
    if (pages.length === 0) return [];
    const stored = await this.#sealed.stored(pages);
    const opened = await Promise.all(pages.map((page, i) => this.#openOne(page, stored[i])));
    for (const [i, page] of pages.entries()) {
      const { content } = opened[i] ?? {};
      if (content !== undefined && this.#verified[page] !== 1) {
        verifyContent(this.#columns, this.layout.start(page), this.layout.ref(page).rows, content);
        this.#verified[page] = 1;
      }
    }
    if (this.#opener === undefined) {
      // Wiped meanwhile: nothing opened may be handed on.
      for (const { plain } of opened) plain.fill(0);
      throw new Failure('wrong-state', { detail: 'wiped' });
    }
    return opened;
  }

  /** A page that has not come yet is fetched now; one that IndexedDB lost or altered is fetched again, once. */
  async #openOne(page: number, stored: Bytes | undefined): Promise<OpenedPage> {
    if (stored !== undefined) {
      try {
        return await openContentPage(this.#key(), page, stored);
      } catch (thrown) {
        if (!(thrown instanceof Failure) || thrown.error.kind !== 'page-unreadable') throw thrown;
      }
    }
    return await openContentPage(this.#key(), page, await this.#sealed.need(page));
  }

  #key(): LayerOpener {
    if (this.#opener === undefined) throw new Failure('wrong-state', { detail: 'wiped' });
    return this.#opener;
  }
}
