/**
 * Bit flips and cuts in the files of what is kept for a case: found at the start or when the customer comes back,
 * never shown, said, destroyed, and reported to central.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BareCounter } from '../counter/bare-counter.ts';
import { type FaultCentral, openCentral } from '../counter/central.ts';
import { entriesOnDisk } from '../counter/judge.ts';
import { type Place, placeIn } from '../counter/profile.ts';
import { type Known, playVisit } from '../counter/visit.ts';
import { type Family, type FamilyContext, Tally } from '../family.ts';
import { type Damage, drawDamage, filesIn, inflict, wordsOf } from './damage.ts';
import { resetter } from './reset.ts';

const DAMAGES = { quick: 8, long: 80 };
const ignore = () => undefined;

/** A counter that keeps something. */
interface Kept {
  place: Place;
  central: FaultCentral;
  known: Known;
  caseId: string;
  consentId: string;
  reset(): Promise<void>;
}

export const heldFileDamage: Family = {
  name: 'damaged files of what is kept for a case',
  async run({ quick, random, folder, progress }) {
    const total = quick ? DAMAGES.quick : DAMAGES.long;
    const tally = new Tally();
    const kept = await keepSomething(folder, random);
    try {
      const whole = await comeBack(kept, random, join(folder, 'whole'));
      if (whole !== 'opened') throw new Error(`what nobody touched: ${whole}`);
      const files = filesIn(kept.place.userData).filter((file) => file.startsWith('held/'));
      for (let i = 0; i < total; i++) {
        const damage = drawDamage(kept.place.userData, files[i % files.length] ?? '', random);
        const came = await comeBack(kept, random, join(folder, `copy-${i}`), damage).catch(String);
        if (came === 'found at the start' || came === 'found when it was opened') tally.good(came);
        else tally.bad(`${wordsOf(damage)}: ${came}`);
        progress(`${i + 1} of ${total}`);
      }
      return tally.outcome(`${files.length} files`);
    } finally {
      await kept.central.close();
    }
  },
};

async function keepSomething(folder: string, random: FamilyContext['random']): Promise<Kept> {
  const central = await openCentral(folder);
  const place = await central.newCounter(join(folder, 'base'), 'counter-0001');
  const known = central.somebody(random);
  const counter = await BareCounter.open(place);
  await counter.signIn();
  let consentId = '';
  const onReading = async () => {
    consentId = counter.customer().consentId ?? '';
  };
  await playVisit(counter, { known, random, acknowledge: ignore, keep: true, onReading });
  const [one] = counter.staff().heldCases;
  if (!one) throw new Error('nothing was kept');
  await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
  await counter.close();
  return {
    place,
    central,
    known,
    caseId: one.caseId,
    consentId,
    reset: await resetter(central.central, place),
  };
}

/** The customer comes back on a copy of the profile. @returns what came of it @throws Error when it hangs */
async function comeBack(
  { place, central, known, caseId, consentId, reset }: Kept,
  random: FamilyContext['random'],
  folder: string,
  damage?: Damage,
): Promise<string> {
  cpSync(place.base, folder, { recursive: true });
  const mine = placeIn(folder, place.deviceId);
  if (damage) inflict(mine.userData, damage);
  await reset();
  const counter = await BareCounter.open(mine);
  try {
    await counter.signIn();
    const state = () => counter.staff().heldCases.find((one) => one.caseId === caseId)?.state;
    const atStart = state();
    if (atStart === 'held') {
      let phase = '';
      const onReading = async () => {
        await counter.settle();
        phase = counter.phase;
      };
      const outcome = await playVisit(counter, { known, random, acknowledge: ignore, caseId, onReading });
      if (state() === 'held') return outcome === 'completed' ? 'opened' : `ended ${outcome} in ${phase}`;
      if (outcome === 'completed') return 'the visit went on over damaged pages';
    }
    if (state() !== 'damaged') return `on the list it is ${state()}`;
    // SECURITY: S10 S11 said, gone from the disk, and central has the word for it.
    const isGone = () => !heldOnDisk(mine).some((name) => name.startsWith(caseId));
    await counter.until('destruction', isGone);
    const said = entriesOnDisk(mine.userData).filter(({ entry }) => entry.action === 'held-damaged');
    if (said.length !== 1) return `${said.length} entries say so`;
    await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
    const evidence = await central.central.context.db
      .selectFrom('erasures')
      .select('reason')
      .where('consent_id', '=', consentId)
      .execute();
    if (evidence.length !== 1) return `${evidence.length} pieces of evidence at central`;
    return atStart === 'held' ? 'found when it was opened' : 'found at the start';
  } finally {
    await counter.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function heldOnDisk({ userData }: Place): string[] {
  const folder = join(userData, 'held');
  return existsSync(folder) ? readdirSync(folder) : [];
}
