/**
 * The audit log: canonical JSON lines, each holding the hash of the one before, on disk before anybody goes on;
 * a Merkle tree over them whose heads the device key signs. Entries stay on the disk; in memory are the tree and
 * an index.
 */
import { createHash } from 'node:crypto';
import { concat, equal, randomBytes, toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import { deviceNoteKey, parseCheckpoint, signCheckpoint } from '../../shared/canonical/checkpoint.ts';
import { leafHash } from '../../shared/canonical/merkle.ts';
import type { NoteSigner } from '../../shared/canonical/signed-note.ts';
import {
  type AuditAction,
  type AuditEntry,
  type AuditProof,
  auditEntrySchema,
} from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { DeviceKey } from '../vault/vault.ts';
import type { KeptCheckpoint } from './checkpoints.ts';
import { condemnation, keepCondemnation } from './condemned.ts';
import { AuditDamage } from './damage.ts';
import type { EntryFilter } from './entry-index.ts';
import { type AuditFiles, codeOf, diskFiles } from './files.ts';
import { lineOf, linesIn, parseEntry } from './lines.ts';
import { type OpenedLog, readLog } from './open.ts';
import { retirable } from './retention.ts';
import { CURRENT, manifestOf, type Segment, segmentName, segmentOf, writeManifest } from './segments.ts';

const SALT_BYTES = 16;
/** Entries after which a checkpoint is signed even when nothing else asks for one. */
const CHECKPOINT_EVERY = 64;
/** Bytes of a segment, some 8,000 entries. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
/** Months that entries are kept at least; the law's minimum. */
export const LEAST_RETENTION_MONTHS = 6;
/** How long a proof waits for central's cosignature when nobody says otherwise. */
const WITNESS_PATIENCE_MS = 3_000;
/** A connection that breaks off is tried once more. */
const WITNESS_TRIES = 2;

export type AuditFields = Partial<
  Pick<AuditEntry, 'staffId' | 'sessionId' | 'consentId' | 'subject' | 'facts'>
>;

/** A page of the log, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** `before` of the next page; undefined at the end. */
  readonly next: number | undefined;
}

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
  page(query: { before?: number; limit: number } & EntryFilter): Promise<AuditPage>;
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
export async function openAuditLog(options: AuditLogOptions): Promise<{ log: AuditLog; tornLine: boolean }> {
  const { folder, device, key, now = Date.now, segmentBytes = SEGMENT_BYTES, observe } = options;
  const files = typeof folder === 'string' ? diskFiles(folder) : folder;
  const retentionMonths = Math.max(LEAST_RETENTION_MONTHS, options.retentionMonths ?? 0);
  const noteKey = await deviceNoteKey(device, key.publicKey);
  const signer: NoteSigner = { ...noteKey, privateKey: key.privateKey };
  const condemned = await condemnation(files);
  if (condemned) throw condemned;
  const opened = await readLog({
    files,
    key: noteKey,
    device,
    retentionMonths,
    ...(observe ? { observe } : {}),
  });
  const log = new FileAuditLog({ files, device, signer, now, segmentBytes, opened });
  try {
    await log.checkpoint();
  } catch (error) {
    await log.close();
    throw error instanceof Failure ? error : new Failure('audit-failed', { detail: codeOf(error) });
  }
  return { log, tornLine: opened.tornLine };
}

interface Parts {
  files: AuditFiles;
  device: string;
  signer: NoteSigner;
  now: () => number;
  segmentBytes: number;
  opened: OpenedLog;
}

