import type { Bytes } from '../../shared/canonical/bytes.ts';
import type { MetadataPage } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Direction } from '../../shared/domain/record.ts';
import { type Category, categories } from '../../shared/domain/scope.ts';
import type { LayerLayout } from './layout.ts';
import type { RowMeta } from './records.ts';

/** All metadata of a lookup, a column an array, rows oldest first. */
export interface Columns {
  readonly length: number;
  /** Epoch ms, never going down. */
  readonly at: Float64Array<ArrayBuffer>;
  /** Bit 0: 1 is out; bits 1–2: index into `categories`. */
  readonly flags: Bytes;
  /** Index into `peers`. */
  readonly peerIndex: Uint32Array<ArrayBuffer>;
  /** Distinct masked counterparts. */
  readonly peers: readonly string[];
}

/** Last instant whose calendar day in China has a four-digit year. */
const LAST_TIME = Date.UTC(9999, 11, 31, 15, 59, 59, 999);

/** Columns that are filled page by page, in whatever order pages come. */
export class ColumnsBuilder {
  readonly #layout: LayerLayout;
  readonly #at: Float64Array<ArrayBuffer>;
  readonly #flags: Bytes;
  readonly #peerIndex: Uint32Array<ArrayBuffer>;
  readonly #peers = new Map<string, number>();
  readonly #added: Uint8Array;

  constructor(layout: LayerLayout) {
    const rows = layout.starts[layout.refs.length] ?? 0;
    this.#layout = layout;
    this.#at = new Float64Array(rows);
    this.#flags = new Uint8Array(rows);
    this.#peerIndex = new Uint32Array(rows);
    this.#added = new Uint8Array(layout.refs.length);
  }

  /** @throws Failure 'page-unreadable' for a category that no record can have. */
  add(number: number, page: MetadataPage): void {
    const start = this.#layout.start(number);
    if (page.flags.some((flag) => flag >> 1 >= categories.length)) {
      throw new Failure('page-unreadable', { detail: 'category' });
    }
    this.#at.set(page.at, start);
    this.#flags.set(page.flags, start);
    const global = page.peers.map((peer) => {
      const index = this.#peers.get(peer) ?? this.#peers.size;
      this.#peers.set(peer, index);
      return index;
    });
    for (let i = 0; i < page.length; i++) this.#peerIndex[start + i] = global[page.peerIndex[i] ?? 0] ?? 0;
    this.#added[number] = 1;
  }

  /**
   * @throws Failure 'records-incomplete' when rows are missing or out of order, 'page-unreadable' for a time that no
   * record can have.
   */
  finish(): Columns {
    const missing = this.#added.indexOf(0);
    if (missing >= 0) throw new Failure('records-incomplete', { detail: `metadata page ${missing} rows` });
    const at = this.#at;
    let previous = 0;
    for (let i = 0; i < at.length; i++) {
      const time = at[i] ?? 0;
      // Newest first, and ranges by binary search, rest on the order that the manifest promises.
      if (time < previous) throw new Failure('records-incomplete', { detail: 'order of rows' });
      previous = time;
    }
    if (previous > LAST_TIME) throw new Failure('page-unreadable', { detail: 'time' });
    return {
      length: at.length,
      at,
      flags: this.#flags,
      peerIndex: this.#peerIndex,
      peers: [...this.#peers.keys()],
    };
  }
}

export function directionOf(columns: Columns, i: number): Direction {
  return ((columns.flags[i] ?? 0) & 1) === 1 ? 'out' : 'in';
}

export function categoryOf(columns: Columns, i: number): Category {
  const category = categories[(columns.flags[i] ?? 0) >> 1];
  if (category === undefined) throw new Failure('page-unreadable', { detail: 'category' });
  return category;
}

export function maskedPeerOf(columns: Columns, i: number): string {
  return columns.peers[columns.peerIndex[i] ?? 0] ?? '';
}

/** One row without content. @throws Failure 'bad-input' for a row that there is not. */
export function metaOf(columns: Columns, index: number): RowMeta {
  requireRow(columns.length, index);
  return {
    index,
    at: columns.at[index] ?? 0,
    direction: directionOf(columns, index),
    category: categoryOf(columns, index),
    maskedPeer: maskedPeerOf(columns, index),
  };
}

/** @throws Failure 'bad-input' */
export function requireRow(rows: number, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= rows) {
    throw new Failure('bad-input', { detail: 'index' });
  }
}
