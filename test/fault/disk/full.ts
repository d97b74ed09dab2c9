/** A disk that is full for a step of a visit, and has room again: refused by name, no half commit, and on it goes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefusal } from '../../../electron/start-refusal.ts';
import { BareCounter } from '../counter/bare-counter.ts';
import { openCentral } from '../counter/central.ts';
import { judgeCentral, judgeDisk } from '../counter/judge.ts';
import { entryFact, Ledger } from '../counter/ledger.ts';
import type { Place } from '../counter/profile.ts';
import { playVisit } from '../counter/visit.ts';
import { type Family, Tally } from '../family.ts';
import { mountSmall, whyNoMount } from './small-disk.ts';

const FILLS = { quick: 12, long: 150 };
const DISK_BYTES = 4 * 1024 * 1024;
/** What a full disk may be called. Anything else was not foreseen. */
const named = [
  'audit-failed',
  'storage-failed',
  'erase-failed',
  'save-failed',
  'report-failed',
  'wrong-state',
];

export const coreDisk: Family = {
  name: 'disk full under the core',
  missing: whyNoMount,
  async run({ quick, random, folder, progress }) {
    const total = quick ? FILLS.quick : FILLS.long;
    const tally = new Tally();
    const central = await openCentral(folder);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const unmount = mountSmall(disk, DISK_BYTES);
    const ballast = join(disk, 'ballast');
    let full = false;
    const free = () => {
      rmSync(ballast, { force: true });
      full = false;
    };
    const fill = (room: number) => {
      const { bavail, bsize } = statfsSync(disk);
      execFileSync('fallocate', ['-l', String(Math.max(1, bavail * bsize - room)), ballast]);
      full = true;
    };
    try {
      const place = await central.newCounter(disk, 'counter-0001');
      const ledger = new Ledger();
      let fills = 0;
      while (fills < total) {
        if (fills > 0 && random.chance(0.5)) {
          fills += 1;
          fill(0);
          const words = await refusesToStart(place);
          free();
          if (words === undefined) tally.good('start refused by name');
          else tally.bad(`a start on a full disk: ${words}`);
        }
        const counter = await BareCounter.open(place);
        const facts: Promise<void>[] = [];
        counter.core.audit.onAppend((entry) => void facts.push(entryFact(entry).then(ledger.note)));
        const before = fills;
        for (let visit = 0; visit < 3; visit++) {
          await counter.signIn();
          await playVisit(counter, {
            known: central.somebody(random),
            random,
            acknowledge: ledger.note,
            // Full for one step in three, with some room or none.
            onStep: () => {
              if (full) return free();
              if (!random.chance(0.3)) return;
              fills += 1;
              fill(random.chance(0.5) ? 0 : random.below(8_192));
            },
          });
          free();
        }
        await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
        await Promise.all(facts);
        const odd = [...counter.refusals.keys()].filter((kind) => !named.includes(kind));
        await counter.close();
        const wrong = [
          ...odd.map((kind) => `a step was refused as '${kind}'`),
          ...judgeDisk(place, ledger),
          ...(await judgeCentral(central.central, ledger, place)),
          ...leftBeside(place.userData),
        ];
        for (let i = before; i < fills; i++) tally.good('while serving');
        if (wrong.length > 0) tally.lost.push(...wrong.slice(0, 5));
        progress(`${fills} of ${total}`);
      }
      return tally.outcome('the whole core but its windows, profile on a small tmpfs');
    } finally {
      unmount();
      await central.close();
    }
  },
};

/** @returns what it came to instead */
async function refusesToStart(place: Place): Promise<string | undefined> {
  const started = await BareCounter.open(place).catch((error: unknown) => error);
  if (started instanceof StartRefusal) return started.en.includes('ENOSPC') ? undefined : started.en;
  if (!(started instanceof BareCounter)) return started instanceof Error ? started.stack : String(started);
  await started.close();
  return 'it stands';
}

/** Files that were to take the place of another one. */
function leftBeside(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.partial'))
    .map((name) => `${name} was left behind`);
}
