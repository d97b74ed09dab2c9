/** Reads a log from its files and verifies all of it before anything is appended. */
import { createHash } from 'node:crypto';
import { equal } from '../../shared/canonical/bytes.ts';
import { HASH_BYTES } from '../../shared/canonical/hash.ts';
import { MerkleLog } from '../../shared/canonical/merkle-log.ts';
import type { NoteKey } from '../../shared/canonical/signed-note.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { CheckpointFile } from './checkpoints.ts';
import { AuditDamage } from './damage.ts';
import { EntryIndex } from './entry-index.ts';
import type { AppendFile, AuditFiles } from './files.ts';
import { GENESIS, linesIn, parseEntry, readSigned } from './lines.ts';
import {
  CURRENT,
  findSegments,
  manifestOf,
  readManifest,
  requireListed,
  type Segment,
  writeManifest,
} from './segments.ts';

/** What a leaf's hash begins with (RFC 6962 section 2.1). */
const LEAF = new Uint8Array([0]);

/** A log as it was found, verified. */
export interface OpenedLog {
  readonly tree: MerkleLog;
  readonly index: EntryIndex;
  /** In order; the last is the one that is written. */
  readonly segments: Segment[];
  readonly checkpoints: CheckpointFile;
  readonly current: AppendFile;
  /** SHA-256 (hex) of the last entry's canonical bytes. */
  head: string;
  retentionMonths: number;
  /** Whether the end of the file was an entry that a crash cut short; it is gone now. */
  tornLine: boolean;
  /** Whether the list of segments was damaged; it is made anew. */
  listMended: boolean;
}

export interface ReadOptions {
  files: AuditFiles;
  key: NoteKey;
  /** HMAC-SHA-256 key of what is written beside the log. */
  stateKey: Buffer;
  device: string;
  retentionMonths: number;
  /** Told of every entry, in order. */
  observe?: (entry: AuditEntry) => void;
}

/**
 * Opens a log. Entries up to the last signed checkpoint must be those that were signed; entries after it must
 * continue the chain.
 * @throws AuditDamage naming the kind and the place; nothing is changed on the disk then.
 */
export async function readLog(options: ReadOptions): Promise<OpenedLog> {
  const { files, key, stateKey } = options;
  const checkpoints = await CheckpointFile.open(files, key, stateKey);
  let current: AppendFile | undefined;
  try {
    const reader = new Reader(options, checkpoints.last?.size ?? 0);
    const found = await findSegments(files);
    const manifest = await readManifest(files, stateKey);
    if (manifest) requireListed(manifest, found);
    for (const { name, kind, first } of found) {
      const bytes = (await files.read(name)) ?? new Uint8Array(0);
      if (first !== reader.tree.size) throw new AuditDamage('segment-missing', `before ${name}`);
      if (kind === 'leaves') {
        const listed = manifest?.segments.find((one) => one.first === first);
        reader.retired(bytes, first, listed?.newest, listed?.bytes ?? 0);
      } else {
        reader.full(bytes, name);
      }
    }
    const bytes = (await files.read(CURRENT)) ?? new Uint8Array(0);
    const rest = reader.current(bytes);
    const whole = takeRest(reader, bytes, rest);
    // SECURITY: S10 S16 all of it is judged before a byte of it is changed.
    judge(reader.tree, checkpoints, key);
    current = await files.append(CURRENT);
    const tornLine = rest.length > 0 && !whole;
    if (whole) await current.write(new Uint8Array([0x0a]));
    else if (tornLine) await current.truncate(bytes.length - rest.length);
    if (rest.length > 0) await current.sync();
    const retentionMonths = Math.max(options.retentionMonths, manifest?.retentionMonths ?? 0);
    const opened = {
      tree: reader.tree,
      index: reader.index,
      segments: reader.segments,
      checkpoints,
      current,
      head: reader.head ?? GENESIS,
      retentionMonths,
      tornLine,
      listMended: !manifest && reader.tree.size > 0,
    };
    const listing = manifestOf(reader.segments, retentionMonths);
    if (JSON.stringify(listing) !== JSON.stringify(manifest)) await writeManifest(files, stateKey, listing);
    return opened;
  } catch (error) {
    await current?.close();
    await checkpoints.close();
    throw error;
  }
}

