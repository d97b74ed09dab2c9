/** Bit flips and cuts in every file that the core writes: after each the real core starts on it. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../../electron/settings.ts';
import { StartRefusal } from '../../../electron/start-refusal.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import { BareCounter } from '../counter/bare-counter.ts';
import { entriesOnDisk, judgeCentral, judgeDisk } from '../counter/judge.ts';
import { type Place, placeIn } from '../counter/profile.ts';
import { type Family, Tally } from '../family.ts';
import { type Base, baseProfile } from './base-profile.ts';
import { type Damage, drawDamage, filesIn, inflict, wordsOf } from './damage.ts';

const DAMAGES = { quick: 40, long: 520 };
/** Some damage is found beside the start. */
const WORDS_MS = 15_000;

/** What says that a file was damaged, where the counter starts all the same. */
const said: readonly [file: RegExp, by: readonly string[]][] = [
  [/^policy\.json$/, ['policy']],
  [/^clock\.json$/, ['clock']],
  [/^feed\.json$/, ['changes']],
  [/^settings-seen\.json$/, ['settings']],
  [/^audit\/segments\.json$/, ['segments']],
  [/^day-list\//, ['day-list']],
  [/^identity\//, ['certificate', 'nothing that counts']],
  [/^counter\.json$/, ['settings-changed', 'nothing that counts']],
  // Cut where a crash would have: every entry that was told of is there, every head is signed anew.
  [/^audit\/checkpoints\.jsonl$/, ['signed anew']],
  [/^outbox\//, ['outbox']],
];

export const coreFileDamage: Family = {
  name: 'damaged files of the core',
  async run({ quick, random, folder, progress }) {
    const total = quick ? DAMAGES.quick : DAMAGES.long;
    const tally = new Tally();
    const base = await baseProfile(folder, random.fork('base'));
    try {
      const files = filesIn(base.place.userData);
      for (let i = 0; i < total; i++) {
        // Each file in turn, so that the short form leaves none out.
        const file = files[i % files.length] ?? '';
        const damage = drawDamage(base.place.userData, file, random);
        const silent = random.chance(0.15);
        const verdict = await startOn(base, damage, silent, join(folder, `copy-${i}`));
        if ('wrong' in verdict)
          tally.bad(`${wordsOf(damage)}${silent ? ', central silent' : ''}: ${verdict.wrong}`);
        else tally.good(verdict.came);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome(`${files.length} files, the whole core but its windows`);
    } finally {
      await base.central.close();
    }
  },
};

type Verdict = { came: string } | { wrong: string };

async function startOn(base: Base, damage: Damage, silent: boolean, folder: string): Promise<Verdict> {
  // A folder of its own: what a core that was stopped still writes is not written here.
  cpSync(base.place.base, folder, { recursive: true });
  const place = placeIn(folder, base.place.deviceId);
  const path = join(place.userData, damage.file);
  inflict(place.userData, damage);
  const damaged = damage.how === 'gone' ? undefined : readFileSync(path);
  await base.reset();
  base.line.cut = silent;
  try {
    const counter = await BareCounter.open(place).catch((error: unknown) => error);
    if (!(counter instanceof BareCounter)) return refused(counter, place, damage, damaged);
    try {
      // A bit in its address, and central is somebody else, whom nobody hears: that the settings changed is what is said.
      return await stands(base, counter, damage, silent || !knowsCentral(base.place, place));
    } finally {
      await counter.close();
    }
  } catch (error) {
    return { wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    base.line.cut = false;
    rmSync(folder, { recursive: true, force: true });
  }
}

function knowsCentral(before: Place, after: Place): boolean {
  return readSettings(after.userData).central.url === readSettings(before.userData).central.url;
}

/** A refusal counts when it says in both languages what is wrong, and leaves the file alone. */
function refused(error: unknown, place: Place, { file }: Damage, damaged: Buffer | undefined): Verdict {
  if (!(error instanceof StartRefusal))
    return { wrong: `no named refusal: ${error instanceof Error ? error.stack : String(error)}` };
  const { zh, en } = error;
  if (!/[\u4e00-\u9fff]/.test(zh) || !en.includes('/'))
    return { wrong: `a refusal without its place: ${en}` };
  const now = damaged && readFileSync(join(place.userData, file));
  if (damaged && !now?.equals(damaged)) return { wrong: `refused (${en}), and the file was changed` };
  return { came: 'refused by name' };
}

/** The counter stands: it has said so, and nothing is lost. */
async function stands(base: Base, counter: BareCounter, damage: Damage, silent: boolean): Promise<Verdict> {
  const { place, ledger, central } = base;
  const mine = counter.place;
  const [, day] = /^day-list\/(.*)\.jsonl$/.exec(damage.file) ?? [];
  const unenrolled = () => counter.status().repairs.some(({ file }) => file === 'certificate');
  if (!silent) {
    const delivered = () =>
      counter.status().central.state === 'connected' && counter.status().outbox.count === 0;
    await counter.until('delivery of all that waited', () => unenrolled() || delivered());
  }
  if (!silent && day !== undefined) {
    await counter.signIn();
    await counter.ask('staff', 'dayList', { day });
  }
  const wanted = said.find(([file]) => file.test(damage.file))?.[1] ?? [];
  const how = () => sayings(counter, place, mine, damage).find((one) => wanted.includes(one));
  // A list that is short of rows, or of another day than today, is found out by looking at it or asking central.
  const later = silent && day !== undefined && (damage.how !== 'flip' || day !== dayOf(Date.now()));
  if (!later) {
    const heard = await counter.until('words', () => how() !== undefined, WORDS_MS).catch(() => 'silent');
    if (heard === 'silent') return { wrong: 'silence: it started and said nothing of it' };
  }
  if (!silent && !unenrolled()) await counter.until('repairs', () => !counter.status().repairs.some(waiting));
  const lost = [
    ...judgeDisk(mine, ledger),
    ...(silent || unenrolled() ? [] : await judgeCentral(central.central, ledger, mine)),
  ];
  if (lost.length > 0) return { wrong: lost.slice(0, 3).join('; ') };
  return {
    came: later ? 'found when central is heard' : how() === 'signed anew' ? 'signed anew' : 'said and mended',
  };
}

const waiting = ({ state }: { state: string }) => state === 'waiting';

/** Everything that says something about damage. */
function sayings(counter: BareCounter, before: Place, after: Place, { file }: Damage): string[] {
  const entries = entriesOnDisk(after.userData).slice(entriesOnDisk(before.userData).length);
  const of = (action: string) => entries.filter(({ entry }) => entry.action === action);
  const repaired = of('file-repaired').map(({ entry }) => String(entry.facts.file));
  const shown: string[] = counter.status().repairs.map((repair) => repair.file);
  return [
    // On the screen and in the log, or it is not said.
    ...shown.filter((one) => repaired.includes(one)),
    ...(of('settings-changed').length > 0 ? ['settings-changed'] : []),
    ...(file.startsWith('audit/checkpoints') ? ['signed anew'] : []),
    ...(isSame(file, before, after, counter) ? ['nothing that counts'] : []),
  ];
}

/** Blanks and the like: what is read from the file is what was read before. */
function isSame(file: string, before: Place, after: Place, counter: BareCounter): boolean {
  if (file === 'counter.json') {
    const [was, is] = [readSettings(before.userData), readSettings(after.userData)];
    return JSON.stringify(was) === JSON.stringify(is);
  }
  return file.startsWith('identity/') && counter.status().certificateDays !== undefined;
}
