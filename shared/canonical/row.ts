import type { Bytes } from './bytes.ts';
import { sha256Sync } from './hash.ts';
import { CanonicalJsonError } from './json.ts';

/** Which way a record went, seen from the subject. */
export type RowDirection = 'in' | 'out';
/** What kind of record a row is. */
export type RowCategory = 'sms' | 'call' | 'transaction' | 'service';

/** The metadata layer of one record: all that the staff plane can ever open. */
export interface MetadataRow {
  /** Epoch milliseconds, UTC, a whole number. */
  readonly at: number;
  readonly direction: RowDirection;
  readonly category: RowCategory;
  /** Counterpart with its middle digits masked, as central masked it. */
  readonly maskedPeer: string;
}

/** The content layer of the same record. // SECURITY: S4 — never on the staff plane. */
export interface ContentRow {
  /** Full counterpart. */
  readonly peer: string;
  /** Text of the message, or the details of a call, transaction or talk. */
  readonly text: string;
}

/** Content with what hides it behind its commitment. // SECURITY: S4 */
export interface SaltedRow extends ContentRow {
  /** 16 bytes; see `derivePageSalts`. */
  readonly salt: Bytes;
}

/** Rows of a full page, in both layers. */
export const PAGE_ROWS = 512;

/** Bytes of a row's salt. */
export const SALT_BYTES = 16;

/**
 * Salted commitment to a whole row: SHA-256(salt ‖ canonical JSON of {at, category, direction, maskedPeer,
 * peer, text}). The salt has a fixed length and the JSON starts with '{', so the join is unambiguous.
 *
 * No page carries it: who may read a row works it out. The salt comes from the content layer's secret, so that nobody
 * else can test guesses of a text or a number against a proof (128 unknown bits a row). // SECURITY: S4
 * @throws RangeError when the salt is not 16 bytes; CanonicalJsonError on lone surrogates or a non-finite time.
 */
export function rowCommitment(metadata: MetadataRow, content: SaltedRow): Bytes {
  const bytes = spelt(metadata, content);
  const hash = sha256Sync(bytes);
  // SECURITY: S11 the room is used again; no row's text is left in it.
  bytes.fill(0);
  return hash;
}

/** What `rowCommitment` is the SHA-256 of, for who has a faster one at hand. @throws as `rowCommitment` does */
export function committedBytes(metadata: MetadataRow, content: SaltedRow): Bytes {
  const bytes = spelt(metadata, content);
  const own = bytes.slice();
  bytes.fill(0);
  return own;
}

const encoder = new TextEncoder();

/** Room for the bytes of one row at a time: of nearly every row there is. */
const ROOM = new Uint8Array(4096);

/** Salt and JSON of a row behind one another; valid until the next call, and the caller overwrites them. */
function spelt(metadata: MetadataRow, content: SaltedRow): Bytes {
  if (content.salt.length !== SALT_BYTES) throw new RangeError(`a row's salt has ${SALT_BYTES} bytes`);
  const json = canonicalRow(metadata, content);
  // A UTF-16 unit takes three bytes at the most (RFC 3629).
  const most = SALT_BYTES + 3 * json.length;
  const room = most > ROOM.length ? new Uint8Array(most) : ROOM;
  room.set(content.salt);
  const { written } = encoder.encodeInto(json, room.subarray(SALT_BYTES));
  return room.subarray(0, SALT_BYTES + written);
}

/**
 * `canonicalJson` of a row, in one call because there are 100,000 of them: its six names are in order here, and
 * RFC 8785 writes numbers and well-formed strings as JSON.stringify does. A test holds the two equal.
 */
function canonicalRow(metadata: MetadataRow, { peer, text }: ContentRow): string {
  const { at, category, direction, maskedPeer } = metadata;
  if (!Number.isFinite(at)) throw new CanonicalJsonError('not-finite', '/at');
  // JSON.stringify would escape a lone surrogate, and two texts would be spelt alike.
  if (!(maskedPeer.isWellFormed() && peer.isWellFormed() && text.isWellFormed())) {
    throw new CanonicalJsonError('lone-surrogate', '');
  }
  return JSON.stringify({ at, category, direction, maskedPeer, peer, text });
}
