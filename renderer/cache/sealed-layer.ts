import type { Bytes } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import type { Layer } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { answersOf, pagesOf } from '../../shared/domain/page-run.ts';
import type { LayerLayout } from './layout.ts';
import type { FetchPages } from './page-source.ts';
import type { PageStorage } from './page-storage.ts';
import type { PutQueue } from './put-queue.ts';

export interface LayerParts {
  readonly lookupId: string;
  readonly storage: PageStorage;
  readonly writes: PutQueue;
  readonly fetchPages: FetchPages;
  readonly signal: AbortSignal;
  /** First pages of the blocks that were there when this began. */
  readonly found: Promise<Readonly<Record<Layer, ReadonlySet<number>>>>;
  /** Bytes of sealed pages that are kept in memory, at the most. */
  readonly keepBytes: number;
}

/** Pages of a block, oldest first; undefined where one is not as the manifest names it. */
type BlockPages = readonly (Bytes | undefined)[];

interface Gotten {
  readonly pages: BlockPages;
  /** Settles when the block is on the disk, or never will be. */
  readonly stored: Promise<void>;
}

/** The sealed pages of one layer, in the storage or on their way into it: each is fetched once, whoever asks. */
export class SealedLayer {
  readonly layout: LayerLayout;
  readonly #parts: LayerParts;
  /** 1: stored since this began, or found to be stored as the manifest names it. A place a block. */
  readonly #held: Uint8Array;
  /** 1: found to be gone or altered. A place a block. */
  readonly #lost: Uint8Array;
  /** Blocks that are being fetched, or wait to be stored. */
  readonly #coming = new Map<number, Promise<BlockPages>>();
  /** Blocks that came since this began, sealed as they are, up to `keepBytes`: reading them again needs no disk. */
  readonly #kept = new Map<number, BlockPages>();
  #keptBytes = 0;
  /** Why a block could not be stored. */
  #failure: Failure | undefined;

  constructor(parts: LayerParts, layout: LayerLayout) {
    this.#parts = parts;
    this.layout = layout;
    this.#held = new Uint8Array(layout.blocks.length);
    this.#lost = new Uint8Array(layout.blocks.length);
  }

  /** Forgets that storing failed: it is tried again. */
  retry(): void {
    this.#failure = undefined;
  }

  /** @throws Failure 'storage-failed' when a block that came could not be stored. */
  requireStored(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Something has yet to be fetched, or to be looked at. */
  get hasMore(): boolean {
    return this.layout.blocks.some((_, block) => this.#held[block] === 0 && !this.#coming.has(block));
  }

  /**
   * Pages in runs of consecutive numbers that one request brings, whole blocks each, newest first.
   * @param which all of them, or those that are not known to be stored.
   */
  runs(which: 'all' | 'missing'): number[][] {
    const wanted = [...this.layout.blocks.keys()]
      .reverse()
      .filter((block) => which === 'all' || this.#held[block] === 0);
    return this.#answers(wanted, -1).map((blocks) =>
      blocks.reverse().flatMap((block) => pagesOf(this.layout.block(block))),
    );
  }

  /**
   * Some pages, each as the manifest names it; they and the others of their blocks are stored where the disk allows.
   * What is on its way already is not asked for twice. None of the promises has to be awaited.
   * @param pages ascending.
   */
  bring(pages: readonly number[]): Promise<Bytes>[] {
    const blocks = new Set(pages.map((page) => this.layout.blockOf(page)));
    const asked = [...blocks].filter((block) => !this.#coming.has(block));
    if (asked.length > 0) {
      const getting = this.#get(asked);
      for (const block of asked) this.#begin(block, getting);
    }
    return pages.map((page) => {
      const bytes = this.#pageOf(page, this.#coming.get(this.layout.blockOf(page)));
      // Who needs to know of a failure awaits it.
      bytes.catch(() => undefined);
      return bytes;
    });
  }

  /** A page that a view needs now. */
  async need(page: number): Promise<Bytes> {
    const block = this.layout.blockOf(page);
    const kept = this.#kept.get(block)?.[page - this.layout.block(block).first];
    if (kept !== undefined) return kept;
    const [bytes] = this.bring([page]);
    if (bytes === undefined) throw new Failure('internal', { detail: 'page' });
    return bytes;
  }

  /** Those of the pages that are here; of what lies in the storage the bytes were not looked at. */
  async stored(pages: readonly number[]): Promise<Map<number, Bytes>> {
    const blocks = [...new Set(pages.map((page) => this.layout.blockOf(page)))];
    const read = await this.#read(blocks.filter((block) => !this.#kept.has(block)));
    const bytes = new Map<number, Bytes>();
    for (const page of pages) {
      const block = this.layout.blockOf(page);
      const found = (this.#kept.get(block) ?? read.get(block))?.[page - this.layout.block(block).first];
      if (found !== undefined) bytes.set(page, found);
    }
    return bytes;
  }

  /** Stored bytes turned out not to be what they were: their block is fetched again. */
  lost(page: number): void {
    const block = this.layout.blockOf(page);
    // It has come anew meanwhile.
    if (this.#kept.has(block)) return;
    this.#held[block] = 0;
    this.#lost[block] = 1;
  }

  #begin(block: number, getting: Promise<ReadonlyMap<number, Gotten>>): void {
    const gotten = getting.then((all) => {
      const one = all.get(block);
      if (one === undefined) throw new Failure('internal', { detail: 'block' });
      return one;
    });
    this.#coming.set(
      block,
      gotten.then(({ pages }) => pages),
    );
    const end = (): boolean => this.#coming.delete(block);
    gotten.then(({ stored }) => stored).then(end, end);
  }

  async #pageOf(page: number, coming: Promise<BlockPages> | undefined): Promise<Bytes> {
    const { first } = this.layout.block(this.layout.blockOf(page));
    const bytes = (await coming)?.[page - first];
    if (bytes === undefined) throw this.#unreadable(page);
    return bytes;
  }

  /** Blocks that were found in the storage as the manifest names them; the others are fetched. */
  async #get(asked: readonly number[]): Promise<ReadonlyMap<number, Gotten>> {
    const gotten = new Map<number, Gotten>();
    await this.#find(asked, gotten);
    const missing = asked.filter((block) => !gotten.has(block));
    await Promise.all(this.#answers(missing, 1).map((blocks) => this.#fetch(blocks, gotten)));
    return gotten;
  }

  async #find(asked: readonly number[], into: Map<number, Gotten>): Promise<void> {
    const read = await this.#read(asked);
    await Promise.all(
      [...read].map(async ([block, pages]) => {
        const named = await this.#named(block, pages);
        // Disks lose data quietly: what is gone or altered is fetched again.
        if (named.includes(undefined)) return;
        this.#held[block] = 1;
        into.set(block, { pages, stored: Promise.resolve() });
      }),
    );
  }

  /** Blocks as they lie in the storage, cut into pages; without those of another length than was named. */
  async #read(blocks: readonly number[]): Promise<ReadonlyMap<number, readonly Bytes[]>> {
    const { lookupId, storage, found } = this.#parts;
    const there = (await found)[this.layout.layer];
    const firstOf = (block: number): number => this.layout.block(block).first;
    // It is not asked for what was never put: a read waits for the writes before it.
    const asked = blocks.filter(
      (block) => this.#held[block] === 1 || (this.#lost[block] === 0 && there.has(firstOf(block))),
    );
    const pages = new Map<number, readonly Bytes[]>();
    if (asked.length === 0) return pages;
    // What cannot be read is as good as gone: it is fetched again.
    const values = await storage.get(lookupId, this.layout.layer, asked.map(firstOf)).catch(() => []);
    for (const [i, block] of asked.entries()) {
      const value = values[i];
      if (value?.length === this.layout.sizeOf(block).bytes) pages.set(block, this.#cut(block, value));
    }
    return pages;
  }

  /** Consecutive blocks that one request brings. @param step from a block to its neighbour */
  #answers(blocks: readonly number[], step: 1 | -1): number[][] {
    return answersOf(
      blocks,
      (block) => this.layout.sizeOf(block),
      (before, block) => block === before + step,
    );
  }

