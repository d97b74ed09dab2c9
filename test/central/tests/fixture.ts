/** A central of its own for a test file, with a clock that can be moved. */
import { afterAll, beforeAll } from 'vitest';
import { addDays, dayOf, startOfDay } from '../../../shared/domain/period.ts';
import type { Problem } from '../../../shared/protocol/problem.ts';
import { type Central, type CentralOptions, startCentral } from '../service.ts';

export interface Fixture {
  readonly central: Central;
  /** Now by central's clock, epoch ms. */
  now(): number;
  /** Moves central's clock forward. */
  advance(ms: number): void;
}

export const MINUTE = 60_000;

/** Starts before the first and closes after the last test of the file. */
export function centralFixture(options: CentralOptions = {}): Fixture {
  let central: Central | undefined;
  // Every file begins at the same time of day, or a test that moves the clock crosses midnight when CI happens to be late.
  let offset = startOfDay(addDays(dayOf(Date.now()), 1)) + 30 * MINUTE - Date.now();
  const now = () => Date.now() + offset;
  beforeAll(async () => {
    central = await startCentral({ heavyMessages: 100, ...options, now });
  });
  afterAll(async () => {
    await central?.close();
  });
  return {
    get central() {
      if (!central) throw new Error('central is not started');
      return central;
    },
    now,
    advance: (ms) => {
      offset += ms;
    },
  };
}

/** Kind and detail, as most tests compare them. */
export function told({ kind, detail }: Problem): string {
  return detail === undefined ? kind : `${kind} (${detail})`;
}
