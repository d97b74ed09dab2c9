/** Reads entries back from the disk: each must still be the one that the tree holds. */
import { equal } from '../../shared/canonical/bytes.ts';
import { leafHash } from '../../shared/canonical/merkle.ts';
import type { AuditEntry } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import type { Standing } from './condemned.ts';
import { AuditDamage } from './damage.ts';
import type { EntryFilter } from './entry-index.ts';
import type { AuditFiles } from './files.ts';
import { linesIn, parseEntry } from './lines.ts';
import type { OpenedLog } from './open.ts';
import { segmentOf } from './segments.ts';

/** A page of the log, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** `before` of the next page; undefined at the end. */
  readonly next: number | undefined;
}

export interface PageQuery extends EntryFilter {
  /** The next page's entries are below this one. */
  before?: number;
  limit: number;
}

export class EntryReader {
  readonly #files: AuditFiles;
  readonly #log: OpenedLog;
  readonly #standing: Standing;

  constructor(files: AuditFiles, log: OpenedLog, standing: Standing) {
    this.#files = files;
    this.#log = log;
    this.#standing = standing;
  }

  /** Entries from a number on. @throws Failure 'audit-failed' when one is not there; AuditDamage, which condemns the log */
  async from(seq: number, limit: number): Promise<readonly AuditEntry[]> {
    const entries: AuditEntry[] = [];
    const end = Math.min(seq + limit, this.#log.tree.size);
    for (let next = seq; next < end; ) {
      const segment = segmentOf(this.#log.segments, next);
      const offset = this.#log.index.offset(next);
      if (!segment?.name || offset === undefined) {
        throw new Failure('audit-failed', { detail: `entry ${next} is retired` });
      }
      const until = Math.min(end, segment.first + segment.count);
      const stop = until < segment.first + segment.count ? this.#log.index.offset(until) : segment.bytes;
      const bytes = await this.#files.readAt(segment.name, offset, (stop ?? segment.bytes) - offset);
      const before = entries.length;
      for (const { line } of linesIn(bytes)) entries.push(await this.#checked(line, seq + entries.length));
      if (entries.length - before !== until - next) await this.#damaged('truncated', `entry ${until - 1}`);
      next = until;
    }
    return entries;
  }

  /** Entries below `before` that match, newest first. */
  async page({ before = this.#log.tree.size, limit, action, staffId }: PageQuery): Promise<AuditPage> {
    const found = this.#log.index.find({ action, staffId }, before, limit);
    const entries: AuditEntry[] = [];
    for (const seq of found) entries.push(...(await this.from(seq, 1)));
    const last = found.at(-1);
    return { entries, next: found.length === limit && last !== undefined && last > 0 ? last : undefined };
  }

  /** SHA-256 (hex) of entry `size - 1`, undefined when there are not that many. */
  async headAt(size: number): Promise<string | undefined> {
    if (size === this.#log.tree.size) return this.#log.head;
    if (size > this.#log.tree.size || this.#log.index.offset(size) === undefined) return undefined;
    const [next] = await this.from(size, 1);
    return next?.previous;
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
    await this.#standing.condemn(damage);
    throw damage;
  }
}
