/**
 * The commit point of a held lookup: written behind the pages when all of them are on the disk, and under a key of the
 * same secret. It says that all is there, and holds what a window shows first, so that a store that is opened again
 * need not read everything before it shows anything.
 */
import { z } from 'zod';
import {
  type Bytes,
  concat,
  fromHex,
  fromUtf8,
  randomBytes,
  toHex,
  utf8,
} from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import {
  decodeContent,
  decodeMetadata,
  deriveKey,
  encodeContent,
  encodeMetadata,
  type LayerKey,
} from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { categorySchema } from '../../shared/domain/scope.ts';
import { rowsOf } from './page-rows.ts';
import type { Overview, RowFull } from './records.ts';

// offset  bytes
//      0      4  'ZQD2'
//      4     12  nonce
//     16      …  AES-256-GCM ciphertext ‖ 16-byte tag; AAD = what stands before it
//
// Plain, numbers little-endian; rows are the newest ones, oldest of them first, as they are on pages:
//
//      0     32  Merkle root of all rows
//     32      4  number of the first of these rows
//     36      4  bytes of their metadata page
//     40      4  bytes of their content page
//     44      …  metadata page ‖ content page ‖ UTF-8 JSON of the counts over all rows

const MAGIC = utf8('ZQD2');
const NONCE_BYTES = 12;
const HEADER_BYTES = MAGIC.length + NONCE_BYTES;
const TAG_BITS = 128;
const NUMBERS = 3;
const PREFIX_BYTES = HASH_BYTES + 4 * NUMBERS;

const count = z.number().int().min(0);
const totals = { rows: count, received: count, sent: count };
const overviewSchema = z.strictObject({
  ...totals,
  byDay: z.array(z.strictObject({ ...totals, day: z.string() })),
  byCategory: z.array(z.strictObject({ ...totals, category: categorySchema })),
  byPeer: z.array(z.strictObject({ ...totals, maskedPeer: z.string() })),
});

interface Directory {
  /** Lower-case hexadecimal. */
  readonly merkleRoot: string;
  readonly newest: readonly RowFull[];
  /** JSON. */
  readonly overview: string;
}

/** What a store keeps of itself when it commits. */
export interface Committed {
  readonly newest: readonly RowFull[];
  readonly overview: Overview;
}

/** The same, found again. */
export interface Held {
  readonly newest: readonly RowFull[];
  /** Undefined where it is not what it should be: counts are then made anew. Checked when it is asked for. */
  readonly overview: () => Overview | undefined;
}

/** Seals and opens the directory: a key of the layer's secret for this use alone; non-extractable. // SECURITY: S7 */
export function directoryKeyOf({ secret, binding }: LayerKey): Promise<CryptoKey> {
  return deriveKey(secret, binding, { use: 'directory' }, 'AES-GCM', 'encrypt', 'decrypt');
}

/** @param merkleRoot of the rows that it is of, lower-case hexadecimal. */
export async function sealDirectory(
  merkleRoot: string,
  key: CryptoKey,
  committed: Committed,
): Promise<Bytes> {
  const plain = encode(merkleRoot, committed);
  const iv = randomBytes(NONCE_BYTES);
  const header = concat(MAGIC, iv);
  const sealed = await crypto.subtle.encrypt(gcm(iv, header), key, plain);
  plain.fill(0);
  return concat(header, new Uint8Array(sealed));
}

/**
 * The directory of a lookup that was held; undefined where there is none, or one that was torn, altered or sealed
 * under another consent: what lies in the storage is then looked at page by page.
 * @param reading its sealed bytes, on their way.
 * @param key on its way, too.
 * @throws Failure 'records-incomplete' when it is of another manifest for the same lookup: one lookup has one; what
 * reading failed with.
 */
export async function openDirectory(
  reading: Promise<Bytes | undefined>,
  merkleRoot: string,
  key: Promise<CryptoKey>,
): Promise<Held | undefined> {
  const sealed = await reading;
  const directory = sealed && (await open(await key, sealed));
  if (directory === undefined) return undefined;
  if (directory.merkleRoot !== merkleRoot) {
    throw new Failure('records-incomplete', { detail: 'another manifest for this lookup' });
  }
  let overview: Overview | undefined;
  return {
    newest: directory.newest,
    overview: () => {
      overview ??= overviewIn(directory);
      return overview;
    },
  };
}

async function open(key: CryptoKey, bytes: Bytes): Promise<Directory | undefined> {
  const header = bytes.slice(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES || MAGIC.some((byte, i) => header[i] !== byte)) return undefined;
  try {
    const params = gcm(header.slice(MAGIC.length), header);
    const plain = new Uint8Array(await crypto.subtle.decrypt(params, key, bytes.subarray(HEADER_BYTES)));
    // SECURITY: S3 ours alone can be under this key, and is checked all the same.
    const directory = decode(plain);
    plain.fill(0);
    return directory;
  } catch {
    // Torn, altered, or written by other code: nothing is taken from it. SECURITY: S16
    return undefined;
  }
}

function encode(merkleRoot: string, { newest, overview }: Committed): Bytes {
  const pages = [encodeMetadata(newest), encodeContent(newest)];
  const numbers = new DataView(new ArrayBuffer(4 * NUMBERS));
  for (const [i, number] of [newest[0]?.index ?? 0, ...pages.map(({ length }) => length)].entries()) {
    numbers.setUint32(4 * i, number, true);
  }
  const counts = utf8(JSON.stringify(overview));
  const plain = concat(fromHex(merkleRoot), new Uint8Array(numbers.buffer), ...pages, counts);
  // SECURITY: S11
  for (const page of pages) page.fill(0);
  return plain;
}

/** @throws for anything that `encode` would not have written. */
function decode(plain: Bytes): Directory {
  const numbers = new DataView(plain.buffer, plain.byteOffset + HASH_BYTES, 4 * NUMBERS);
  const [first = 0, metadataBytes = 0, contentBytes = 0] = [0, 4, 8].map((at) => numbers.getUint32(at, true));
  const contentAt = PREFIX_BYTES + metadataBytes;
  const overviewAt = contentAt + contentBytes;
  // Pages of their own: columns are views of them.
  const pages = [plain.slice(PREFIX_BYTES, contentAt), plain.slice(contentAt, overviewAt)] as const;
  const metadata = decodeMetadata(pages[0]);
  const content = decodeContent(pages[1]);
  if (metadata.length !== content.length) throw new RangeError('layers differ');
  const newest = rowsOf(metadata, first, (i) => content.row(i));
  // SECURITY: S11
  for (const page of pages) page.fill(0);
  return {
    merkleRoot: toHex(plain.subarray(0, HASH_BYTES)),
    newest,
    overview: fromUtf8(plain.subarray(overviewAt)),
  };
}

/** Counts that were kept; a year of days takes longer to check than the newest rows, which somebody waits for. */
function overviewIn({ overview }: Directory): Overview | undefined {
  try {
    return overviewSchema.parse(JSON.parse(overview));
  } catch {
    return undefined;
  }
}

function gcm(iv: Bytes, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BITS };
}
