/**
 * Delivers what waits in the outbox: each lane in order, one item at a time, again and again until central has
 * answered. Delivery is idempotent on central's side, so a lost answer costs a repetition and nothing else.
 */
import { type AppError, type ErrorKind, toAppError } from '../../shared/domain/errors.ts';
import type { OutboxFile } from './outbox-file.ts';
import { laneOf, type NewOutboxItem, type OutboxItem } from './outbox-item.ts';

/** What a delivery came to. `refused` is central's last word: repeating the same bytes changes nothing. */
export type Delivery =
  | { type: 'delivered'; answer: unknown }
  | { type: 'refused' | 'later'; error: AppError };

/** Held by who asks for a delivery and may ask again: what it came to in the end, as soon as that is known. */
export interface LastWord {
  delivery?: Delivery;
}

/** Sends one item. Throws a Failure when central did not take it. */
export type Deliver = (item: OutboxItem) => Promise<unknown>;

export interface Outbox {
  readonly count: number;
  readonly items: readonly OutboxItem[];
  /** The oldest item: since when it waits (epoch ms), and why it did not go when it was last tried. */
  readonly oldest: { since: number; why: ErrorKind | undefined } | undefined;
  /** Adds an item durably and starts delivering. `since`: when it came about, where that was earlier. */
  add(item: NewOutboxItem, since?: number): Promise<void>;
  /**
   * Adds an item durably and resolves with what the next attempt to deliver it came to. Who asks again with the same
   * `lastWord` after an attempt that nobody waited for had the item settled, hears of that; it is not sent again.
   */
  deliver(item: NewOutboxItem, lastWord?: LastWord): Promise<Delivery>;
  /** Tries what waits now, whatever the back-off says: central was heard, or staff signed in. */
  nudge(): void;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

export interface OutboxOptions {
  file: Pick<OutboxFile, 'items' | 'add' | 'done' | 'tidy' | 'close'>;
  deliver: Deliver;
  /** Central's last word on an item that is dropped for it. */
  onRefused: (item: OutboxItem, error: AppError) => Promise<void>;
  /** Epoch ms, by the trusted clock. */
  now: () => number;
  random?: () => number;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Lanes that deliver at once: after a day without a line there are hundreds, and a customer may be waiting. */
const LANES_AT_ONCE = 4;

/**
 * Central's own last word: it has read these very bytes and will say the same of them again. Everything else, a
 * proxy's answer or a revoked counter's among it, may be otherwise tomorrow, and nothing is dropped for it.
 */
const lastWords: ReadonlySet<ErrorKind> = new Set([
  'bad-input',
  'consent-required',
  'consent-rejected',
  'consent-expired',
  'identity-expired',
  'policy-changed',
  'policy-expired',
  'period-too-long',
  'period-not-valid',
  'scope-exceeded',
  'representation-refused',
  'witness-refused',
]);

/** Back-off: doubled up to a minute, spread by half so that a hall's counters do not come back in step. */
export function waitAfter(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + (random() * full) / 2;
}

export function createOutbox(options: OutboxOptions): Outbox {
  return new LaneOutbox(options);
}

interface Lane {
  busy: Promise<void> | undefined;
  failures: number;
  why: ErrorKind | undefined;
  timer: NodeJS.Timeout | undefined;
}

class LaneOutbox implements Outbox {
  readonly #options: OutboxOptions;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes whose turn comes when another has done. */
  readonly #queue = new Set<string>();
  readonly #waiting = new Map<string, ((delivery: Delivery) => void)[]>();
  /** Whom an item's settling is to be told, whenever it comes. */
  readonly #lastWords = new Map<string, LastWord>();
  /** Items that are being sent or taken out. */
  readonly #underWay = new Set<string>();
  readonly #listeners: (() => void)[] = [];
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  get items(): readonly OutboxItem[] {
    return this.#options.file.items;
  }

  get count(): number {
    return this.items.length;
  }

