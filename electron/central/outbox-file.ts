/**
 * The outbox on disk: append-only, one sealed line an event, synced before anybody relies on it. A mark beside it
 * says how many lines there are at least: what is cut off its end is missed.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { errorCodes, Failure } from '../../shared/domain/errors.ts';
import { LineFile } from '../durable-file.ts';
import { StartRefusal } from '../start-refusal.ts';
import { sealLine, unsealLine } from '../vault/sealed-line.ts';
import { openStateFile, type StateFile } from '../vault/state-file.ts';
import { type OutboxItem, outboxItemSchema } from './outbox-item.ts';

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add'), item: outboxItemSchema }),
  z.strictObject({ type: z.literal('done'), id: z.string() }),
]);
type OutboxEvent = z.infer<typeof eventSchema>;

const markSchema = z.strictObject({
  /** Counts how often the file was emptied: lines of an older one do not open. */
  generation: z.number().int().min(1),
  /** Lines that were told to be on the disk. */
  lines: z.number().int().min(0),
});
type Mark = z.infer<typeof markSchema>;

// A consent names the subscriber. SECURITY: S12 S14
const place = (generation: number, line: number) => `zhiqing-outbox/2 ${generation} ${line}`;

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
  #last: Promise<unknown> = Promise.resolve();
  /** Whether there was no outbox: a new profile, or one whose outbox was taken away. */
  readonly fresh: boolean;

  private constructor(file: LineFile, key: Buffer, mark: StateFile<Mark>, events: OutboxEvent[]) {
    this.#file = file;
    this.#key = key;
    this.#mark = mark;
    this.fresh = mark.value === undefined;
    this.#generation = mark.value?.generation ?? 1;
    this.#lines = events.length;
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
      let events: OutboxEvent[] = [];
      if (value && isLeftOver(file.found, outboxKey, value)) await file.clear();
      else events = readEvents(file.found, outboxKey, value?.generation ?? 1, folder);
      if (value && events.length < value.lines) {
        const [found, least] = [events.length, value.lines];
        throw damaged(folder, `至少应有 ${least} 行,只有 ${found} 行`, `${found} of at least ${least} lines`);
      }
      const outbox = new OutboxFile(file, outboxKey, mark, events);
      if (outbox.fresh) await mark.write({ generation: 1, lines: 0 });
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

  /** Adds an item unless its id is there already; resolves once it is on the disk. */
  add(item: OutboxItem): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#items.has(item.id)) return;
      const event = { type: 'add', item } as const;
      if (isKept(item)) {
        const line = await this.#write(event);
        try {
          await this.#mark.write({ generation: this.#generation, lines: this.#lines });
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
        if (this.items.filter(isKept).length > 1) await this.#write(event);
        // SECURITY: S11 what has been delivered does not lie about, not even sealed.
        else await this.#empty();
      }
      this.#apply(event);
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #write(event: OutboxEvent): Promise<string> {
    const line = sealLine(this.#key, place(this.#generation, this.#lines), event);
    await this.#file.append(line);
    this.#lines += 1;
    return line;
  }

  /** The mark first: a crash in between leaves lines of the generation before, which the next start drops. */
  async #empty(): Promise<void> {
    const generation = this.#generation + 1;
    await this.#mark.write({ generation, lines: 0 });
    this.#generation = generation;
    this.#lines = 0;
    await this.#file.clear();
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

/** Audit entries are on the disk already. */
const isKept = ({ kind }: OutboxItem) => kind !== 'audit';

/** Whether all lines are of the generation before: everything was delivered, and a crash came before they went. */
function isLeftOver(lines: readonly string[], key: Buffer, { generation, lines: least }: Mark): boolean {
  const [first] = lines;
  return least === 0 && first !== undefined && unsealLine(key, place(generation - 1, 0), first) !== undefined;
}

function readEvents(
  lines: readonly string[],
  key: Buffer,
  generation: number,
  folder: string,
): OutboxEvent[] {
  return lines.map((line, i) => {
    const parsed = eventSchema.safeParse(unsealLine(key, place(generation, i), line));
    if (!parsed.success) throw damaged(folder, `第 ${i + 1} 行`, `line ${i + 1}`);
    return parsed.data;
  });
}

/** SECURITY: S16 a consent that somebody signed may be in it: it is neither guessed at nor left out. */
function damaged(folder: string, zh: string, en: string): StartRefusal {
  const code = errorCodes['storage-failed'];
  return new StartRefusal(
    `待发件箱已损坏,已停止服务(${code}):${zh}。位置:${folder}。其中可能有客户签过、中心尚未收到的同意。请勿修改或删除,联系信息技术人员,按 docs/it.md 中“文件损坏时”处理。`,
    `The outbox is damaged, so nobody is served (${code}): ${en}. It lies in ${folder} and may hold consents that central has not got yet. Leave it as it is and call IT: docs/it.md, 'When a file is damaged'.`,
  );
}
