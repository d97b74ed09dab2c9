/** A second instance over the same profile: it leaves, the first one is as it was. */
import { startEnds } from '../../attack/profile/start.ts';
import { playTo } from '../../e2e/support/visit.ts';
import { entriesOnDisk, judgeDisk } from '../counter/judge.ts';
import { Ledger } from '../counter/ledger.ts';
import { type Family, Tally } from '../family.ts';
import { NUMBER, noteDisk, openScene, shows } from './scene.ts';

const STARTS = { quick: 1, long: 12 };

export const secondInstance: Family = {
  name: 'second instance',
  async run({ quick, folder, progress }) {
    const total = quick ? STARTS.quick : STARTS.long;
    const tally = new Tally();
    const { counter, place, close } = await openScene(folder);
    try {
      await playTo(counter, 'notice', { number: NUMBER });
      const ledger = new Ledger();
      for (let i = 0; i < total; i++) {
        noteDisk(place, ledger);
        const { code, printed } = await startEnds({ profile: place.userData, keyring: place.keyring });
        const starts = entriesOnDisk(place.userData).filter(
          ({ entry }) => entry.action === 'core-started',
        ).length;
        const wrong = judgeDisk(place, ledger);
        if (code !== 0) wrong.push(`the second ended with ${code}: ${printed.slice(-200)}`);
        if (starts !== 1) wrong.push(`the log has ${starts} starts`);
        await shows(counter, 'customer', 'serving.notice').catch(() =>
          wrong.push('the first lost its visit'),
        );
        if (wrong.length === 0) tally.good('left');
        else tally.bad(`start ${i}: ${wrong.join('; ')}`);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome('both windows');
    } finally {
      await close();
    }
  },
};