  get oldest(): Outbox['oldest'] {
    let found: OutboxItem | undefined;
    for (const item of this.items) if (!found || item.addedAt < found.addedAt) found = item;
    return found && { since: found.addedAt, why: this.#lanes.get(laneOf(found))?.why };
  }

  async add(item: NewOutboxItem, since?: number): Promise<void> {
    this.#run(await this.#keep(item, since), false);
  }

  async deliver(item: NewOutboxItem, lastWord?: LastWord): Promise<Delivery> {
    if (lastWord?.delivery) return lastWord.delivery;
    const lane = await (lastWord ? this.#keepFor(lastWord, item) : this.#keep(item));
    // It was settled while it was being added.
    if (lastWord?.delivery) return lastWord.delivery;
    const delivery = new Promise<Delivery>((resolve) => {
      this.#waiting.set(item.id, [...(this.#waiting.get(item.id) ?? []), resolve]);
    });
    this.#run(lane, true);
    return delivery;
  }

  nudge(): void {
    for (const item of this.items) this.#run(laneOf(item), false);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.busy));
    await this.#options.file.close();
  }

  /** @returns its lane */
  async #keepFor(lastWord: LastWord, item: NewOutboxItem): Promise<string> {
    this.#lastWords.set(item.id, lastWord);
    // It lies in the file; added behind its end, it would be sent a second time.
    if (this.#underWay.has(item.id)) return laneOf(item);
    try {
      return await this.#keep(item);
    } catch (error) {
      this.#lastWords.delete(item.id);
      throw error;
    }
  }

  /** @returns its lane */
  async #keep(item: NewOutboxItem, since = this.#options.now()): Promise<string> {
    const kept: OutboxItem = { ...item, addedAt: since };
    await this.#options.file.add(kept);
    this.#changed();
    return laneOf(kept);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** @param urgent Somebody waits for the outcome: not behind the lanes that only catch up. */
  #run(name: string, urgent: boolean): void {
    const lane = this.#lanes.get(name) ?? { busy: undefined, failures: 0, why: undefined, timer: undefined };
    this.#lanes.set(name, lane);
    if (this.#closed || lane.busy) return;
    if (this.#busy >= LANES_AT_ONCE && !urgent) return void this.#queue.add(name);
    this.#queue.delete(name);
    clearTimeout(lane.timer);
    lane.busy = this.#drain(name, lane).finally(() => {
      lane.busy = undefined;
      const waits = this.#first(name) !== undefined;
      if (!waits) this.#lanes.delete(name);
      // Who asked while the last attempt was failing is owed one of their own.
      else if (this.#isAwaited(name)) this.#run(name, true);
      else if (!this.#closed) {
        lane.timer = setTimeout(() => this.#run(name, false), waitAfter(lane.failures, this.#random));
      }
      const [next] = this.#queue;
      if (next !== undefined) this.#run(next, false);
      // What fails is done when a lane has next ended, or at the next start.
      if (this.#busy === 0) void this.#options.file.tidy().catch(() => undefined);
    });
  }

  get #busy(): number {
    return [...this.#lanes.values()].filter((one) => one.busy !== undefined).length;
  }

  #isAwaited(lane: string): boolean {
    return this.items.some((item) => laneOf(item) === lane && this.#waiting.has(item.id));
  }

  #first(lane: string): OutboxItem | undefined {
    return this.items.find((item) => laneOf(item) === lane);
  }

  async #drain(name: string, lane: Lane): Promise<void> {
    for (;;) {
      const item = this.#first(name);
      if (item === undefined || this.#closed) return;
      const asked = this.#waiting.get(item.id) ?? [];
      this.#waiting.delete(item.id);
      this.#underWay.add(item.id);
      const delivery = await this.#attempt(item);
      this.#underWay.delete(item.id);
      lane.why = delivery.type === 'delivered' ? undefined : delivery.error.kind;
      for (const resolve of asked) resolve(delivery);
      this.#changed();
      if (delivery.type === 'later') {
        lane.failures += 1;
        // Those behind it wait too; who asked for them hears why.
        for (const behind of this.items) {
          if (laneOf(behind) === name && behind.id !== item.id) this.#answer(behind.id, delivery);
        }
        return;
      }
      const lastWord = this.#lastWords.get(item.id);
      if (lastWord) lastWord.delivery = delivery;
      this.#lastWords.delete(item.id);
      this.#answer(item.id, delivery);
      lane.failures = 0;
    }
  }

  async #attempt(item: OutboxItem): Promise<Delivery> {
    const { deliver, onRefused, file } = this.#options;
    const outcome = await deliver(item).then(
      (answer) => ({ type: 'delivered', answer }) as const,
      (thrown: unknown) => {
        const error = toAppError(thrown);
        return { type: lastWords.has(error.kind) ? 'refused' : 'later', error } as const;
      },
    );
    if (outcome.type === 'later') return outcome;
    try {
      if (outcome.type === 'refused') await onRefused(item, outcome.error);
      await file.done(item.id);
    } catch (error) {
      // It is sent once more: central answers the same.
      return { type: 'later', error: toAppError(error) };
    }
    return outcome;
  }

  #answer(id: string, delivery: Delivery): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve(delivery);
    this.#waiting.delete(id);
  }
}
