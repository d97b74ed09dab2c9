/** The audit log: canonical JSON lines, each holding the hash of the one before, on disk before anybody goes on. */
import type { FileHandle } from 'node:fs/promises';
import { randomBytes, toBase64url } from '../../shared/canonical/bytes.ts';
import { canonicalJson } from '../../shared/canonical/json.ts';
import { type AuditAction, type AuditEntry, auditEntrySchema } from '../../shared/domain/audit.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { appendLine, openForAppend } from '../durable-file.ts';
import { entryHash, GENESIS, readChain } from './chain.ts';

const SALT_BYTES = 16;

export type AuditFields = Partial<
  Pick<AuditEntry, 'staffId' | 'sessionId' | 'consentId' | 'subject' | 'facts'>
>;

export interface AuditLog {
  /** Appends; resolves once the entry is on the disk. @throws Failure 'audit-failed' */
  append(action: AuditAction, fields?: AuditFields): Promise<AuditEntry>;
  /** Entries from a number on, at most `limit`. */
  from(seq: number, limit: number): readonly AuditEntry[];
  /** Hash of the chain's first `size` entries. `undefined` when there are not that many. */
  headAt(size: number): string | undefined;
  readonly size: number;
  /** Ends the log's usefulness: every append fails from now on. SECURITY: S16 */
  condemn(): void;
  /** Called after every append. */
  onAppend(listener: () => void): void;
  close(): Promise<void>;
}

/**
 * Opens the log of a profile, verifies it from the first entry and cuts a torn last line.
 * @throws Failure 'audit-failed' when the chain was altered; `detail` names the line.
 */
export async function openAuditLog(options: {
  path: string;
  device: string;
  now?: () => number;
}): Promise<{ log: AuditLog; tornLine: boolean }> {
  const { path, device, now = Date.now } = options;
  const file = await openForAppend(path);
  try {
    const { entries, hashes, tornLine } = await readChain(path);
    return { log: new FileAuditLog(file, device, now, entries, hashes), tornLine };
  } catch (error) {
    await file.close();
    throw error;
  }
}

class FileAuditLog implements AuditLog {
  readonly #file: FileHandle;
  readonly #device: string;
  readonly #now: () => number;
  readonly #entries: AuditEntry[];
  readonly #hashes: string[];
  readonly #listeners: (() => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #condemned = false;

  constructor(file: FileHandle, device: string, now: () => number, entries: AuditEntry[], hashes: string[]) {
    this.#file = file;
    this.#device = device;
    this.#now = now;
    this.#entries = entries;
    this.#hashes = hashes;
  }

  get size(): number {
    return this.#entries.length;
  }

  append(action: AuditAction, fields: AuditFields = {}): Promise<AuditEntry> {
    // One after the other: a number and a hash are taken only once the entry before is on the disk.
    const turn = this.#last.then(() => this.#write(action, fields));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #write(action: AuditAction, { facts = {}, ...fields }: AuditFields): Promise<AuditEntry> {
    if (this.#condemned) throw new Failure('audit-failed', { detail: 'log is closed' });
    const entry = auditEntrySchema.parse({
      schema: 'zhiqing-audit/1',
      seq: this.#entries.length,
      at: new Date(this.#now()).toISOString(),
      device: this.#device,
      action,
      facts,
      salt: toBase64url(randomBytes(SALT_BYTES)),
      previous: this.#hashes.at(-1) ?? GENESIS,
      ...fields,
    });
    try {
      await appendLine(this.#file, canonicalJson(entry));
    } catch (error) {
      // Part of a line may be on the disk: what follows it would not be readable.
      this.#condemned = true;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'write';
      throw new Failure('audit-failed', { detail: code });
    }
    this.#entries.push(entry);
    this.#hashes.push(await entryHash(entry));
    for (const listener of this.#listeners) listener();
    return entry;
  }

  from(seq: number, limit: number): readonly AuditEntry[] {
    return this.#entries.slice(seq, seq + limit);
  }

  headAt(size: number): string | undefined {
    return size === 0 ? GENESIS : this.#hashes[size - 1];
  }

  condemn(): void {
    this.#condemned = true;
  }

  onAppend(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#condemned = true;
    await this.#last;
    await this.#file.close();
  }
}
