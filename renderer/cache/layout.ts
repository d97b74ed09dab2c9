import { type Bytes, concat, fromHex, toHex } from '../../shared/canonical/bytes.ts';
import { rootOfSubtrees } from '../../shared/canonical/merkle.ts';
import type { Layer, PageBinding } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest, PageRef } from '../../shared/domain/lookup.ts';
import { type PageRun, pagesOf, RUN_PAGES } from '../../shared/domain/page-run.ts';

/**
 * Bytes of the pages that are stored as one value, at the most. Chromium keeps values of up to 64 KB in IndexedDB's own
 * files; of a larger one it makes a file of its own, whose deletion takes as long as writing it (docs/performance.md).
 */
const BLOCK_BYTES = 60_000;

/** Which rows lie on which page of a layer, and which pages are stored together. */
export class LayerLayout {
  readonly layer: Layer;
  readonly refs: readonly PageRef[];
  /** First row of each page, then the number of rows. */
  readonly starts: readonly number[];
  /** Pages that are stored together, and so lost together: oldest first. */
  readonly blocks: readonly PageRun[];
  /** The block of each page. */
  readonly #blockOf: Uint32Array;

  /** @throws Failure 'records-incomplete' unless pages run 0, 1, 2 … and hold exactly `rows` rows. */
  constructor(layer: Layer, refs: readonly PageRef[], rows: number) {
    const starts = [0];
    for (const [i, ref] of refs.entries()) {
      if (ref.page !== i) throw new Failure('records-incomplete', { detail: `${layer} page list` });
      starts.push((starts[i] ?? 0) + ref.rows);
    }
    if (starts[refs.length] !== rows)
      throw new Failure('records-incomplete', { detail: `${layer} row count` });
    this.layer = layer;
    this.refs = refs;
    this.starts = starts;
    this.blocks = blocksOf(refs);
    this.#blockOf = new Uint32Array(refs.length);
    for (const [block, { first, last }] of this.blocks.entries()) this.#blockOf.fill(block, first, last + 1);
  }

  /** First row of a page. */
  start(page: number): number {
    return this.starts[page] ?? 0;
  }

  /** Number of the block that a page lies in. */
  blockOf(page: number): number {
    return this.#blockOf[page] ?? 0;
  }

  /** @throws Failure 'bad-input' for a block that there is not. */
  block(number: number): PageRun {
    const block = this.blocks[number];
    if (block === undefined) throw new Failure('bad-input', { detail: 'block' });
    return block;
  }

  /** Of a block: pages, and the bytes of all of them. */
  sizeOf(block: number): { pages: number; bytes: number } {
    const pages = pagesOf(this.block(block));
    return { pages: pages.length, bytes: pages.reduce((sum, page) => sum + this.ref(page).bytes, 0) };
  }

  ref(page: number): PageRef {
    const ref = this.refs[page];
    if (ref === undefined) throw new Failure('bad-input', { detail: 'page' });
    return ref;
  }

  /** The page that holds a row. */
  pageOf(index: number): number {
    let low = 0;
    let high = this.refs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Full blocks from the newest page down, so that what is read first needs no page more. */
function blocksOf(refs: readonly PageRef[]): PageRun[] {
  const blocks: PageRun[] = [];
  let last = refs.length - 1;
  while (last >= 0) {
    let first = last;
    let bytes = refs[last]?.bytes ?? 0;
    while (first > 0 && last - first + 1 < RUN_PAGES) {
      bytes += refs[first - 1]?.bytes ?? 0;
      if (bytes > BLOCK_BYTES) break;
      first--;
    }
    blocks.push({ first, last });
    last = first - 1;
  }
  return blocks.reverse();
}

/** What is to be opened, in one shape for both planes. Holds no secret. */
export interface LookupLayout {
  readonly binding: PageBinding;
  readonly rows: number;
  /** Lower-case hexadecimal. */
  readonly merkleRoot: string;
  /** Roots of the pages' commitments, 32 bytes each: claimed to be nodes of the tree whose root is `merkleRoot`. */
  readonly pageRoots: () => Bytes;
  readonly metadata: LayerLayout;
  /** Absent on the staff plane. // SECURITY: S4 */
  readonly content: LayerLayout | undefined;
  readonly manifest: Manifest | undefined;
}

/** @throws Failure 'records-incomplete' when page lists, counts or bindings contradict one another. */
export function layoutOf(access: MetadataAccess | RecordsAccess): LookupLayout {
  const { binding } = access;
  const manifest = 'manifest' in access ? access.manifest : undefined;
  for (const field of ['lookupId', 'consentHash', 'scopeHash'] as const) {
    if (manifest !== undefined && manifest[field] !== binding[field]) {
      throw new Failure('records-incomplete', { detail: field });
    }
  }
  const { rows, merkleRoot, pageRoots } = 'manifest' in access ? access.manifest : access;
  const refs = 'manifest' in access ? access.manifest.pages : { metadata: access.pages, content: undefined };
  const metadata = new LayerLayout('metadata', refs.metadata, rows);
  const content = refs.content && new LayerLayout('content', refs.content, rows);
  if (content?.starts.some((start, page) => start !== metadata.start(page))) {
    throw new Failure('records-incomplete', { detail: 'layers differ' });
  }
  // Not made before somebody needs them: first rows that a store held wait for none of it.
  let roots: Bytes | undefined;
  const rootBytes = (): Bytes => {
    roots ??= concat(...pageRoots.map(fromHex));
    return roots;
  };
  return { binding, rows, merkleRoot, pageRoots: rootBytes, metadata, content, manifest };
}

/**
 * n of n pages, and their roots make up the signed one: what is on a page can be checked by itself then.
 * @throws Failure 'records-incomplete'
 */
export function requireRoots({ metadata, pageRoots, merkleRoot }: LookupLayout): void {
  const sizes = metadata.refs.map((ref) => ref.rows);
  const root = rootOfSubtrees(pageRoots(), sizes);
  if (root === undefined || toHex(root) !== merkleRoot) {
    throw new Failure('records-incomplete', { detail: 'Merkle root' });
  }
}
