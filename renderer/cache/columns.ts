import type { Bytes } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
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
  /** n × 32 bytes. */
  readonly commitments: Bytes;
}

/** Last instant whose calendar day in China has a four-digit year. */
const LAST_TIME = Date.UTC(9999, 11, 31, 15, 59, 59, 999);

/**
 * Joins opened pages, in page order.
 * @throws Failure 'records-incomplete' when rows are missing or out of order, 'page-unreadable' for a
 * category or time that no record can have.
 */
export function joinColumns(layout: LayerLayout, pages: readonly (MetadataPage | undefined)[]): Columns {
  const length = layout.starts[layout.refs.length] ?? 0;
  const at = new Float64Array(length);
  const flags = new Uint8Array(length);
  const peerIndex = new Uint32Array(length);
  const commitments = new Uint8Array(length * HASH_BYTES);
  const indexes = new Map<string, number>();
  for (const [number, ref] of layout.refs.entries()) {
    const page = pages[number];
    if (page === undefined || page.length !== ref.rows) {
      throw new Failure('records-incomplete', { detail: `metadata page ${number} rows` });
    }
    const start = layout.start(number);
    at.set(page.at, start);
    flags.set(page.flags, start);
    commitments.set(page.commitments, start * HASH_BYTES);
    const global = page.peers.map((peer) => {
      const index = indexes.get(peer) ?? indexes.size;
      indexes.set(peer, index);
      return index;
    });
    for (const [i, local] of page.peerIndex.entries()) peerIndex[start + i] = global[local] ?? 0;
  }
  let previous = 0;
  for (const [i, time] of at.entries()) {
    // Newest first, and ranges by binary search, rest on the order that the manifest promises.
    if (time < previous) throw new Failure('records-incomplete', { detail: 'order of rows' });
    if (time > LAST_TIME) throw new Failure('page-unreadable', { detail: 'time' });
    if ((flags[i] ?? 0) >> 1 >= categories.length)
      throw new Failure('page-unreadable', { detail: 'category' });
    previous = time;
  }
  return { length, at, flags, peerIndex, peers: [...indexes.keys()], commitments };
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
  requireRow(columns, index);
  return {
    index,
    at: columns.at[index] ?? 0,
    direction: directionOf(columns, index),
    category: categoryOf(columns, index),
    maskedPeer: maskedPeerOf(columns, index),
  };
}

/** @throws Failure 'bad-input' */
export function requireRow(columns: Columns, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= columns.length) {
    throw new Failure('bad-input', { detail: 'index' });
  }
}
