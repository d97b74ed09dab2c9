/** Whether rows are those that central committed to: page by page, against the signed root. */
import { type Bytes, equal } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { inclusionProofOfHashes, leafHashes, rootOfLeafHashes } from '../../shared/canonical/merkle.ts';
import { type ContentRow, type MetadataRow, rowCommitment, SALT_BYTES } from '../../shared/canonical/row.ts';
import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, metaOf } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import type { LookupLayout } from './layout.ts';

/** The metadata of one page's rows, from wherever it is held. */
export interface CommittedRows {
  /** n × 32 bytes. */
  readonly commitments: Bytes;
  meta(i: number): Omit<MetadataRow, 'commitment'>;
}

/** The root of a page, as it is signed: a node of the tree over all rows. */
export function rootOfPage({ pageRoots }: LookupLayout, page: number): Bytes {
  return pageRoots.subarray(page * HASH_BYTES, (page + 1) * HASH_BYTES);
}

/**
 * The page's commitments, in this order, are those under its signed root.
 * @throws Failure 'records-incomplete'
 */
export function checkRoot(commitments: Bytes, root: Bytes): void {
  if (!equal(rootOfLeafHashes(leafHashes(commitments)), root)) {
    throw new Failure('records-incomplete', { detail: 'Merkle root of a page' });
  }
}

/** A row as a whole. */
type WholeRow = Omit<MetadataRow, 'commitment'> & ContentRow;

/**
 * One row of a page is the one that its metadata committed to.
 * @param commitments n × 32 bytes.
 * @param salts n × 16 bytes.
 * @throws Failure 'page-unreadable'
 */
function checkRow(commitments: Bytes, i: number, row: WholeRow, salts: Bytes): void {
  const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
  const commitment = rowCommitment(row, { peer: row.peer, text: row.text, salt });
  const promised = commitments.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
  if (!equal(commitment, promised)) throw new Failure('page-unreadable', { detail: 'row commitment' });
}

/** `checkRow` for all rows of a page, or for some of them. */
export function checkContent(
  rows: CommittedRows,
  content: ContentPage,
  salts: Bytes,
  [from, until] = [0, content.length],
): void {
  for (let i = from; i < until; i++) {
    checkRow(rows.commitments, i, { ...rows.meta(i), ...content.row(i) }, salts);
  }
}

/** Rows checked without a pause: some tenths of a millisecond. */
const SLICE_ROWS = 64;

/** Checks a lookup's rows, each page once, and proves them. */
export class RowCheck {
  readonly #layout: LookupLayout;
  readonly #columns: Columns;
  readonly #content: ContentPages | undefined;
  /** 1: this page's rows were found to be the committed ones. */
  readonly #checked: Uint8Array;

  /** @param content absent with the metadata layer alone: then commitments are checked, not what they commit to. */
  constructor(layout: LookupLayout, columns: Columns, content: ContentPages | undefined) {
    this.#layout = layout;
    this.#columns = columns;
    this.#content = content;
    this.#checked = new Uint8Array(layout.metadata.refs.length);
  }

  /**
   * One page, now.
   * @param pause waited for between its parts.
   * @throws Failure 'records-incomplete', 'page-unreadable', 'central-*'
   */
  async page(page: number, pause = async (): Promise<void> => undefined): Promise<void> {
    if (this.#checked[page] === 1) return;
    const rows = this.#rows(page);
    checkRoot(rows.commitments, rootOfPage(this.#layout, page));
    const content = this.#content;
    if (content !== undefined) {
      const salts = await content.salts(page);
      const count = this.#layout.metadata.ref(page).rows;
      for (let from = 0; from < count; from += SLICE_ROWS) {
        const until = Math.min(count, from + SLICE_ROWS);
        await pause();
        await content.read([page], (pages) => {
          const opened = pages.get(page);
          if (opened !== undefined) checkContent(rows, opened, salts, [from, until]);
        });
      }
    }
    this.#checked[page] = 1;
  }

  /**
   * What checks single rows of a page that are about to be read; nothing is left to check where the whole page was.
   * Takes a row's place on the page, and throws Failure 'page-unreadable'.
   */
  async rowsOf(page: number): Promise<(i: number, row: WholeRow) => void> {
    const salts = this.#checked[page] === 1 ? undefined : await this.#content?.salts(page);
    if (salts === undefined) return () => undefined;
    const { commitments } = this.#rows(page);
    return (i, row) => checkRow(commitments, i, row, salts);
  }

  /**
   * All pages, newest first.
   * @param pause waited for before each part: whoever waits comes first.
   * @throws as `page` does
   */
  async all(pause: () => Promise<void>): Promise<void> {
    for (let page = this.#checked.length - 1; page >= 0; page--) {
      if (this.#checked[page] === 1) continue;
      await pause();
      await this.page(page, pause);
    }
  }

  /** Audit path of a row whose page was checked, leaf to root (RFC 6962). */
  proof(index: number): Bytes[] {
    const page = this.#layout.metadata.pageOf(index);
    const leaves = leafHashes(this.#rows(page).commitments);
    return [
      ...inclusionProofOfHashes(leaves, index - this.#layout.metadata.start(page)),
      ...inclusionProofOfHashes(this.#layout.pageRoots, page),
    ];
  }

  #rows(page: number): CommittedRows {
    const { metadata } = this.#layout;
    const [start, end] = [metadata.start(page), metadata.start(page + 1)];
    return {
      commitments: this.#columns.commitments.subarray(start * HASH_BYTES, end * HASH_BYTES),
      meta: (i) => metaOf(this.#columns, start + i),
    };
  }
}
