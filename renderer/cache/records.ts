/**
 * The records of a visit as a plane asks for them. One interface; the worker implements it behind a
 * proxy, and a plain implementation serves tests. Rows are numbered as the manifest counts them: 0 is the
 * oldest. The metadata layer alone serves the staff plane; with both layers texts and full counterparts
 * are there too.
 */
import type { MetadataAccess, RecordsAccess } from '../../shared/contract/contract.ts';
import type { Direction } from '../../shared/domain/record.ts';
import type { Category } from '../../shared/domain/scope.ts';

/** Which rows. Every condition narrows; an absent one does not. */
export interface RowFilter {
  direction?: Direction;
  category?: Category;
  /** Instants, epoch ms: from included, until excluded. */
  from?: number;
  until?: number;
  /** Masked counterpart, exactly. */
  maskedPeer?: string;
  /** Substring of text or full counterpart (content layer only; ignoring ASCII case). */
  text?: string;
}

/** A row without content. */
export interface RowMeta {
  index: number;
  at: number;
  direction: Direction;
  category: Category;
  maskedPeer: string;
}
/** A row with content. */
export interface RowFull extends RowMeta {
  peer: string;
  text: string;
}

export interface Totals {
  rows: number;
  received: number;
  sent: number;
}
/** Counts for a filter. Days are calendar days in China, ascending, only those with rows. */
export interface Overview extends Totals {
  byDay: (Totals & { day: string })[];
  byCategory: (Totals & { category: Category })[];
  /** The most frequent masked counterparts, most first, at most 20. */
  byPeer: (Totals & { maskedPeer: string })[];
}

/** Of what opening consists, for the progress bar. */
export interface OpenProgress {
  pagesDone: number;
  pagesTotal: number;
}

/** Failures are `Failure`s of kind 'page-unreadable', 'records-incomplete', 'storage-failed', 'central-*'. */
export interface RecordStore {
  /**
   * From then on every method answers. With content it resolves as soon as the newest rows are there and checked
   * against the signed root, or are those that a store had checked and kept under it; the rest comes behind, all
   * metadata first, then content, newest rows first. What is asked for before that is waited for or fetched. With the
   * metadata layer alone it resolves when everything is there and checked: n of n rows, every page and the Merkle root
   * as signed. Pages are stored as they are, sealed.
   */
  open(access: MetadataAccess | RecordsAccess, onProgress: (progress: OpenProgress) => void): Promise<void>;
  /**
   * What was read first is on the screen: the rest may come. Without this it begins a second after opening; beside the
   * drawing of the first rows it would hold them up.
   */
  drawn(): Promise<void>;
  /**
   * Resolves when every page is on this machine's disk, each as the manifest names it, and their rows are those that
   * were signed: n of n, in order, in scope, with the signed counts. Rejects with what stopped that; asking again then
   * goes on from there.
   */
  whenHeld(): Promise<void>;
  /**
   * Resolves when every row was found to be the one that central committed to: the Merkle root over all commitments is
   * the signed one, and metadata and content are what they commit to. Comes behind everything that somebody waits for.
   * Rejects with what is wrong or missing; asking again then goes on from there.
   */
  whenChecked(): Promise<void>;
  overview(filter: RowFilter): Promise<Overview>;
  /** Row numbers that match, newest first. */
  select(filter: RowFilter): Promise<Uint32Array<ArrayBuffer>>;
  /** Rows without content, in the order asked. */
  readMeta(indexes: readonly number[]): Promise<RowMeta[]>;
  /** Rows with content, in the order asked (content layer only). */
  readFull(indexes: readonly number[]): Promise<RowFull[]>;
  /** What proves a row to the core: salt (base64url) and RFC 6962 inclusion proof (hex). Its page is checked first. */
  prove(index: number): Promise<{ salt: string; proof: string[] }>;
  /** Keys dropped first, then pages deleted, then the worker ends. Resolves when nothing is left. */
  wipe(): Promise<void>;
}
