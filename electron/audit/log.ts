/**
 * The audit log: canonical JSON lines, each holding the hash of the one before, on disk before anybody goes on;
 * a Merkle tree over them whose heads the device key signs. Entries stay on the disk; in memory are the tree and
 * an index.
 */
import { concat, toHex } from '../../shared/canonical/bytes.ts';
import { deviceNoteKey, parseCheckpoint } from '../../shared/canonical/checkpoint.ts';
import type { NoteSigner } from '../../shared/canonical/signed-note.ts';
import type { AuditAction, AuditEntry, AuditProof } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { DeviceKey } from '../vault/vault.ts';
import type { KeptCheckpoint } from './checkpoints.ts';
import { condemnation, Standing } from './condemned.ts';
import type { AuditDamage } from './damage.ts';
import { type AuditPage, EntryReader, type PageQuery } from './entry-reader.ts';
import { type AuditFiles, codeOf, diskFiles } from './files.ts';
import { Heads } from './heads.ts';
import { type OpenedLog, readLog } from './open.ts';
import { Prover } from './prover.ts';
import { retirable } from './retention.ts';
import { manifestOf, type Segment, segmentName, writeManifest } from './segments.ts';
import { type AuditFields, EntryWriter } from './writer.ts';

/** Entries after which a checkpoint is signed even when nothing else asks for one. */
const CHECKPOINT_EVERY = 64;
/** Bytes of a segment, some 8,000 entries. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Months that entries are kept at least; the law's minimum. */
export const LEAST_RETENTION_MONTHS = 6;

export interface AuditStatus {
  /** Entries ever written. */
  readonly size: number;
  /** The newest checkpoint. */
  readonly checkpoint: number;
  /** Entries that central has cosigned, and when (epoch ms). */
  readonly cosigned: { readonly size: number; readonly at: number } | undefined;
  /** Central's own log as this counter has last seen it. */
  readonly central: { readonly size: number; readonly at: number } | undefined;
  readonly segments: { readonly kept: number; readonly retired: number; readonly bytes: number };
  /** Number of the oldest entry that is still there. */
  readonly oldest: number;
  readonly retentionMonths: number;
  /** False: nobody is served. The reason is for IT. */
  readonly intact: boolean;
  readonly reason: string | undefined;
}

