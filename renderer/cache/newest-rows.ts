/** What a window reads first: the newest rows, opened and checked before anything else is there. */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { MetadataPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { ContentPages } from './content-pages.ts';
import type { LookupLayout } from './layout.ts';
import type { OpenMetadata } from './metadata-opener.ts';
import { rowsOf } from './page-rows.ts';
import type { RowFull } from './records.ts';
import { checkPage } from './row-check.ts';
import type { SealedLayer } from './sealed-layer.ts';

/** As many as the customer's list reads in one go. */
const NEWEST_ROWS = 64;

export interface NewestParts {
  readonly layout: LookupLayout;
  readonly metadata: SealedLayer;
  readonly openMetadata: OpenMetadata;
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
 * The newest rows, oldest of them first. Every one is what central committed to, in its place: the commitments to all
 * rows of its page are those under the signed root.
 * @throws Failure 'page-unreadable', 'records-incomplete', 'central-*'
 */
export async function openNewest(parts: NewestParts): Promise<RowFull[]> {
  const { layout, metadata, openMetadata, sealedContent, content, tell } = parts;
  const pages = newestPages(layout);
  const coming = metadata.bring(pages);
  sealedContent.bring(pages);
  const openPage = async (page: number, sealed: Promise<Bytes>): Promise<MetadataPage> => {
    const opened = await openMetadata(page, await sealed);
    tell();
    return opened;
  };
  // Everything on its way at once: somebody waits for it.
  const [opened, salts] = await Promise.all([
    Promise.all(coming.map((sealed, i) => openPage(pages[i] ?? 0, sealed))),
    Promise.all(pages.map((page) => content.salts(page))),
    content.read(pages, () => pages.forEach(tell)),
  ]);
  return await content.read(pages, (found) => {
    const rows = opened.flatMap((metadataPage, i) => {
      const page = pages[i] ?? 0;
      const texts = found.get(page);
      if (texts === undefined) throw new Failure('internal', { detail: 'page' });
      const meta = (n: number) => metadataPage.row(n);
      checkPage(layout, page, { meta, content: texts, salts: salts[i] ?? new Uint8Array(0) });
      return rowsOf(metadataPage, layout.metadata.start(page), (n) => texts.row(n));
    });
    return rows.slice(-NEWEST_ROWS);
  });
}
