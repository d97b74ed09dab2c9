/** Checkpoints that a counter has signed, one JSON line each, synced before anybody relies on one. */
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../shared/canonical/bytes.ts';
import { openCheckpoint } from '../../shared/canonical/checkpoint.ts';
import type { NoteKey } from '../../shared/canonical/signed-note.ts';
import { isAuthentic, macOf } from '../vault/authentic.ts';
import { AuditDamage } from './damage.ts';
import type { AppendFile, AuditFiles } from './files.ts';

const NAME = 'checkpoints.jsonl';
/** Lines after which the file is written anew with those that still say something. */
const COMPACT_AT = 2_000;

const lineSchema = z.strictObject({
  size: z.number().int().min(0),
  /** Signed note; with central's cosignature once that is known. */
  note: z.string(),
  /** Epoch ms at which central cosigned. */
  cosignedAt: z.number().int().min(0).optional(),
});
const writtenSchema = lineSchema.extend({
  /** Over all of the line: the counter's signature vouches for size and root only. */
  mac: z.string(),
});
export interface KeptCheckpoint extends z.infer<typeof lineSchema> {
  readonly root: Uint8Array;
}
const MAC_NAME = 'checkpoint';

export class CheckpointFile {
  readonly #files: AuditFiles;
  readonly #macKey: Buffer;
  #kept: KeptCheckpoint[];
  #file: AppendFile;
  #bytes: number;
  /** A crash has left part of a line behind `#bytes`. */
  #torn: boolean;

  private constructor(
    files: AuditFiles,
    macKey: Buffer,
    kept: KeptCheckpoint[],
    file: AppendFile,
    bytes: number,
    torn: boolean,
  ) {
    this.#files = files;
    this.#macKey = macKey;
    this.#kept = kept;
    this.#file = file;
    this.#bytes = bytes;
    this.#torn = torn;
  }

  /**
   * Reads the file; every line must carry this counter's signature. A last line that a crash cut short goes with the next
   * one that is added.
   * @throws AuditDamage 'checkpoints-altered'
   */
  static async open(files: AuditFiles, key: NoteKey, macKey: Buffer): Promise<CheckpointFile> {
    const bytes = (await files.read(NAME)) ?? new Uint8Array(0);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const kept: KeptCheckpoint[] = [];
    for (const line of linesOf(bytes.subarray(0, end))) {
      kept.push(await parse(line, kept.length + 1, key, macKey));
    }
    const file = await files.append(NAME);
    return new CheckpointFile(files, macKey, kept, file, end, end < bytes.length);
  }

  get all(): readonly KeptCheckpoint[] {
    return this.#kept;
  }

  /** The one over most entries. */
  get last(): KeptCheckpoint | undefined {
    return largest(this.#kept);
  }

  /** The one over most entries that central has cosigned. */
  get cosigned(): KeptCheckpoint | undefined {
    return largest(this.#kept.filter(({ cosignedAt }) => cosignedAt !== undefined));
  }

  /** Keeps one; resolves once it is on the disk. A failed write leaves the file as it was. */
  async add(checkpoint: KeptCheckpoint): Promise<void> {
    const bytes = utf8(this.#lineOf(checkpoint));
    if (this.#torn) await this.#file.truncate(this.#bytes);
    this.#torn = false;
    try {
      await this.#file.write(bytes);
    } catch (error) {
      await this.#file.truncate(this.#bytes);
      throw error;
    }
    await this.#file.sync();
    this.#bytes += bytes.length;
    this.#kept.push(checkpoint);
    if (this.#kept.length > COMPACT_AT) await this.#compact();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #lineOf({ size, note, cosignedAt }: KeptCheckpoint): string {
    const line = { size, note, ...(cosignedAt === undefined ? {} : { cosignedAt }) };
    return `${JSON.stringify({ ...line, mac: macOf(this.#macKey, MAC_NAME, line) })}\n`;
  }

  /**
   * Every tenth, the last and the last cosigned say all that thousands do. The lines are on the disk either way: what
   * goes wrong here is no failure of theirs, and is tried again with the next one.
   */
  async #compact(): Promise<void> {
    const keep = new Set([this.last, this.cosigned, ...this.#kept.filter((_, i) => i % 10 === 0)]);
    const kept = this.#kept.filter((one) => keep.has(one));
    const text = utf8(kept.map((one) => this.#lineOf(one)).join(''));
    // Windows replaces no file that is open.
    await this.#file.close();
    await this.#files.replace(NAME, text).catch(() => undefined);
    this.#file = await this.#files.append(NAME);
    // It may have failed before the new file was in the old one's place, or after.
    const found = (await this.#files.read(NAME))?.length;
    if (found === this.#bytes) return;
    if (found !== text.length) throw new AuditDamage('checkpoints-altered', 'written anew');
    this.#bytes = found;
    this.#kept = kept;
  }
}

async function parse(text: string, number: number, key: NoteKey, macKey: Buffer): Promise<KeptCheckpoint> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AuditDamage('checkpoints-altered', `line ${number}`);
  }
  const parsed = writtenSchema.safeParse(json).data;
  if (!parsed) throw new AuditDamage('checkpoints-altered', `line ${number}`);
  const { mac, ...line } = parsed;
  const checkpoint = await openCheckpoint(line.note, key);
  if (!isAuthentic(macKey, MAC_NAME, line, mac) || checkpoint?.size !== line.size) {
    throw new AuditDamage('checkpoints-altered', `line ${number}`);
  }
  return { ...line, root: checkpoint.root };
}

function linesOf(bytes: Uint8Array): string[] {
  try {
    return fromUtf8(bytes).split('\n').slice(0, -1);
  } catch {
    throw new AuditDamage('checkpoints-altered', 'not text');
  }
}

function largest(list: readonly KeptCheckpoint[]): KeptCheckpoint | undefined {
  let found: KeptCheckpoint | undefined;
  for (const one of list) if (!found || one.size >= found.size) found = one;
  return found;
}
