/**
 * The commit point of a held lookup: written behind the pages when all of them are on the disk, and under a key of the
 * same secret. It says that all is there, and holds what a window shows first, so that a store that is opened again
 * need not read everything before it shows anything.
 */
import { z } from 'zod';
import { type Bytes, concat, fromUtf8, randomBytes, utf8 } from '../../shared/canonical/bytes.ts';
import { deriveKey, type LayerKey } from '../../shared/canonical/sealed-page.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { directionSchema } from '../../shared/domain/record.ts';
import { categorySchema } from '../../shared/domain/scope.ts';
import type { Overview, RowFull } from './records.ts';

// offset  bytes
//      0      4  'ZQSD'
//      4     12  nonce
//     16      …  AES-256-GCM ciphertext ‖ 16-byte tag; AAD = what stands before it

const MAGIC = utf8('ZQSD');
const NONCE_BYTES = 12;
const HEADER_BYTES = MAGIC.length + NONCE_BYTES;
const TAG_BITS = 128;
const SCHEMA = 'zhiqing-directory/1';

const count = z.number().int().min(0);
const totals = { rows: count, received: count, sent: count };
const directorySchema = z.strictObject({
  schema: z.literal(SCHEMA),
  merkleRoot: z.string(),
  /** The newest rows, oldest of them first. */
  newest: z.array(
    z.strictObject({
      index: count,
      at: z.number(),
      direction: directionSchema,
      category: categorySchema,
      maskedPeer: z.string(),
      peer: z.string(),
      text: z.string(),
    }),
  ),
  /** Counts over all rows: looked at when somebody asks for them. */
  overview: z.unknown(),
});
const overviewSchema = z.strictObject({
  ...totals,
  byDay: z.array(z.strictObject({ ...totals, day: z.string() })),
  byCategory: z.array(z.strictObject({ ...totals, category: categorySchema })),
  byPeer: z.array(z.strictObject({ ...totals, maskedPeer: z.string() })),
});
type Directory = z.infer<typeof directorySchema>;

/** What a store keeps of itself when it commits. */
export interface Committed {
  readonly newest: readonly RowFull[];
  readonly overview: Overview;
}

/** The same, found again. */
export interface Held {
  readonly newest: readonly RowFull[];
  /**
   * Undefined where it is not what it should be: counts are then made anew. Not checked before it is asked for: a year
   * of days takes longer than the newest rows, which somebody waits for.
   */
  readonly overview: () => Overview | undefined;
}

/** @param merkleRoot of the rows that it is of, lower-case hexadecimal. */
export async function sealDirectory(
  merkleRoot: string,
  layerKey: LayerKey,
  committed: Committed,
): Promise<Bytes> {
  const plain = utf8(JSON.stringify({ schema: SCHEMA, merkleRoot, ...committed }));
  const iv = randomBytes(NONCE_BYTES);
  const header = concat(MAGIC, iv);
  const key = await directoryKey(layerKey, 'encrypt');
  const sealed = await crypto.subtle.encrypt(gcm(iv, header), key, plain);
  plain.fill(0);
  return concat(header, new Uint8Array(sealed));
}

/**
 * The directory of a lookup that was held; undefined where there is none, or one that was torn, altered or sealed
 * under another consent: what lies in the storage is then looked at page by page.
 * @param reading its sealed bytes, on their way.
 * @throws Failure 'records-incomplete' when it is of another manifest for the same lookup: one lookup has one; what
 * reading failed with.
 */
export async function openDirectory(
  reading: Promise<Bytes | undefined>,
  merkleRoot: string,
  layerKey: LayerKey,
): Promise<Held | undefined> {
  const key = directoryKey(layerKey, 'decrypt');
  key.catch(() => undefined);
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
      overview ??= overviewSchema.safeParse(directory.overview).data;
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
    const text = fromUtf8(plain);
    plain.fill(0);
    // SECURITY: S3 ours alone can be under this key, and is parsed all the same.
    return directorySchema.parse(JSON.parse(text));
  } catch {
    // Torn, altered, or written by other code: nothing is taken from it. SECURITY: S16
    return undefined;
  }
}

/** A key of the layer's secret for this use alone; non-extractable. // SECURITY: S7 */
function directoryKey({ secret, binding }: LayerKey, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return deriveKey(secret, binding, { use: 'directory' }, 'AES-GCM', usage);
}

function gcm(iv: Bytes, additionalData: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BITS };
}
