/** Writes entries to the end of a log: on the disk before anybody goes on, into a new segment when one is full. */
import { randomBytes, toBase64url, toHex } from '../../shared/canonical/bytes.ts';
import { sha256Sync } from '../../shared/canonical/hash.ts';
import { leafHash } from '../../shared/canonical/merkle.ts';
import { type AuditAction, type AuditEntry, auditEntrySchema } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Standing } from './condemned.ts';
import { type AuditFiles, codeOf } from './files.ts';
import type { Heads } from './heads.ts';
import { lineOf } from './lines.ts';
import type { OpenedLog } from './open.ts';
import { CURRENT, manifestOf, type Segment, segmentName, writeManifest } from './segments.ts';

const SALT_BYTES = 16;

export type AuditFields = Partial<
  Pick<AuditEntry, 'staffId' | 'sessionId' | 'consentId' | 'subject' | 'facts'>
>;

interface Parts {
  readonly files: AuditFiles;
  readonly log: OpenedLog;
  readonly standing: Standing;
  readonly heads: Heads;
  readonly device: string;
  readonly stateKey: Buffer;
  /** Epoch ms. */
  readonly now: () => number;
  /** Bytes after which a segment is full. */
  readonly segmentBytes: number;
  /** Told of every entry once it is on the disk. */
  readonly written: (entry: AuditEntry) => void;
}

/** One call at a time: whoever has it takes turns. */
export class EntryWriter {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves once the entry is on the disk. @throws Failure 'audit-failed' */
  async append(action: AuditAction, fields: AuditFields): Promise<AuditEntry> {
    this.#parts.standing.require();
    await this.#rotateIfFull();
    return this.#write(action, fields);
  }

  async #write(action: AuditAction, { facts = {}, ...fields }: AuditFields): Promise<AuditEntry> {
    const { now, device, log } = this.#parts;
    const { tree, index } = log;
    const entry = auditEntrySchema.parse({
      schema: 'zhiqing-audit/1',
      seq: tree.size,
      at: new Date(now()).toISOString(),
      device,
      action,
      facts,
      salt: toBase64url(randomBytes(SALT_BYTES)),
      previous: log.head,
      ...fields,
    });
    const line = lineOf(entry);
    const segment = this.#current;
    await this.#appendDurably(line, segment.bytes);
    const bytes = line.subarray(0, -1);
    index.add(entry, segment.bytes);
    tree.append(leafHash(bytes));
    log.head = toHex(sha256Sync(bytes));
    segment.count += 1;
    segment.bytes += line.length;
    segment.newest = entry.at;
    this.#parts.written(entry);
    return entry;
  }

  /** SECURITY: S10 nothing is acknowledged that is not on the disk. */
  async #appendDurably(line: Uint8Array, end: number): Promise<void> {
    const { standing } = this.#parts;
    const file = this.#parts.log.current;
    try {
      await file.write(line);
    } catch (error) {
      const code = codeOf(error);
      // A full disk: what got through is taken back, and the next entry finds the file as it was.
      await file
        .truncate(end)
        .then(() => file.sync())
        .catch(() => standing.stop(code));
      throw new Failure('audit-failed', { detail: code });
    }
    try {
      await file.sync();
    } catch (error) {
      // What a failed sync has left on the disk is unknown until it is read anew, at the next start.
      standing.stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
  }

  /** Names the full segment by its first entry and begins the next one, which says so in its first entry. */
  async #rotateIfFull(): Promise<void> {
    const { files, stateKey, segmentBytes, log, heads, standing } = this.#parts;
    const { segments, retentionMonths, tree } = log;
    const full = this.#current;
    if (full.bytes < segmentBytes) return;
    try {
      // The tree is signed before the file moves: what a crash leaves here can be told from damage.
      await heads.sign(tree.size);
      await log.current.close();
      const name = segmentName(full.first);
      await files.rename(CURRENT, name);
      full.name = name;
      await writeManifest(files, stateKey, manifestOf(segments, retentionMonths));
      const current = await files.append(CURRENT);
      Object.assign(log, { current });
      segments.push({ first: tree.size, count: 0, bytes: 0, newest: undefined, name: CURRENT });
    } catch (error) {
      standing.stop(codeOf(error));
      throw new Failure('audit-failed', { detail: codeOf(error) });
    }
    await this.#write('log-rotated', { facts: { segment: full.first, entries: full.count } });
  }

  get #current(): Segment {
    const segment = this.#parts.log.segments.at(-1);
    if (!segment) throw new TypeError('no segment');
    return segment;
  }
}
