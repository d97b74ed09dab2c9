/** The core stands still for a while in the middle of whatever it does, and goes on. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Family, Tally } from '../family.ts';
import { disturbed } from './disturb.ts';

const STOPS = { quick: 10, long: 120 };
const LONGEST_MS = { quick: 1_500, long: 6_000 };

export const suspendedCore: Family = {
  name: 'core suspended and resumed',
  async run(context) {
    const { quick, random } = context;
    const tally = new Tally();
    await disturbed(
      context,
      {
        total: quick ? STOPS.quick : STOPS.long,
        pauseMs: 1_000,
        perStart: 40,
        disturb: async (core) => {
          core.suspend();
          await delay(random.below(quick ? LONGEST_MS.quick : LONGEST_MS.long));
          core.resume();
          return 'stopped and continued';
        },
      },
      tally,
    );
    return tally.outcome('the core in a process of its own, by SIGSTOP and SIGCONT');
  },
};
