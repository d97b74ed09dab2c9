import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { LayerKey, MetadataPage } from '../../shared/canonical/sealed-page.ts';
import type { LayerLayout } from './layout.ts';
import { openMetadataPage } from './verify.ts';

/**
 * Opens a page of the metadata layer.
 * @param sealed as the manifest names it.
 * @throws Failure 'page-unreadable', 'records-incomplete' when it holds fewer or more rows than were promised.
 */
export type OpenMetadata = (page: number, sealed: Bytes) => Promise<MetadataPage>;

/** @param shared pages that are asked for twice, for the first rows and for the columns: they are opened once. */
export function metadataOpener(layout: LayerLayout, key: LayerKey, shared: readonly number[]): OpenMetadata {
  const opened = new Map<number, MetadataPage>();
  return async (page, sealed) => {
    const known = opened.get(page);
    if (known !== undefined) return known;
    const metadataPage = await openMetadataPage(key, page, layout.ref(page).rows, sealed);
    if (shared.includes(page)) opened.set(page, metadataPage);
    return metadataPage;
  };
}