/** Compares the tree with everything that was signed. @throws AuditDamage */
function judge(tree: MerkleLog, checkpoints: CheckpointFile, key: NoteKey): void {
  const { last } = checkpoints;
  // The first checkpoint, over nothing, is written before the first entry.
  if (!last) {
    if (tree.size > 0) throw new AuditDamage('checkpoints-missing', key.name);
    return;
  }
  if (last.size > tree.size) {
    throw new AuditDamage('truncated', `${tree.size} of at least ${last.size} entries`);
  }
  let good = 0;
  for (const { size, root } of [...checkpoints.all].sort((a, b) => a.size - b.size)) {
    if (!equal(tree.root(size), root)) {
      throw new AuditDamage('altered', `between entries ${good + 1} and ${size}`);
    }
    good = size;
  }
}

/**
 * Takes a last entry that only lacks its line feed. False when what is there is no whole entry.
 * @throws AuditDamage when a whole entry has something else than a line feed behind it: no crash leaves that.
 */
function takeRest(reader: Reader, bytes: Uint8Array, rest: Uint8Array): boolean {
  const entry = rest.length > 0 ? parseEntry(rest) : undefined;
  if (!entry && parseEntry(rest.subarray(0, -1))) throw new AuditDamage('altered', `end of ${CURRENT}`);
  if (!entry || !reader.continues(entry)) return false;
  reader.take(entry, rest, bytes.length - rest.length);
  return true;
}

class Reader {
  readonly tree = new MerkleLog();
  readonly index = new EntryIndex();
  readonly segments: Segment[] = [];
  /** Undefined after a retired segment, whose last entry is not there to be hashed. */
  head: string | undefined = GENESIS;
  readonly #options: ReadOptions;
  /** Entries that a signed checkpoint covers. */
  readonly #signed: number;

  constructor(options: ReadOptions, signed: number) {
    this.#options = options;
    this.#signed = signed;
  }

  /** Takes the leaves of a retired segment. */
  retired(bytes: Uint8Array, first: number, newest: string | undefined, size: number): void {
    const count = bytes.length / HASH_BYTES;
    if (!Number.isInteger(count) || count === 0) throw new AuditDamage('altered', `retired entries ${first}`);
    for (let i = 0; i < count; i++) {
      this.tree.append(bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
      this.index.addRetired();
    }
    this.segments.push({ first, count, bytes: size, newest, name: undefined });
    this.head = undefined;
  }

  /** Takes a full segment. */
  full(bytes: Uint8Array, name: string): void {
    this.#lines(bytes, name);
    if (bytes.at(-1) !== 0x0a) throw new AuditDamage('truncated', name);
  }

  /** Takes the segment that is written, and answers what follows its last line feed. */
  current(bytes: Uint8Array): Uint8Array {
    this.#lines(bytes, CURRENT);
    return bytes.subarray(bytes.lastIndexOf(0x0a) + 1);
  }

  continues({ seq, previous, device }: AuditEntry): boolean {
    const { head } = this;
    const linked = head === undefined || previous === head;
    return seq === this.tree.size && device === this.#options.device && linked;
  }

  take(entry: AuditEntry, line: Uint8Array, offset: number): void {
    const segment = this.segments.at(-1);
    if (!segment) throw new TypeError('no segment');
    // Natively: a log of a year is hashed at each start.
    this.tree.append(createHash('sha256').update(LEAF).update(line).digest());
    this.head = createHash('sha256').update(line).digest('hex');
    this.index.add(entry, offset);
    segment.count += 1;
    segment.bytes = offset + line.length + 1;
    segment.newest = entry.at;
    this.#options.observe?.(entry);
  }

  #lines(bytes: Uint8Array, name: string): void {
    this.segments.push({ first: this.tree.size, count: 0, bytes: 0, newest: undefined, name });
    let number = 0;
    for (const { line, offset } of linesIn(bytes)) {
      number += 1;
      const entry = this.tree.size < this.#signed ? readSigned(line) : parseEntry(line);
      // SECURITY: S10 S16 an altered chain proves nothing about what comes after it.
      if (!entry || !this.continues(entry)) throw new AuditDamage('altered', `${name}, line ${number}`);
      this.take(entry, line, offset);
    }
  }
}
