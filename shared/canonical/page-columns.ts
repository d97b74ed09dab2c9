import type { Bytes } from './bytes.ts';
import type { Layer } from './page-keys.ts';
import { ByteReader, ByteWriter } from './page-layout.ts';
import { type ContentRow, type MetadataRow, PAGE_ROWS, type RowCategory, type RowDirection } from './row.ts';
import { SealedPageError } from './sealed-page-error.ts';
import {
  isWellFormedAt,
  packStrings,
  StringDictionary,
  textOfUnits,
  unitsOfTexts,
  unpackStrings,
} from './text-columns.ts';

// Plain page, version 3. Columns, numbers little-endian, every column aligned to its own width:
//
//   both      u8 version (3) · u8 layer (0 metadata, 1 content) · u16 rows n · u32 distinct counterparts d
//   metadata  f64 at[n] · u16 peerIndex[n] · u16 peerLengths[d]
//             · u8 flags[n] (bit 0: out; bits 1–2: category) · UTF-8 of the d masked counterparts
//   content   u16 textLengths[n] · u16 peerIndex[n] · u16 peerLengths[d]
//             · UTF-16 units of the n texts · UTF-8 of the d counterparts
//
// Lengths count UTF-16 units. Nothing stands behind the last column. Counterparts are listed once, in the order in
// which rows first name them: a page has one spelling. Texts are UTF-16, because that is what is searched.

const VERSION = 3;
const PREFIX_BYTES = 8;
/** Largest distance from the epoch that a Date can hold, in milliseconds. */
const MAX_TIME = 8.64e15;
const CATEGORIES: readonly RowCategory[] = ['sms', 'call', 'transaction', 'service'];

/** The metadata columns of one page. Row numbers run from 0; one outside is a RangeError. */
export interface MetadataPage {
  readonly length: number;
  /** Epoch milliseconds, UTC. */
  readonly at: Float64Array<ArrayBuffer>;
  /** Bit 0: 1 is out; bits 1–2: index into sms, call, transaction, service. */
  readonly flags: Bytes;
  /** Distinct masked counterparts; `peerIndex[i]` points into it. */
  readonly peers: readonly string[];
  readonly peerIndex: Uint16Array<ArrayBuffer>;
  direction(i: number): RowDirection;
  category(i: number): RowCategory;
  maskedPeer(i: number): string;
  row(i: number): MetadataRow;
}

/** The content columns of one page. */
export interface ContentPage {
  readonly length: number;
  /** UTF-16 units of all texts behind one another; text i is units textOffsets[i] to textOffsets[i + 1]. */
  readonly texts: Uint16Array<ArrayBuffer>;
  readonly textOffsets: Uint32Array<ArrayBuffer>;
  /** Distinct full counterparts; `peerIndex[i]` points into it. */
  readonly peers: readonly string[];
  /** All of them behind one another: what is not in it is in none of them. */
  readonly peerText: string;
  readonly peerIndex: Uint16Array<ArrayBuffer>;
  peer(i: number): string;
  text(i: number): string;
  row(i: number): ContentRow;
}

/**
 * Plain bytes of up to `PAGE_ROWS` metadata rows.
 * @throws SealedPageError 'invalid-row': too many rows, a time that is no whole millisecond a Date can hold, an
 * unknown category or direction, text with a lone surrogate.
 */
export function encodeMetadata(rows: readonly MetadataRow[]): Bytes {
  requireCount(rows.length);
  const peers = new StringDictionary();
  const peerIndex = rows.map((row) => peers.indexOf(row.maskedPeer));
  const column = packStrings(peers.strings);
  const writer = new ByteWriter(
    PREFIX_BYTES + rows.length * (8 + 2 + 1) + 2 * column.lengths.length + column.utf8.length,
  );
  writePrefix(writer, 'metadata', rows.length, peers.strings.length);
  for (const { at } of rows) {
    if (!isTime(at)) throw new SealedPageError('invalid-row', 'time');
    writer.f64(at);
  }
  writer.u16s(peerIndex);
  writer.u16s(column.lengths);
  for (const { direction, category } of rows) {
    const code = CATEGORIES.indexOf(category);
    if (code < 0 || (direction !== 'in' && direction !== 'out')) {
      throw new SealedPageError('invalid-row', 'category or direction');
    }
    writer.u8((direction === 'out' ? 1 : 0) | (code << 1));
  }
  writer.bytes(column.utf8);
  return writer.finish();
}

/**
 * Columns of a metadata page.
 * @throws SealedPageError 'malformed' unless every byte is what `encodeMetadata` would have written.
 */
export function decodeMetadata(plain: Bytes): MetadataPage {
  const { reader, rows, peerCount } = readPrefix(plain, 'metadata');
  const at = reader.f64s(rows);
  if (!at.every(isTime)) throw new SealedPageError('malformed', 'time');
  const peerIndex = readPeerIndex(reader, rows, peerCount);
  const peerLengths = reader.u16s(peerCount);
  const flags = reader.bytes(rows);
  if (flags.some((flag) => flag > 7)) throw new SealedPageError('malformed', 'flags');
  const { strings: peers } = unpackStrings(peerLengths, reader.rest());
  const direction = (i: number): RowDirection => ((within(flags, i) & 1) === 1 ? 'out' : 'in');
  const category = (i: number): RowCategory => within(CATEGORIES, within(flags, i) >> 1);
  const maskedPeer = (i: number): string => within(peers, within(peerIndex, i));
  return {
    length: rows,
    at,
    flags,
    peers,
    peerIndex,
    direction,
    category,
    maskedPeer,
    row: (i) => ({
      at: within(at, i),
      direction: direction(i),
      category: category(i),
      maskedPeer: maskedPeer(i),
    }),
  };
}

