/** Lookups of the sizes that a run needs, sealed once for all rounds. */
import { addDays, startOfDay } from '../../../shared/domain/period.ts';
import { benchRecords, period } from '../data/records.ts';
import { sealLookup } from '../data/sealed.ts';
import { SUBJECT } from './contest.ts';
import type { Served } from './server.ts';

/** Somebody else, whose few records come later and stay. */
const OTHER_SUBJECT = '13900010001';
/** Rows of a lookup that is added to what is held. */
const FEW = 50;

/** For each size one lookup, and a small one of somebody else; by the names that operations use. */
export async function makeLookups(sizes: readonly number[]): Promise<Map<string, Served>> {
  const lookups = new Map<string, Served>();
  for (const size of sizes) {
    const records = benchRecords(size);
    lookups.set(`main-${size}`, { sealed: await sealLookup(records), records, subject: SUBJECT, firstId: 0 });
    const few = benchRecords(FEW, `few-${size}`);
    lookups.set(`small-${size}`, {
      sealed: await sealLookup(few),
      records: few,
      subject: OTHER_SUBJECT,
      firstId: size,
    });
  }
  return lookups;
}

/** Seven days in the midst of the period, epoch ms. */
export function someWeek(): { from: number; until: number } {
  const from = addDays(period.from, 180);
  return { from: startOfDay(from), until: startOfDay(addDays(from, 7)) };
}
