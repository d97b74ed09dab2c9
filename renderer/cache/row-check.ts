/** Whether rows are those that central committed to: page by page, against the signed root. */
import { type Bytes, equal } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { inclusionProofOfHashes, leafHashes, rootOfLeafHashes } from '../../shared/canonical/merkle.ts';
import { type MetadataRow, rowCommitment, SALT_BYTES } from '../../shared/canonical/row.ts';
import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Columns, metaOf } from './columns.ts';
import type { ContentPages } from './content-pages.ts';
import type { LookupLayout } from './layout.ts';

/** All of one page that central committed to. */
interface CommittedPage {
  readonly meta: (i: number) => MetadataRow;
  readonly content: ContentPage;
  /** n × 16 bytes. */
  readonly salts: Bytes;
}

/** A row's salt, and its audit path, leaf to root (RFC 6962). */
export interface RowProof {
  readonly salt: Bytes;
  readonly proof: readonly Bytes[];
}

/** Works out the leaf hashes of some rows, and puts them in their places. @param leaves n × 32 bytes */
function hashRows(leaves: Bytes, rows: CommittedPage, from: number, until: number): void {
  const commitments = new Uint8Array((until - from) * HASH_BYTES);
  for (let i = from; i < until; i++) {
    const salt = rows.salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
    commitments.set(rowCommitment(rows.meta(i), { ...rows.content.row(i), salt }), (i - from) * HASH_BYTES);
  }
  leaves.set(leafHashes(commitments), from * HASH_BYTES);
}

/**
 * The page's leaf hashes, in this order, are those under its signed root.
 * @throws Failure 'records-incomplete'
 */
function requireRoot(layout: LookupLayout, page: number, leaves: Bytes): void {
  const root = layout.pageRoots().subarray(page * HASH_BYTES, (page + 1) * HASH_BYTES);
  if (!equal(rootOfLeafHashes(leaves), root)) {
    throw new Failure('records-incomplete', { detail: 'Merkle root of a page' });
  }
}

/** Checks one page at once. @throws Failure 'records-incomplete' */
export function checkPage(layout: LookupLayout, page: number, rows: CommittedPage): void {
  const leaves = new Uint8Array(rows.content.length * HASH_BYTES);
  hashRows(leaves, rows, 0, rows.content.length);
  requireRoot(layout, page, leaves);
}

/** Rows checked without a pause: some tenths of a millisecond. */
const SLICE_ROWS = 64;

/** Checks a lookup's rows, each page once, and proves them. */
export class RowCheck {
  readonly #layout: LookupLayout;
  readonly #columns: Columns;
  readonly #content: Pick<ContentPages, 'read' | 'salts'>;
  /** 1: this page's rows were found to be the committed ones. */
  readonly #checked: Uint8Array;
  /** Pages that are checked before the others, the last of them first. */
  readonly #next: number[] = [];
  /** The page proved from last: rows that are given out together often share one. */
  #last: { readonly page: number; readonly leaves: Bytes } | undefined;

  constructor(layout: LookupLayout, columns: Columns, content: Pick<ContentPages, 'read' | 'salts'>) {
    this.#layout = layout;
    this.#columns = columns;
    this.#content = content;
    this.#checked = new Uint8Array(layout.metadata.refs.length);
  }

  /** What is being looked at is checked next. */
  soon(pages: Iterable<number>): void {
    for (const page of pages) if (this.#checked[page] === 0) this.#next.push(page);
  }

  /**
   * All pages, newest first where nobody looks at another.
   * @param pause waited for before each part: whoever waits comes first.
   * @throws Failure 'records-incomplete', 'page-unreadable', 'central-*'
   */
  async all(pause: () => Promise<void>): Promise<void> {
    for (let last = this.#checked.length - 1; last >= 0; ) {
      const page = this.#next.pop() ?? last--;
      if (this.#checked[page] === 0) await this.#check(page, pause);
    }
  }

  /** What proves a row to others; its page is checked for it. @throws as `all` does */
  async prove(index: number): Promise<RowProof> {
    const page = this.#layout.metadata.pageOf(index);
    const at = index - this.#layout.metadata.start(page);
    const known = this.#last?.page === page ? this.#last.leaves : undefined;
    const [leaves, salts] = await Promise.all([known ?? this.#check(page), this.#content.salts(page)]);
    this.#last = { page, leaves };
    const proof = [
      ...inclusionProofOfHashes(leaves, at),
      ...inclusionProofOfHashes(this.#layout.pageRoots(), page),
    ];
    return { salt: salts.slice(at * SALT_BYTES, (at + 1) * SALT_BYTES), proof };
  }

  /** The page's leaf hashes. */
  async #check(page: number, pause = async (): Promise<void> => undefined): Promise<Bytes> {
    const start = this.#layout.metadata.start(page);
    const count = this.#layout.metadata.ref(page).rows;
    const leaves = new Uint8Array(count * HASH_BYTES);
    const salts = await this.#content.salts(page);
    for (let from = 0; from < count; from += SLICE_ROWS) {
      await pause();
      await this.#content.read([page], (pages) => {
        const content = pages.get(page);
        if (content === undefined) throw new Failure('internal', { detail: 'page' });
        const rows = { meta: (i: number) => metaOf(this.#columns, start + i), content, salts };
        hashRows(leaves, rows, from, Math.min(count, from + SLICE_ROWS));
      });
    }
    requireRoot(this.#layout, page, leaves);
    this.#checked[page] = 1;
    return leaves;
  }
}