/**
 * Plain bytes of up to `PAGE_ROWS` content rows.
 * @throws SealedPageError 'invalid-row': too many rows, a text of more than 65,535 units, text with a lone surrogate
 * (central normalises with `toWellFormed` before it commits).
 */
export function encodeContent(rows: readonly ContentRow[]): Bytes {
  requireCount(rows.length);
  const dictionary = new StringDictionary();
  const peerIndex = rows.map((row) => dictionary.indexOf(row.peer));
  const peers = packStrings(dictionary.strings);
  const texts = unitsOfTexts(rows.map((row) => row.text));
  const writer = new ByteWriter(
    PREFIX_BYTES +
      2 * (texts.lengths.length + peerIndex.length + peers.lengths.length + texts.units.length) +
      peers.utf8.length,
  );
  writePrefix(writer, 'content', rows.length, dictionary.strings.length);
  writer.u16s(texts.lengths);
  writer.u16s(peerIndex);
  writer.u16s(peers.lengths);
  writer.u16s(texts.units);
  writer.bytes(peers.utf8);
  return writer.finish();
}

/**
 * Columns of a content page. Texts stay UTF-16 units until `text(i)` asks for one.
 * @throws SealedPageError 'malformed' unless every byte is what `encodeContent` would have written.
 */
export function decodeContent(plain: Bytes): ContentPage {
  const { reader, rows, peerCount } = readPrefix(plain, 'content');
  const textOffsets = offsetsOf(reader.u16s(rows));
  const peerIndex = readPeerIndex(reader, rows, peerCount);
  const peerLengths = reader.u16s(peerCount);
  const texts = reader.u16s(within(textOffsets, rows));
  const { strings: peers, whole: peerText } = unpackStrings(peerLengths, reader.rest());
  if (!isWellFormedAt(texts, textOffsets)) throw new SealedPageError('malformed', 'lone surrogate');
  const peer = (i: number): string => within(peers, within(peerIndex, i));
  const text = (i: number): string =>
    textOfUnits(texts.subarray(within(textOffsets, i), within(textOffsets, i + 1)));
  return {
    length: rows,
    texts,
    textOffsets,
    peers,
    peerText,
    peerIndex,
    peer,
    text,
    row: (i) => ({ peer: peer(i), text: text(i) }),
  };
}

/** Layer and row count that a plain page claims for itself. */
export function peekPlain(plain: Bytes): { readonly layer: Layer; readonly rows: number } {
  const { layer, rows } = readAnyPrefix(new ByteReader(plain));
  return { layer, rows };
}

function writePrefix(writer: ByteWriter, layer: Layer, rows: number, peers: number): void {
  writer.u8(VERSION);
  writer.u8(layer === 'metadata' ? 0 : 1);
  writer.u16s([rows]);
  writer.u32s([peers]);
}

function readAnyPrefix(reader: ByteReader): { layer: Layer; rows: number; peerCount: number } {
  const prefix = reader.bytes(4);
  const [version = 0, layer = 0, low = 0, high = 0] = prefix;
  const [peerCount = 0] = reader.u32s(1);
  const rows = low | (high << 8);
  if (version !== VERSION) throw new SealedPageError('unsupported-version', String(version));
  if (layer > 1 || rows > PAGE_ROWS || peerCount > rows) throw new SealedPageError('malformed', 'prefix');
  return { layer: layer === 0 ? 'metadata' : 'content', rows, peerCount };
}

function readPrefix(plain: Bytes, layer: Layer): { reader: ByteReader; rows: number; peerCount: number } {
  const reader = new ByteReader(plain);
  const prefix = readAnyPrefix(reader);
  if (prefix.layer !== layer) throw new SealedPageError('malformed', 'another layer');
  return { reader, rows: prefix.rows, peerCount: prefix.peerCount };
}

function readPeerIndex(reader: ByteReader, rows: number, peerCount: number): Uint16Array<ArrayBuffer> {
  const peerIndex = reader.u16s(rows);
  let named = 0;
  // In order of first use, each used: another order or an unused entry would be a second spelling.
  for (const index of peerIndex) {
    if (index > named) throw new SealedPageError('malformed', 'counterpart order');
    if (index === named) named++;
  }
  if (named !== peerCount) throw new SealedPageError('malformed', 'counterpart index');
  return peerIndex;
}

/** Where each text begins, then where the last one ends. */
function offsetsOf(lengths: Uint16Array): Uint32Array<ArrayBuffer> {
  const offsets = new Uint32Array(lengths.length + 1);
  let end = 0;
  for (let i = 0; i < lengths.length; i++) {
    end += lengths[i] ?? 0;
    offsets[i + 1] = end;
  }
  return offsets;
}

function requireCount(rows: number): void {
  if (rows > PAGE_ROWS) throw new SealedPageError('invalid-row', 'too many rows');
}

function isTime(at: number): boolean {
  // -0 and 0 are one time with two spellings.
  return Number.isInteger(at) && Math.abs(at) <= MAX_TIME && !Object.is(at, -0);
}

function within<T>(values: ArrayLike<T>, i: number): T {
  const value = values[i];
  if (value === undefined) throw new RangeError('no such row');
  return value;
}
