import { concat, fromHex, toHex } from '../../shared/canonical/bytes.ts';
import { rootOfSubtrees } from '../../shared/canonical/merkle.ts';
import type { Layer, PageBinding } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest, PageRef } from '../../shared/domain/lookup.ts';

/** Which rows lie on which page of a layer, and where the page lies in the file. */
export class LayerLayout {
  readonly layer: Layer;
  readonly refs: readonly PageRef[];
  /** First row of each page, then the number of rows. */
  readonly starts: readonly number[];
  /** First byte of each page in the file, then the byte behind the last one. */
  readonly offsets: readonly number[];

  /**
   * @param offset of the first page in the file.
   * @throws Failure 'records-incomplete' unless pages run 0, 1, 2 … and hold exactly `rows` rows.
   */
  constructor(layer: Layer, refs: readonly PageRef[], rows: number, offset: number) {
    const starts = [0];
    const offsets = [offset];
    for (const [i, ref] of refs.entries()) {
      if (ref.page !== i) throw new Failure('records-incomplete', { detail: `${layer} page list` });
      starts.push((starts[i] ?? 0) + ref.rows);
      offsets.push((offsets[i] ?? 0) + ref.bytes);
    }
    if (starts[refs.length] !== rows)
      throw new Failure('records-incomplete', { detail: `${layer} row count` });
    this.layer = layer;
    this.refs = refs;
    this.starts = starts;
    this.offsets = offsets;
  }

  /** First row of a page. */
  start(page: number): number {
    return this.starts[page] ?? 0;
  }

  /** First byte of a page in the file. */
  offset(page: number): number {
    return this.offsets[page] ?? 0;
  }

  /** The byte behind the last page. */
  get end(): number {
    return this.offset(this.refs.length);
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

/** What is to be opened, in one shape for both planes. Holds no secret. */
export interface LookupLayout {
  readonly binding: PageBinding;
  readonly rows: number;
  /** Lower-case hexadecimal. */
  readonly merkleRoot: string;
  /** Roots of the pages' commitments, 32 bytes each: nodes of the tree whose root is `merkleRoot`. */
  readonly pageRoots: Uint8Array<ArrayBuffer>;
  readonly metadata: LayerLayout;
  /** Absent on the staff plane. // SECURITY: S4 */
  readonly content: LayerLayout | undefined;
  readonly manifest: Manifest | undefined;
}

/**
 * The file holds the pages as the manifest lists them: metadata, then content.
 * @throws Failure 'records-incomplete' when page lists, counts, bindings or roots contradict one another.
 */
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
  const metadata = new LayerLayout('metadata', refs.metadata, rows, 0);
  const content = refs.content && new LayerLayout('content', refs.content, rows, metadata.end);
  if (content?.starts.some((start, page) => start !== metadata.start(page))) {
    throw new Failure('records-incomplete', { detail: 'layers differ' });
  }
  const roots = concat(...pageRoots.map(fromHex));
  const root = rootOfSubtrees(
    roots,
    metadata.refs.map((ref) => ref.rows),
  );
  // n of n pages, and their roots make up the signed one: what is on a page can now be checked by itself.
  if (root === undefined || toHex(root) !== merkleRoot) {
    throw new Failure('records-incomplete', { detail: 'Merkle root' });
  }
  return { binding, rows, merkleRoot, pageRoots: roots, metadata, content, manifest };
}
