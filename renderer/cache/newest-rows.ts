/** What a window reads first: the newest rows, opened and checked before anything else is there. */
import type { MetadataPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { ContentPages } from './content-pages.ts';
import type { LookupLayout } from './layout.ts';
import type { RowFull } from './records.ts';
import { checkContent, checkRoot, rootOfPage } from './row-check.ts';
import type { SealedLayer } from './sealed-layer.ts';
import { type LayerOpener, openMetadataPage } from './verify.ts';

/** As many as the customer's list reads in one go. */
const NEWEST_ROWS = 64;

export interface NewestParts {
  readonly layout: LookupLayout;
  readonly metadata: SealedLayer;
  readonly opener: LayerOpener;
  readonly sealedContent: SealedLayer;
  readonly content: ContentPages;
  /** A page of either layer is open. */
  readonly tell: () => void;
}

/** Numbers of the pages that hold the newest rows, ascending: the last page alone may hold few. */
export function newestPages({ metadata }: LookupLayout): number[] {
  const rows = metadata.start(metadata.refs.length);
  const first = metadata.pageOf(Math.max(0, rows - NEWEST_ROWS));
  return metadata.refs.slice(first).map(({ page }) => page);
}

/**
 * The newest rows, oldest of them first. Every one is what central committed to, in its place: its page's commitments
 * are those under the signed root, and its content is what its own commitment says.
 * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
 */
export async function openNewest(parts: NewestParts): Promise<RowFull[]> {
  const { layout, metadata, opener, sealedContent, content, tell } = parts;
  const pages = newestPages(layout);
  const coming = metadata.bring(pages);
  sealedContent.bring(pages);
  const rows: RowFull[][] = await Promise.all(
    pages.map(async (page, i) => {
      const sealed = await coming[i];
      if (sealed === undefined) throw new Failure('internal', { detail: 'page' });
      const opened = await openMetadataPage(opener, page, layout.metadata.ref(page).rows, sealed);
      tell();
      checkRoot(opened.commitments, rootOfPage(layout, page));
      const salts = await content.salts(page);
      return await content.read([page], (found) => {
        tell();
        const texts = found.get(page);
        if (texts === undefined) throw new Failure('internal', { detail: 'page' });
        checkContent({ commitments: opened.commitments, meta: (n) => opened.row(n) }, texts, salts);
        return rowsOf(opened, layout.metadata.start(page), (n) => texts.row(n));
      });
    }),
  );
  return rows.flat().slice(-NEWEST_ROWS);
}

function rowsOf(
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
