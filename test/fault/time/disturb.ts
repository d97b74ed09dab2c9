/** A core in a process of its own that serves on while something is done to it again and again. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FaultCentral, openCentral } from '../counter/central.ts';
import { judgeCentral, judgeDisk } from '../counter/judge.ts';
import { Ledger } from '../counter/ledger.ts';
import type { Place } from '../counter/profile.ts';
import type { FamilyContext, Tally } from '../family.ts';
import { type CoreProcess, startProcess } from '../kill/process.ts';

export interface Disturbance {
  /** How often. */
  total: number;
  /** Between two, at the most, ms. */
  pauseMs: number;
  /** After so many the core is told to stop, and started again. */
  perStart: number;
  /** Added to the machine's clock at each start, ms. */
  clockAtStart?: () => number;
  /** @returns what it was, in a word */
  disturb: (core: CoreProcess) => Promise<string>;
  /** What else must be so in the end. */
  judge?: (place: Place) => string[];
}

const HANG_MS = 180_000;

/** Runs a core through all of it; then everything must be where it belongs. */
export async function disturbed(
  { folder, random, progress }: FamilyContext,
  { total, pauseMs, perStart, clockAtStart, disturb, judge }: Disturbance,
  tally: Tally,
): Promise<void> {
  const central: FaultCentral = await openCentral(folder);
  try {
    const place = await central.newCounter(join(folder, 'counter'), 'counter-0001');
    const ledger = new Ledger();
    const wrong: string[] = [];
    while (tally.injected < total) {
      const customer = central.somebody(random);
      const clock = clockAtStart?.() ?? 0;
      const core = startProcess(
        {
          base: place.base,
          deviceId: place.deviceId,
          seed: random.below(2 ** 31),
          numbers: [{ number: customer.number, servicePassword: customer.servicePassword }],
          answer: customer.answer,
          clock,
        },
        ledger,
        central.central,
      );
      await core.standing;
      for (let i = 0; i < perStart && tally.injected < total && core.failed === undefined; i++) {
        await delay(random.below(pauseMs));
        tally.good(await disturb(core));
        progress(`${tally.injected} of ${total}`);
      }
      core.tell({ stop: true });
      await Promise.race([core.gone, delay(HANG_MS, undefined, { ref: false }).then(() => core.kill())]);
      await core.gone;
      if (!core.drained) wrong.push(core.failed ?? 'it hung, or ended before its time');
      wrong.push(...judgeDisk(place, ledger));
    }
    wrong.push(...(await judgeCentral(central.central, ledger, place)), ...(judge?.(place) ?? []));
    if (wrong.length > 0) {
      tally.survived = 0;
      tally.lost.push(...wrong.slice(0, 10));
    }
  } finally {
    await central.close();
  }
}
