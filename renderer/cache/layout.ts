import type { Layer, PageBinding } from '../../shared/canonical/sealed-page.ts';
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Manifest, PageRef } from '../../shared/domain/lookup.ts';

/** Which rows lie on which page of a layer. */
export class LayerLayout {
  readonly layer: Layer;
  readonly refs: readonly PageRef[];
  /** First row of each page, then the number of rows. */
  readonly starts: readonly number[];

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
  }

  /** First row of a page. */
  start(page: number): number {
    return this.starts[page] ?? 0;
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
  readonly merkleRoot: string;
  readonly metadata: LayerLayout;
  /** Absent on the staff plane. // SECURITY: S4 */
  readonly content: LayerLayout | undefined;
  readonly manifest: Manifest | undefined;
}

/** @throws Failure 'records-incomplete' when page lists, counts or bindings contradict one another. */
export function layoutOf(access: MetadataAccess | RecordsAccess): LookupLayout {
  const { binding } = access;
  if (!('manifest' in access)) {
    const { rows, merkleRoot, pages } = access;
    return {
      binding,
      rows,
      merkleRoot,
      metadata: new LayerLayout('metadata', pages, rows),
      content: undefined,
      manifest: undefined,
    };
  }
  const { manifest } = access;
  for (const field of ['lookupId', 'consentHash', 'scopeHash'] as const) {
    if (manifest[field] !== binding[field]) throw new Failure('records-incomplete', { detail: field });
  }
  const { rows, merkleRoot, pages } = manifest;
  return {
    binding,
    rows,
    merkleRoot,
    metadata: new LayerLayout('metadata', pages.metadata, rows),
    content: new LayerLayout('content', pages.content, rows),
    manifest,
  };
}