  /** One answer, cut where the manifest says that blocks and pages end. */
  async #fetch(blocks: readonly number[], into: Map<number, Gotten>): Promise<void> {
    const { lookupId, fetchPages, signal } = this.#parts;
    const { first } = this.layout.block(blocks[0] ?? 0);
    const { last } = this.layout.block(blocks.at(-1) ?? 0);
    const together = await fetchPages(lookupId, [{ layer: this.layout.layer, first, last }], signal);
    // Fewer or more than was promised: which page is at fault is not known.
    if (together.length !== blocks.reduce((sum, block) => sum + this.layout.sizeOf(block).bytes, 0)) {
      throw this.#unreadable(first);
    }
    let start = 0;
    const cut = blocks.map((block) => {
      const end = start + this.layout.sizeOf(block).bytes;
      // In a buffer of its own: a database would store the whole buffer that a view is of.
      const sealed = blocks.length === 1 ? together : together.slice(start, end);
      start = end;
      return { block, sealed };
    });
    await Promise.all(
      cut.map(async ({ block, sealed }) => {
        const pages = await this.#named(block, this.#cut(block, sealed));
        const isWhole = !pages.includes(undefined);
        if (isWhole) this.#keep(block, pages);
        const stored = isWhole ? this.#store(block, sealed) : Promise.resolve();
        into.set(block, { pages, stored });
      }),
    );
  }

  /** What comes first stays: the newest rows, which are looked at most. */
  #keep(block: number, pages: BlockPages): void {
    const bytes = this.layout.sizeOf(block).bytes;
    if (this.#kept.has(block) || this.#keptBytes + bytes > this.#parts.keepBytes) return;
    this.#kept.set(block, pages);
    this.#keptBytes += bytes;
  }

  /** A block that cannot be stored can still be read: the failure is told when all have to be held. */
  async #store(block: number, sealed: Bytes): Promise<void> {
    const { lookupId, writes } = this.#parts;
    const { first } = this.layout.block(block);
    if (this.#failure !== undefined) return;
    try {
      await writes.add({ lookupId, layer: this.layout.layer, first, sealed });
      this.#held[block] = 1;
    } catch (thrown) {
      this.#failure = thrown instanceof Failure ? thrown : new Failure('storage-failed');
    }
  }

  #cut(block: number, sealed: Bytes): Bytes[] {
    let end = 0;
    return pagesOf(this.layout.block(block)).map((page) => {
      const start = end;
      end += this.layout.ref(page).bytes;
      return sealed.subarray(start, end);
    });
  }

  /** Pages of a block, without those that are not as the manifest names them. */
  #named(block: number, pages: readonly Bytes[]): Promise<BlockPages> {
    const { first } = this.layout.block(block);
    return Promise.all(
      pages.map(async (bytes, i) =>
        (await sha256Hex(bytes)) === this.layout.ref(first + i).sha256 ? bytes : undefined,
      ),
    );
  }

  #unreadable(page: number): Failure {
    return new Failure('page-unreadable', {
      detail: `${this.layout.layer} page ${page} is not the one named`,
    });
  }
}
