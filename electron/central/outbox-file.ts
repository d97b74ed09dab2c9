/**
 * The outbox on disk: append-only, one sealed line an event, synced before anybody relies on it. A mark beside it
 * says how many lines there are at least: what is cut off its end is missed.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../shared/domain/errors.ts';
import { LineFile } from '../durable-file.ts';
import { openStateFile, type StateFile } from '../vault/state-file.ts';
import type { OutboxItem } from './outbox-item.ts';
import { damaged, isOf, type OutboxEvent, readEvents, rewrittenLines, sealEvent } from './outbox-lines.ts';

const markSchema = z.strictObject({
  /** Counts how often the file was emptied or rewritten: lines of an older one do not open. */
  generation: z.number().int().min(1),
  /** Lines that were told to be on the disk. */
  lines: z.number().int().min(0),
});
type Mark = z.infer<typeof markSchema>;

export interface OutboxKeys {
  outboxKey: Buffer;
  stateKey: Buffer;
}

export class OutboxFile {
  readonly #file: LineFile;
  readonly #key: Buffer;
  readonly #mark: StateFile<Mark>;
  readonly #items = new Map<string, OutboxItem>();
  #generation: number;
  #lines: number;
  /** Lines that say of an item that it is delivered: it lies in the file still. */
  #done: number;
  #last: Promise<unknown> = Promise.resolve();
  /** Whether there was no outbox: a new profile, or one whose outbox was taken away. */
  readonly fresh: boolean;

  private constructor(
    file: LineFile,
    key: Buffer,
    mark: StateFile<Mark>,
    generation: number,
    events: OutboxEvent[],
  ) {
    this.#file = file;
    this.#key = key;
    this.#mark = mark;
    this.fresh = mark.value === undefined;
    this.#generation = generation;
    this.#lines = events.length;
    this.#done = events.filter(({ type }) => type === 'done').length;
    for (const event of events) this.#apply(event);
  }

  /**
   * Opens the outbox of a profile. What a crash left of a last line is dropped: it was never acknowledged.
   * @throws StartRefusal when it is not what was written; nothing is changed then.
   */
  static async open(folder: string, { outboxKey, stateKey }: OutboxKeys): Promise<OutboxFile> {
    const mark = await openStateFile({
      path: join(folder, 'mark.json'),
      name: 'outbox',
      key: stateKey,
      schema: markSchema,
    });
    const file = await LineFile.open(join(folder, 'outbox.jsonl'));
    try {
      const { value } = mark;
      if (mark.altered) throw damaged(folder, 'mark.json', 'mark.json');
      if (!value && (file.found.length > 0 || file.torn))
        throw damaged(folder, '缺少 mark.json', 'no mark.json');
      let { generation, lines: least } = value ?? { generation: 1, lines: 0 };
      let events: OutboxEvent[] = [];
      // A crash came between a rewritten file and its mark.
      const isAhead = value !== undefined && isOf(file.found, outboxKey, generation + 1);
      // Everything was delivered, and a crash came before the lines went.
      if (value && least === 0 && isOf(file.found, outboxKey, generation - 1)) await file.clear();
      else {
        if (isAhead) generation += 1;
        events = readEvents(file.found, outboxKey, generation, folder);
        if (isAhead) least = rewrittenLines(events, folder);
      }
      if (events.length < least) {
        const found = events.length;
        throw damaged(folder, `至少应有 ${least} 行,只有 ${found} 行`, `${found} of at least ${least} lines`);
      }
      const outbox = new OutboxFile(file, outboxKey, mark, generation, events);
      if (outbox.fresh || isAhead) await mark.write({ generation, lines: events.length });
      // A disk that is too full for it loses nothing: it is tried again.
      await outbox.tidy().catch(() => undefined);
      return outbox;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What waits, in the order added. */
  get items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  get #kept(): readonly OutboxItem[] {
    return this.items.filter(isKept);
  }

  /** Adds an item unless its id is there already; resolves once it is on the disk. */
  add(item: OutboxItem): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#items.has(item.id)) return;
      const event = addOf(item);
      if (isKept(item)) {
        const line = await this.#write(event);
        try {
          await this.#writeMark();
        } catch (error) {
          // SECURITY: S16 an item is there or it is not: who is told of a failure does not find it later.
          await this.#file.takeBack(line);
          this.#lines -= 1;
          throw error;
        }
      }
      this.#apply(event);
    });
  }

  /** Takes an item out. The file is emptied when nothing waits any more. */
  done(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const item = this.#items.get(id);
      if (!item) return;
      const event = { type: 'done', id } as const;
      if (isKept(item)) {
        // SECURITY: S11 what has been delivered does not lie about, not even sealed.
        if (this.#kept.length === 1) await this.#empty();
        else {
          await this.#write(event);
          this.#done += 1;
        }
      }
      this.#apply(event);
    });
  }

  /**
   * Leaves in the file what waits, and nothing of what was delivered before it: for when nothing is under way, since
   * it writes the file anew. When it fails nothing is lost, and the old file or the new one is in force.
   */
  tidy(): Promise<void> {
    return this.#inTurn(async () => {
      const items = this.#kept;
      if (this.#done === 0 || items.length === 0) return;
      // A start knows what to do with a file one ahead of its mark, and not with one further.
      if (this.#mark.value?.generation !== this.#generation) await this.#writeMark();
      const generation = this.#generation + 1;
      const events = [{ type: 'rewritten', items: items.length }, ...items.map(addOf)] as const;
      // SECURITY: S11
      await this.#file.rewrite(events.map((event, i) => sealEvent(this.#key, generation, i, event)));
      this.#generation = generation;
      this.#lines = events.length;
      this.#done = 0;
      await this.#writeMark();
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #write(event: OutboxEvent): Promise<string> {
    const line = sealEvent(this.#key, this.#generation, this.#lines, event);
    await this.#file.append(line);
    this.#lines += 1;
    return line;
  }

  #writeMark(): Promise<void> {
    return this.#mark.write({ generation: this.#generation, lines: this.#lines });
  }

  /** The mark first: a crash in between leaves lines of the generation before, which the next start drops. */
  async #empty(): Promise<void> {
    const generation = this.#generation + 1;
    await this.#mark.write({ generation, lines: 0 });
    this.#generation = generation;
    this.#lines = 0;
    this.#done = 0;
    await this.#file.clear();
  }

  #apply(event: OutboxEvent): void {
    if (event.type === 'add') this.#items.set(event.item.id, event.item);
    else if (event.type === 'done') this.#items.delete(event.id);
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

/** Audit entries are on the disk already. */
const isKept = ({ kind }: OutboxItem) => kind !== 'audit';

const addOf = (item: OutboxItem) => ({ type: 'add', item }) as const;