export interface AuditLog {
  /** Appends; resolves once the entry is on the disk. @throws Failure 'audit-failed' */
  append(action: AuditAction, fields?: AuditFields): Promise<AuditEntry>;
  /** Entries from a number on, at most `limit`. @throws Failure 'audit-failed' when one is not there (any more) */
  from(seq: number, limit: number): Promise<readonly AuditEntry[]>;
  /** Entries below `before` that match, newest first. */
  page(query: PageQuery): Promise<AuditPage>;
  status(): AuditStatus;
  /**
   * An entry with its proof, under central's cosignature when that can be had in time. Without it the proof stands on
   * the counter's word alone, which the note shows and every verifier says.
   * @throws Failure 'audit-failed', 'bad-input' (no such entry)
   */
  prove(seq: number, patienceMs?: number): Promise<AuditProof>;
  /** SHA-256 (hex) of entry `size - 1`; zeros for 0. Undefined when there are not that many. */
  headAt(size: number): Promise<string | undefined>;
  /** RFC 6962 root over the first `size` entries; undefined when there are not that many. */
  rootAt(size: number): Uint8Array<ArrayBuffer> | undefined;
  /**
   * RFC 6962 proof (section 2.1.2, hexadecimal) that the tree of `oldSize` entries is the beginning of the one of `size`.
   * @throws RangeError when it is not, or there are not that many
   */
  consistency(oldSize: number, size: number): string[];
  readonly size: number;
  /** Signs the tree over the first `size` entries (all, when left out); durable when it resolves. */
  checkpoint(size?: number): Promise<string>;
  /** Keeps a checkpoint of ours that central has cosigned; durable when it resolves. */
  cosigned(note: string, at: number): Promise<void>;
  /** What central's log was last seen as, for `status`. */
  sawCentral(size: number, at: number): void;
  /** Who fetches cosignatures: over all entries that are there when it is asked. */
  setWitness(fetch: () => Promise<void>): void;
  /** Ends the log's usefulness for good: every append fails from now on, at the next start too. SECURITY: S16 */
  condemn(damage: AuditDamage): Promise<void>;
  /** Called after every append. */
  onAppend(listener: (entry: AuditEntry) => void): void;
  /** Called when the log is condemned. */
  onCondemned(listener: () => void): void;
  /** Removes full segments that are past their retention and cosigned. Answers how many entries that were. */
  retire(): Promise<number>;
  /** Runs `work` while nothing is appended, with the names and sizes of all files as they are then. */
  hold<T>(work: (frozen: Frozen) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A log that stands still. */
export interface Frozen {
  readonly size: number;
  readonly root: Uint8Array<ArrayBuffer>;
  readonly segments: readonly Readonly<Segment>[];
  readonly checkpoints: readonly KeptCheckpoint[];
  leaf(seq: number): Uint8Array<ArrayBuffer>;
}

export interface AuditLogOptions {
  /** Folder of the log, or the files themselves. */
  folder: string | AuditFiles;
  device: string;
  key: Pick<DeviceKey, 'privateKey' | 'publicKey'>;
  /** HMAC-SHA-256 key of what is written beside the log. */
  stateKey: Buffer;
  /** Epoch ms. */
  now?: () => number;
  segmentBytes?: number;
  /** Months; fewer than the law's six, or than was ever set, are not taken. */
  retentionMonths?: number;
  /** Told of every entry that is there, in order. */
  observe?: (entry: AuditEntry) => void;
}

/**
 * Opens the log of a profile, verifies all of it and cuts a torn last line.
 * @throws AuditDamage when it is not what was signed; nothing is changed then.
 */
export async function openAuditLog(
  options: AuditLogOptions,
): Promise<{ log: AuditLog } & Pick<OpenedLog, 'tornLine' | 'listMended'>> {
  const { folder, device, key, stateKey, now = Date.now, segmentBytes = SEGMENT_BYTES, observe } = options;
  const files = typeof folder === 'string' ? diskFiles(folder) : folder;
  const retentionMonths = Math.max(LEAST_RETENTION_MONTHS, options.retentionMonths ?? 0);
  const noteKey = await deviceNoteKey(device, key.publicKey);
  const signer: NoteSigner = { ...noteKey, privateKey: key.privateKey };
  const condemned = await condemnation(files);
  if (condemned) throw condemned;
  const opened = await readLog({
    files,
    key: noteKey,
    stateKey,
    device,
    retentionMonths,
    ...(observe ? { observe } : {}),
  });
  const log = new FileAuditLog({ files, device, signer, stateKey, now, segmentBytes, opened });
  try {
    await log.checkpoint();
  } catch (error) {
    await log.close();
    throw error instanceof Failure ? error : new Failure('audit-failed', { detail: codeOf(error) });
  }
  const { tornLine, listMended } = opened;
  return { log, tornLine, listMended };
}

interface Parts {
  files: AuditFiles;
  device: string;
  signer: NoteSigner;
  stateKey: Buffer;
  now: () => number;
  segmentBytes: number;
  opened: OpenedLog;
}

/** Whoever appends, signs or retires takes turns here; reading does not wait. */
class FileAuditLog implements AuditLog {
  readonly #parts: Parts;
  readonly #log: OpenedLog;
  readonly #standing: Standing;
  readonly #heads: Heads;
  readonly #writer: EntryWriter;
  readonly #reader: EntryReader;
  readonly #prover: Prover;
  readonly #listeners: ((entry: AuditEntry) => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #central: { size: number; at: number } | undefined;

  constructor(parts: Parts) {
    const { files, device, signer, stateKey, now, segmentBytes, opened: log } = parts;
    this.#parts = parts;
    this.#log = log;
    const standing = new Standing(files, now);
    const heads = new Heads(log, signer, standing);
    this.#standing = standing;
    this.#heads = heads;
    const written = (entry: AuditEntry) => {
      for (const listener of this.#listeners) listener(entry);
    };
    this.#writer = new EntryWriter({
      files,
      log,
      standing,
      heads,
      device,
      stateKey,
      now,
      segmentBytes,
      written,
    });
    this.#reader = new EntryReader(files, log, standing);
    this.#prover = new Prover({ log, reader: this.#reader, sign: () => this.checkpoint() });
  }

  get size(): number {
    return this.#log.tree.size;
  }

  append(action: AuditAction, fields: AuditFields = {}): Promise<AuditEntry> {
    // One after the other: a number and a hash are taken only once the entry before is on the disk.
    return this.#inTurn(async () => {
      const entry = await this.#writer.append(action, fields);
      const { checkpoints } = this.#log;
      const due = this.size - (checkpoints.last?.size ?? 0) >= CHECKPOINT_EVERY || action === 'session-ended';
      // Behind the entry, which is on the disk already: whoever waits for it does not wait for this.
      if (due) void this.checkpoint().catch(() => undefined);
      return entry;
    });
  }

  from(seq: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#reader.from(seq, limit);
  }

  page(query: PageQuery): Promise<AuditPage> {
    return this.#reader.page(query);
  }

  headAt(size: number): Promise<string | undefined> {
    return this.#reader.headAt(size);
  }

  prove(seq: number, patienceMs?: number): Promise<AuditProof> {
    return this.#prover.prove(seq, patienceMs);
  }

  status(): AuditStatus {
    const { checkpoints, segments, retentionMonths } = this.#log;
    const { cosigned } = checkpoints;
    const kept = segments.filter(({ name }) => name !== undefined);
    return {
      size: this.size,
      checkpoint: checkpoints.last?.size ?? 0,
      cosigned:
        cosigned?.cosignedAt === undefined ? undefined : { size: cosigned.size, at: cosigned.cosignedAt },
      central: this.#central,
      segments: {
        kept: kept.length,
        retired: segments.length - kept.length,
        bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      oldest: kept[0]?.first ?? this.size,
      retentionMonths,
      intact: this.#standing.stopped === undefined,
      reason: this.#standing.stopped,
    };
  }

  rootAt(size: number): Uint8Array<ArrayBuffer> | undefined {
    return size > this.size ? undefined : this.#log.tree.root(size);
  }

  consistency(oldSize: number, size: number): string[] {
    return this.#log.tree.consistency(oldSize, size).map(toHex);
  }

  checkpoint(size?: number): Promise<string> {
    return this.#inTurn(() => this.#heads.sign(size ?? this.size));
  }

  cosigned(note: string, at: number): Promise<void> {
    return this.#inTurn(() => this.#heads.cosigned(note, at));
  }

  sawCentral(size: number, at: number): void {
    this.#central = { size, at };
  }

  setWitness(fetch: () => Promise<void>): void {
    this.#prover.setWitness(fetch);
  }

  condemn(damage: AuditDamage): Promise<void> {
    return this.#standing.condemn(damage);
  }

  onAppend(listener: (entry: AuditEntry) => void): void {
    this.#listeners.push(listener);
  }

  onCondemned(listener: () => void): void {
    this.#standing.onCondemned(listener);
  }

  retire(): Promise<number> {
    return this.#inTurn(async () => {
      this.#standing.require();
      const { segments, tree, index, retentionMonths, checkpoints } = this.#log;
      const { files, stateKey, now } = this.#parts;
      let count = 0;
      for (const segment of retirable(segments, retentionMonths, checkpoints.cosigned?.size ?? 0, now())) {
        const { first, name } = segment;
        if (name === undefined) continue;
        const leaves = Array.from({ length: segment.count }, (_, i) => tree.leaf(first + i));
        await files.replace(segmentName(first, 'leaves'), concat(...leaves));
        segment.name = undefined;
        await writeManifest(files, stateKey, manifestOf(segments, retentionMonths));
        index.retire(first, segment.count);
        await files.remove(name);
        count += segment.count;
      }
      return count;
    });
  }

  hold<T>(work: (frozen: Frozen) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#standing.require();
      const note = await this.#heads.sign(this.size);
      const { tree, segments, checkpoints } = this.#log;
      const { size, root } = parseCheckpoint(note);
      return work({ size, root, segments, checkpoints: checkpoints.all, leaf: (seq) => tree.leaf(seq) });
    });
  }

  async close(): Promise<void> {
    // The next start finds all entries signed.
    await this.checkpoint().catch(() => undefined);
    this.#standing.stop('log is closed');
    await this.#last;
    await this.#log.current.close();
    await this.#log.checkpoints.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