class FileAuditLog implements AuditLog {
  readonly #parts: Parts;
  readonly #log: OpenedLog;
  readonly #listeners: ((entry: AuditEntry) => void)[] = [];
  readonly #condemnedListeners: (() => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  /** Why nothing is taken any more. */
  #stopped: string | undefined;
  #central: { size: number; at: number } | undefined;
  #witness: (() => Promise<void>) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.opened;
  }

  get size(): number {
    return this.#log.tree.size;
  }

  append(action: AuditAction, fields: AuditFields = {}): Promise<AuditEntry> {
    // One after the other: a number and a hash are taken only once the entry before is on the disk.
    return this.#inTurn(async () => {
      await this.#rotateIfFull();
      const entry = await this.#write(action, fields);
      const { checkpoints } = this.#log;
      const due = this.size - (checkpoints.last?.size ?? 0) >= CHECKPOINT_EVERY || action === 'session-ended';
      // Behind the entry, which is on the disk already: whoever waits for it does not wait for this.
      if (due) void this.checkpoint().catch(() => undefined);
      return entry;
    });
  }

  async #write(action: AuditAction, { facts = {}, ...fields }: AuditFields): Promise<AuditEntry> {
    this.#requireUsable();
    const { now, device } = this.#parts;
    const { tree, index } = this.#log;
    const entry = auditEntrySchema.parse({
      schema: 'zhiqing-audit/1',
      seq: tree.size,
      at: new Date(now()).toISOString(),
      device,
      action,
      facts,
      salt: toBase64url(randomBytes(SALT_BYTES)),
      previous: this.#log.head,
      ...fields,
    });
    const line = lineOf(entry);
    const segment = this.#current;
    await this.#appendDurably(line, segment.bytes);
    const bytes = line.subarray(0, -1);
    index.add(entry, segment.bytes);
    tree.append(leafHash(bytes));
    this.#log.head = toHex(createHash('sha256').update(bytes).digest());
    segment.count += 1;
    segment.bytes += line.length;
    segment.newest = entry.at;
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** SECURITY: S10 nothing is acknowledged that is not on the disk. */
  async #appendDurably(line: Uint8Array, end: number): Promise<void> {
    const file = this.#log.current;
    try {
      await file.write(line);
    } catch (error) {
      const code = codeOf(error);
      // A full disk: what got through is taken back, and the next entry finds the file as it was.
      await file
        .truncate(end)
        .then(() => file.sync())
        .catch(() => this.#stop(code));
      throw new Failure('audit-failed', { detail: code });
    }
    try {
      await file.sync();
    } catch (error) {
      // What a failed sync has left on the disk is unknown until it is read anew, at the next start.
      this.#stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
  }

  async from(seq: number, limit: number): Promise<readonly AuditEntry[]> {
    const entries: AuditEntry[] = [];
    const end = Math.min(seq + limit, this.size);
    for (let next = seq; next < end; ) {
      const segment = segmentOf(this.#log.segments, next);
      const offset = this.#log.index.offset(next);
      if (!segment?.name || offset === undefined) {
        throw new Failure('audit-failed', { detail: `entry ${next} is retired` });
      }
      const until = Math.min(end, segment.first + segment.count);
      const stop = until < segment.first + segment.count ? this.#log.index.offset(until) : segment.bytes;
      const bytes = await this.#parts.files.readAt(segment.name, offset, (stop ?? segment.bytes) - offset);
      const before = entries.length;
      for (const { line } of linesIn(bytes)) entries.push(await this.#checked(line, seq + entries.length));
      if (entries.length - before !== until - next) await this.#damaged('truncated', `entry ${until - 1}`);
      next = until;
    }
    return entries;
  }

  async page({
    before = this.size,
    limit,
    action,
    staffId,
  }: { before?: number; limit: number } & EntryFilter): Promise<AuditPage> {
    const found = this.#log.index.find({ action, staffId }, before, limit);
    const entries: AuditEntry[] = [];
    for (const seq of found) entries.push(...(await this.from(seq, 1)));
    const last = found.at(-1);
    return { entries, next: found.length === limit && last !== undefined && last > 0 ? last : undefined };
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
      intact: this.#stopped === undefined,
      reason: this.#stopped,
    };
  }

  async prove(seq: number, patienceMs = WITNESS_PATIENCE_MS): Promise<AuditProof> {
    if (!Number.isInteger(seq) || seq < 0 || seq >= this.size)
      throw new Failure('bad-input', { detail: 'seq' });
    await this.#askWitness(seq, patienceMs);
    const { checkpoints, tree } = this.#log;
    const { cosigned, last } = checkpoints;
    let note = [cosigned, last].find((one) => one !== undefined && one.size > seq)?.note;
    note ??= await this.checkpoint();
    const { size } = parseCheckpoint(note);
    const [entry] = await this.from(seq, 1);
    if (!entry) throw new Failure('bad-input', { detail: 'seq' });
    return { entry, index: seq, size, proof: tree.inclusion(seq, size).map(toHex), checkpoint: note };
  }

  async #askWitness(seq: number, patienceMs: number): Promise<void> {
    const over = () => (this.#log.checkpoints.cosigned?.size ?? 0) > seq;
    const ask = async (): Promise<void> => {
      for (let tries = 0; tries < WITNESS_TRIES && !over(); tries++) {
        await this.#witness?.().catch(() => undefined);
      }
    };
    if (!this.#witness || over()) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([ask(), patience]);
    clearTimeout(timer);
  }

  async headAt(size: number): Promise<string | undefined> {
    if (size === this.size) return this.#log.head;
    if (size > this.size || this.#log.index.offset(size) === undefined) return undefined;
    const [next] = await this.from(size, 1);
    return next?.previous;
  }

  rootAt(size: number): Uint8Array<ArrayBuffer> | undefined {
    return size > this.size ? undefined : this.#log.tree.root(size);
  }

  checkpoint(size?: number): Promise<string> {
    return this.#inTurn(() => this.#checkpoint(size ?? this.size));
  }

  async #checkpoint(size: number): Promise<string> {
    this.#requireUsable();
    const { checkpoints, tree } = this.#log;
    const known = checkpoints.all.findLast((one) => one.size === size);
    if (known) return known.note;
    const root = tree.root(size);
    const note = await signCheckpoint({ size, root }, this.#parts.signer);
    await this.#keep({ size, root, note });
    return note;
  }

  async cosigned(note: string, at: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#requireUsable();
      const { size, root } = parseCheckpoint(note);
      await this.#keep({ size, root, note, cosignedAt: at });
    });
  }

  async #keep(checkpoint: KeptCheckpoint): Promise<void> {
    if (!equal(checkpoint.root, this.#log.tree.root(checkpoint.size))) throw new TypeError('not our tree');
    try {
      await this.#log.checkpoints.add(checkpoint);
    } catch (error) {
      // A full disk leaves the file as it was; anything else leaves it unknown.
      if (codeOf(error) !== 'ENOSPC') this.#stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
  }

  sawCentral(size: number, at: number): void {
    this.#central = { size, at };
  }

  setWitness(fetch: () => Promise<void>): void {
    this.#witness = fetch;
  }

  async condemn(damage: AuditDamage): Promise<void> {
    const first = this.#stopped === undefined;
    this.#stop(damage.error.detail ?? damage.damage);
    if (first) for (const listener of this.#condemnedListeners) listener();
    await keepCondemnation(this.#parts.files, damage, this.#parts.now());
  }

  onAppend(listener: (entry: AuditEntry) => void): void {
    this.#listeners.push(listener);
  }

  onCondemned(listener: () => void): void {
    this.#condemnedListeners.push(listener);
  }

  retire(): Promise<number> {
    return this.#inTurn(async () => {
      this.#requireUsable();
      const { segments, tree, index, retentionMonths, checkpoints } = this.#log;
      const { files, now } = this.#parts;
      let count = 0;
      for (const segment of retirable(segments, retentionMonths, checkpoints.cosigned?.size ?? 0, now())) {
        const { first, name } = segment;
        if (name === undefined) continue;
        const leaves = Array.from({ length: segment.count }, (_, i) => tree.leaf(first + i));
        await files.replace(segmentName(first, 'leaves'), concat(...leaves));
        segment.name = undefined;
        await writeManifest(files, manifestOf(segments, retentionMonths));
        index.retire(first, segment.count);
        await files.remove(name);
        count += segment.count;
      }
      return count;
    });
  }

  hold<T>(work: (frozen: Frozen) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#requireUsable();
      const note = await this.#checkpoint(this.size);
      const { tree, segments, checkpoints } = this.#log;
      const { size, root } = parseCheckpoint(note);
      return work({ size, root, segments, checkpoints: checkpoints.all, leaf: (seq) => tree.leaf(seq) });
    });
  }

  async close(): Promise<void> {
    // The next start finds all entries signed.
    await this.checkpoint().catch(() => undefined);
    this.#stop('log is closed');
    await this.#last;
    await this.#log.current.close();
    await this.#log.checkpoints.close();
  }

  get #current(): Segment {
    const segment = this.#log.segments.at(-1);
    if (!segment) throw new TypeError('no segment');
    return segment;
  }

  /** Names the full segment by its first entry and begins the next one, which says so in its first entry. */
  async #rotateIfFull(): Promise<void> {
    this.#requireUsable();
    const { files, segmentBytes } = this.#parts;
    const { segments, retentionMonths, tree } = this.#log;
    const full = this.#current;
    if (full.bytes < segmentBytes) return;
    try {
      // The tree is signed before the file moves: what a crash leaves here can be told from damage.
      await this.#checkpoint(tree.size);
      await this.#log.current.close();
      const name = segmentName(full.first);
      await files.rename(CURRENT, name);
      full.name = name;
      await writeManifest(files, manifestOf(segments, retentionMonths));
      const current = await files.append(CURRENT);
      Object.assign(this.#log, { current });
      segments.push({ first: tree.size, count: 0, bytes: 0, newest: undefined, name: CURRENT });
    } catch (error) {
      this.#stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
    await this.#write('log-rotated', { facts: { segment: full.first, entries: full.count } });
  }

  /** The entry of a line, when it is the one that was appended. @throws AuditDamage */
  async #checked(line: Uint8Array, seq: number): Promise<AuditEntry> {
    const entry = parseEntry(line);
    if (!entry || !equal(leafHash(line), this.#log.tree.leaf(seq))) {
      return this.#damaged('altered', `entry ${seq}`);
    }
    return entry;
  }

  async #damaged(kind: 'altered' | 'truncated', where: string): Promise<never> {
    const damage = new AuditDamage(kind, where);
    await this.condemn(damage);
    throw damage;
  }

  #stop(reason: string): void {
    this.#stopped ??= reason;
  }

  #requireUsable(): void {
    if (this.#stopped !== undefined)
      throw new Failure('audit-failed', { detail: this.#stopped.slice(0, 300) });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
