/** The machine's clock is set back and forth, while a visit runs and over restarts: the counter's time only goes on. */
import { entriesOnDisk } from '../counter/judge.ts';
import type { Place } from '../counter/profile.ts';
import { type Family, Tally } from '../family.ts';
import { disturbed } from './disturb.ts';

const JUMPS = { quick: 12, long: 200 };
const HOUR = 3_600_000;
const jumps = [0, HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 400 * 24 * HOUR, -400 * 24 * HOUR, 61_000, -61_000];
/** What the kept time may be behind after a kill, and what a request takes, ms. */
const SLACK_MS = 60_000;

export const clockJumps: Family = {
  name: 'clock set back and forth',
  async run(context) {
    const { quick, random } = context;
    const tally = new Tally();
    const started = Date.now();
    await disturbed(
      context,
      {
        total: quick ? JUMPS.quick : JUMPS.long,
        pauseMs: quick ? 500 : 900,
        perStart: quick ? 6 : 12,
        // The very first start knows no better than the machine: it is the only one that may be wrong.
        clockAtStart: () => (tally.injected === 0 ? 0 : random.pick(jumps)),
        disturb: async (core) => {
          const by = random.pick(jumps);
          core.tell({ clock: by });
          return by === 0 ? 'set right' : by > 0 ? 'set forth' : 'set back';
        },
        judge: (place) => judgeTimes(place, started),
      },
      tally,
    );
    return tally.outcome('the core in a process of its own, over restarts');
  },
};

/** Entries carry central's time, and none is older than the one before. */
function judgeTimes({ userData }: Place, started: number): string[] {
  const wrong: string[] = [];
  let before = 0;
  for (const { entry } of entriesOnDisk(userData)) {
    const at = Date.parse(entry.at);
    if (at < before) wrong.push(`entry ${entry.seq} is older than the one before it, by ${before - at} ms`);
    if (at < started - SLACK_MS || at > Date.now() + SLACK_MS)
      wrong.push(`entry ${entry.seq} is of another time: ${entry.at}`);
    before = at;
  }
  return wrong;
}
