/**
 * Delivers what waits in the outbox: each lane in order, one item at a time, again and again until central has
 * answered. Delivery is idempotent on central's side, so a lost answer costs a repetition and nothing else.
 */
import { type AppError, Failure, toAppError } from '../../shared/domain/errors.ts';
import type { OutboxFile, OutboxItem } from './outbox-file.ts';

/** What a delivery came to. `refused` is central's last word: repeating the same bytes changes nothing. */
export type Delivery =
  | { type: 'delivered'; answer: unknown }
  | { type: 'refused' | 'later'; error: AppError };

/** Sends one item. Throws a Failure when central did not take it. */
export type Deliver = (item: OutboxItem) => Promise<unknown>;

export interface Outbox {
  readonly count: number;
  /** Epoch ms of the oldest item. */
  readonly oldest: number | undefined;
  /** Adds an item durably and starts delivering. */
  add(item: OutboxItem): Promise<void>;
  /** Adds an item durably and resolves with what the next attempt to deliver it came to. */
  deliver(item: OutboxItem): Promise<Delivery>;
  /** Tries what waits now, whatever the back-off says: central was heard, or staff signed in. */
  nudge(): void;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Errors that another attempt of the same bytes can get past. */
const passing: ReadonlySet<AppError['kind']> = new Set([
  'central-unreachable',
  'central-failed',
  'central-garbage',
  'central-untrusted',
  'not-enrolled',
  'not-signed-in',
  'staff-session-expired',
  'internal',
]);

/** Items of one lane wait for each other; lanes do not. */
function laneOf(item: OutboxItem): string {
  if (item.kind === 'consent') return `consent ${item.submission.consent.header.recordId}`;
  // A consent, its end and the evidence of it: in that order.
  if (item.kind === 'consent-end') return `consent ${item.consentId}`;
  return item.kind === 'erasure' ? `consent ${item.evidence.consentId}` : item.kind;
}

/** Back-off: doubled up to a minute, spread by half so that a hall's counters do not come back in step. */
export function waitAfter(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + (random() * full) / 2;
}

export function createOutbox(options: {
  file: OutboxFile;
  deliver: Deliver;
  /** Central's last word on an item that is dropped for it. */
  onRefused: (item: OutboxItem, error: AppError) => Promise<void>;
  random?: () => number;
}): Outbox {
  return new LaneOutbox(options.file, options.deliver, options.onRefused, options.random ?? Math.random);
}

interface Lane {
  busy: Promise<void> | undefined;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

class LaneOutbox implements Outbox {
  readonly #file: OutboxFile;
  readonly #deliver: Deliver;
  readonly #onRefused: (item: OutboxItem, error: AppError) => Promise<void>;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting = new Map<string, ((delivery: Delivery) => void)[]>();
  readonly #listeners: (() => void)[] = [];
  #closed = false;

  constructor(
    file: OutboxFile,
    deliver: Deliver,
    onRefused: (item: OutboxItem, error: AppError) => Promise<void>,
    random: () => number,
  ) {
    this.#file = file;
    this.#deliver = deliver;
    this.#onRefused = onRefused;
    this.#random = random;
  }

  get count(): number {
    return this.#file.items.length;
  }

  get oldest(): number | undefined {
    return this.#file.items[0]?.addedAt;
  }

  async add(item: OutboxItem): Promise<void> {
    await this.#file.add(item);
    this.#changed();
    this.#run(laneOf(item));
  }

  async deliver(item: OutboxItem): Promise<Delivery> {
    await this.#file.add(item);
    this.#changed();
    const delivery = new Promise<Delivery>((resolve) => {
      this.#waiting.set(item.id, [...(this.#waiting.get(item.id) ?? []), resolve]);
    });
    this.#run(laneOf(item));
    return delivery;
  }

  nudge(): void {
    for (const item of this.#file.items) this.#run(laneOf(item));
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.busy));
    await this.#file.close();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #run(name: string): void {
    const lane = this.#lanes.get(name) ?? { busy: undefined, failures: 0, timer: undefined };
    this.#lanes.set(name, lane);
    if (this.#closed || lane.busy) return;
    clearTimeout(lane.timer);
    lane.busy = this.#drain(name, lane).finally(() => {
      lane.busy = undefined;
      const waits = this.#file.items.some((item) => laneOf(item) === name);
      if (!waits) this.#lanes.delete(name);
      else if (!this.#closed) {
        lane.timer = setTimeout(() => this.#run(name), waitAfter(lane.failures, this.#random));
      }
    });
  }

  async #drain(name: string, lane: Lane): Promise<void> {
    for (;;) {
      const item = this.#file.items.find((candidate) => laneOf(candidate) === name);
      if (item === undefined || this.#closed) return;
      const asked = this.#waiting.get(item.id) ?? [];
      this.#waiting.delete(item.id);
      const delivery = await this.#attempt(item);
      for (const resolve of asked) resolve(delivery);
      this.#changed();
      if (delivery.type === 'later') {
        lane.failures += 1;
        // Those behind it wait too; who asked for them hears why.
        for (const behind of this.#file.items) {
          if (laneOf(behind) === name && behind.id !== item.id) this.#answer(behind.id, delivery);
        }
        // Who asked while this attempt was already failing is owed one of their own.
        if (this.#waiting.has(item.id)) continue;
        return;
      }
      this.#answer(item.id, delivery);
      lane.failures = 0;
    }
  }

  async #attempt(item: OutboxItem): Promise<Delivery> {
    try {
      const answer = await this.#deliver(item);
      await this.#file.done(item.id);
      return { type: 'delivered', answer };
    } catch (thrown) {
      const error = toAppError(thrown instanceof Failure ? thrown : new Failure('internal'));
      if (passing.has(error.kind)) return { type: 'later', error };
      try {
        await this.#onRefused(item, error);
        await this.#file.done(item.id);
      } catch (again) {
        return { type: 'later', error: toAppError(again) };
      }
      return { type: 'refused', error };
    }
  }

  #answer(id: string, delivery: Delivery): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve(delivery);
    this.#waiting.delete(id);
  }
}
