import type { MetadataPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { RowFull } from './records.ts';

/**
 * Rows of a page of either layer, in their order.
 * @param start number of its first row.
 * @throws Failure 'page-unreadable' for a category that no record can have.
 */
export function rowsOf(
  page: MetadataPage,
  start: number,
  contentOf: (i: number) => { readonly peer: string; readonly text: string },
): RowFull[] {
  return Array.from({ length: page.length }, (_, i) => {
    const { at, direction, category, maskedPeer } = page.row(i);
    const known = categories.find((one) => one === category);
    if (known === undefined) throw new Failure('page-unreadable', { detail: 'category' });
    return { index: start + i, at, direction, category: known, maskedPeer, ...contentOf(i) };
  });
}
