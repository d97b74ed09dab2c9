/** The outbox on disk: append-only, one sealed line an event, synced before anybody relies on it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../shared/canonical/bytes.ts';
import { caseRowSchema } from '../../shared/domain/case.ts';
import { erasureEvidenceSchema } from '../../shared/domain/erasure.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { consentEndSchema, consentSubmissionSchema } from '../../shared/protocol/documents.ts';
import { appendLine, openForAppend, writeDurably } from '../durable-file.ts';

/** What waits to be told to central. Audit entries lie in their own log: the item only says that some wait. */
export const outboxItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('consent'),
    id: z.string(),
    addedAt: z.number(),
    /** Central takes a consent from the staff whom it names. */
    staffId: z.string(),
    submission: consentSubmissionSchema,
  }),
  z.strictObject({
    kind: z.literal('consent-end'),
    id: z.string(),
    addedAt: z.number(),
    consentId: z.uuid(),
    end: consentEndSchema,
  }),
  z.strictObject({
    kind: z.literal('erasure'),
    id: z.string(),
    addedAt: z.number(),
    /** Signed when it is sent, over these very bytes: by then there is a certificate. */
    evidence: erasureEvidenceSchema,
  }),
  z.strictObject({ kind: z.literal('audit'), id: z.string(), addedAt: z.number() }),
  z.strictObject({ kind: z.literal('case'), id: z.string(), addedAt: z.number(), row: caseRowSchema }),
]);
export type OutboxItem = z.infer<typeof outboxItemSchema>;

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add'), item: outboxItemSchema }),
  z.strictObject({ type: z.literal('done'), id: z.string() }),
]);
type OutboxEvent = z.infer<typeof eventSchema>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

// AES-256-GCM under the vault's key: a consent names the subscriber. AAD is the line's number, so that lines
// can't be moved. SECURITY: S12 S14
function seal(key: Buffer, line: number, event: OutboxEvent): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(utf8(`zhiqing-outbox/1 ${line}`));
  const text = Buffer.concat([cipher.update(utf8(JSON.stringify(event))), cipher.final()]);
  return toBase64url(Buffer.concat([nonce, text, cipher.getAuthTag()]));
}

function unseal(key: Buffer, line: number, sealed: string): OutboxEvent {
  const bytes = fromBase64url(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(utf8(`zhiqing-outbox/1 ${line}`));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return eventSchema.parse(JSON.parse(fromUtf8(text)));
}

function readEvents(key: Buffer, lines: readonly string[]): OutboxEvent[] {
  return lines.map((line, i) => {
    try {
      return unseal(key, i, line);
    } catch {
      throw new Failure('storage-failed', { detail: `outbox line ${i + 1}` });
    }
  });
}

export class OutboxFile {
  readonly #path: string;
  readonly #key: Buffer;
  readonly #items = new Map<string, OutboxItem>();
  #file: FileHandle;
  #lines: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, key: Buffer, file: FileHandle, events: OutboxEvent[], lines: number) {
    this.#path = path;
    this.#key = key;
    this.#file = file;
    this.#lines = lines;
    for (const event of events) this.#apply(event);
  }

  /**
   * Opens the outbox of a profile. A last line that a crash cut short is dropped: it was never acknowledged.
   * @throws Failure 'storage-failed' when a line was altered.
   */
  static async open(path: string, key: Buffer): Promise<OutboxFile> {
    const file = await openForAppend(path);
    try {
      const text = await readFile(path, 'latin1');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole.length < text.length) await file.truncate(whole.length);
      const lines = whole === '' ? [] : whole.slice(0, -1).split('\n');
      return new OutboxFile(path, key, file, readEvents(key, lines), lines.length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What waits, in the order added. */
  get items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  /** Adds an item unless its id is there already; resolves once it is on the disk. */
  add(item: OutboxItem): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#items.has(item.id)) await this.#write({ type: 'add', item });
    });
  }

  /** Takes an item out. The file is emptied when nothing waits any more. */
  done(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#items.has(id)) return;
      if (this.#items.size > 1) return this.#write({ type: 'done', id });
      // SECURITY: S11 what has been delivered does not lie about, not even sealed.
      await this.#file.close();
      await writeDurably(this.#path, '');
      this.#file = await openForAppend(this.#path);
      this.#items.clear();
      this.#lines = 0;
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #write(event: OutboxEvent): Promise<void> {
    await appendLine(this.#file, seal(this.#key, this.#lines, event));
    this.#lines += 1;
    this.#apply(event);
  }

  #apply(event: OutboxEvent): void {
    if (event.type === 'add') this.#items.set(event.item.id, event.item);
    else this.#items.delete(event.id);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      throw new Failure('storage-failed', { detail: 'outbox' });
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
