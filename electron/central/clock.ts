/**
 * The counter's idea of central's time: the latest server time seen, in this run or an earlier one, carried on by
 * the monotonic clock. Setting the machine's clock back or forth changes nothing, nor does a restart.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { openStateFile } from '../vault/state-file.ts';

export interface TrustedClock {
  /** Epoch ms; never smaller than an earlier answer once central has been heard, in this run or before. */
  now(): number;
  /**
   * Whether an instant (epoch ms) is over. Once it is, it stays so: whatever the machine's clock says, and also
   * when the machine slept, during which the monotonic clock stands still. SECURITY: S5 S18
   */
  hasPassed(at: number): boolean;
  /** Takes in a server time (epoch ms) from an authenticated answer. */
  observe(serverTime: number): void;
  /** Central minus counter, seconds; undefined before central was heard. */
  skewSeconds(): number | undefined;
}

/** What outlives a restart. */
export interface HighWater {
  /** The highest time of earlier runs, epoch ms. */
  readonly mark: number | undefined;
  /** Told of each new one. */
  keep(mark: number): void;
}

interface StandIn {
  /** Until central is heard, in this run or before: it is no earlier than this (epoch ms). */
  standIn(atLeast: number): void;
}

export function createClock(
  wall: () => number = () => Date.now(),
  monotonic: () => number = () => performance.now(),
  { mark, keep }: HighWater = { mark: undefined, keep: () => undefined },
): TrustedClock & StandIn {
  // Trusted time minus monotonic time; with nothing to go by the machine's clock at start stands in.
  let base = (mark ?? wall()) - monotonic();
  let trusted = mark !== undefined;
  let heard = false;
  // Where both clocks stood when time was last known: what the machine's has gained since may have been sleep, or the
  // time that it was switched off.
  let anchor = { wall: mark ?? wall(), monotonic: monotonic() };
  let passed = Number.NEGATIVE_INFINITY;

  const now = () => Math.floor(base + monotonic());
  /** No less than now: what was slept through counts. A clock that was set forth ends things early, never late. */
  const atLatest = () => now() + Math.max(0, wall() - anchor.wall - (monotonic() - anchor.monotonic));
  return {
    now,
    hasPassed(at) {
      if (at > passed && atLatest() >= at) passed = at;
      return at <= passed;
    },
    observe(serverTime) {
      const seen = serverTime - monotonic();
      // SECURITY: S18 an older answer, delayed or replayed, does not turn the time back.
      base = trusted ? Math.max(base, seen) : seen;
      trusted = true;
      heard = true;
      anchor = { wall: wall(), monotonic: monotonic() };
      keep(now());
    },
    standIn(atLeast) {
      if (!trusted && now() < atLeast) base = atLeast - monotonic();
    },
    skewSeconds: () => (heard ? Math.round((base + monotonic() - wall()) / 1000) : undefined),
  };
}

const markSchema = z.strictObject({ highWater: z.number().int().min(0) });

export interface KeptClock extends TrustedClock, StandIn {
  /** The mark on the disk: the core's own, none, or something else. */
  readonly mark: 'kept' | 'missing' | 'altered';
  /** Writes the mark a last time. */
  close(): Promise<void>;
}

/**
 * The clock of a profile. The mark is written with each answer that tells the time, every ten seconds; after a
 * crash the clock may stand at most that far behind what it said last.
 */
export async function openClock(userData: string, key: Buffer): Promise<KeptClock> {
  const path = join(userData, 'clock.json');
  const file = await openStateFile({ path, name: 'clock', key, schema: markSchema });
  const keep = (mark: number) => {
    // A full disk shows elsewhere; the clock of this run goes on without the mark.
    file.write({ highWater: mark }).catch(() => undefined);
  };
  const clock = createClock(undefined, undefined, { mark: file.value?.highWater, keep });
  return {
    ...clock,
    mark: file.altered ? 'altered' : file.value ? 'kept' : 'missing',
    async close() {
      if (clock.skewSeconds() !== undefined) keep(clock.now());
      // An answer that comes later tells the next run nothing.
      await file.close();
    },
  };
}
