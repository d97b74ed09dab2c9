/**
 * Rows on their way from the worker to its page: a column a field, since objects take several times as long to travel,
 * and texts as the units that they are on a page, so that strings are made once, where they are read.
 */
import type { Bytes } from '../../shared/canonical/bytes.ts';
import { unitsOfTexts } from '../../shared/canonical/text-columns.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { categories } from '../../shared/domain/scope.ts';
import type { RowFull } from './records.ts';

export interface RowBatch {
  readonly index: Uint32Array<ArrayBuffer>;
  /** Epoch ms. */
  readonly at: Float64Array<ArrayBuffer>;
  /** As on a page: bit 0: 1 is out; bits 1–2: index into `categories`. */
  readonly flags: Bytes;
  readonly maskedPeers: readonly string[];
  readonly peers: readonly string[];
  /** UTF-16 units of all texts, in any order. */
  readonly units: Uint16Array<ArrayBuffer>;
  /** Of each text, its first unit and how many there are. */
  readonly textStarts: Uint32Array<ArrayBuffer>;
  readonly textLengths: Uint32Array<ArrayBuffer>;
}

/** What of a batch is handed over, not copied. */
export function buffersOf({ index, at, flags, units, textStarts, textLengths }: RowBatch): ArrayBuffer[] {
  return [index, at, flags, units, textStarts, textLengths].map(({ buffer }) => buffer);
}

export function packRows(rows: readonly RowFull[]): RowBatch {
  const texts = unitsOfTexts(rows.map(({ text }) => text));
  let end = 0;
  return {
    index: Uint32Array.from(rows, ({ index }) => index),
    at: Float64Array.from(rows, ({ at }) => at),
    flags: Uint8Array.from(
      rows,
      ({ direction, category }) => (direction === 'out' ? 1 : 0) | (categories.indexOf(category) << 1),
    ),
    maskedPeers: rows.map(({ maskedPeer }) => maskedPeer),
    peers: rows.map(({ peer }) => peer),
    units: texts.units,
    textStarts: Uint32Array.from(texts.lengths, (length) => {
      end += length;
      return end - length;
    }),
    textLengths: Uint32Array.from(texts.lengths),
  };
}

// ignoreBOM keeps U+FEFF at the beginning; pages hold well-formed texts only.
const decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

export function unpackRows(batch: RowBatch): RowFull[] {
  const { at, flags, maskedPeers, peers, textStarts, textLengths } = batch;
  const texts = decoder.decode(batch.units);
  // SECURITY: S11 strings are the engine's; this is ours.
  batch.units.fill(0);
  return Array.from(batch.index, (index, i) => {
    const flag = flags[i] ?? 0;
    const category = categories[flag >> 1];
    if (category === undefined) throw new Failure('internal', { detail: 'category' });
    const start = textStarts[i] ?? 0;
    return {
      index,
      at: at[i] ?? 0,
      direction: (flag & 1) === 1 ? 'out' : 'in',
      category,
      maskedPeer: maskedPeers[i] ?? '',
      peer: peers[i] ?? '',
      text: texts.slice(start, start + (textLengths[i] ?? 0)),
    };
  });
}
