/** Lookups of the sizes that a run needs, sealed once for all rounds. */
import { addDays, startOfDay } from '../../../shared/domain/period.ts';
import { benchRecords, period } from '../data/records.ts';
import { sealLookup } from '../data/sealed.ts';
import type { Served } from './server.ts';

/** Whose records the main lookup holds. */
const SUBJECT = '13900010005';
/** Rows of a lookup that is added to what is held. */
export const FEW = 50;
/** Somebody else each, whose few records come later, one after the other. */
const OTHER_SUBJECTS = ['13900010001', '13900010002', '13900010003', '13900010004', '13900010006'] as const;

/** A lookup as operations name it, and whose records it holds. */
export interface NamedLookup {
  readonly lookup: string;
  readonly subject: string;
}

export const mainLookup = (size: number): NamedLookup => ({ lookup: `main-${size}`, subject: SUBJECT });

/** Lookups of `FEW` rows, to be added to the main one of this size. */
export const smallLookups = (size: number): NamedLookup[] =>
  OTHER_SUBJECTS.map((subject, i) => ({ lookup: `small-${size}-${i}`, subject }));

/** For each size one lookup, and small ones of others; by the names that operations use. */
export async function makeLookups(sizes: readonly number[]): Promise<Map<string, Served>> {
  const lookups = new Map<string, Served>();
  for (const size of sizes) {
    const records = benchRecords(size);
    const { lookup, subject } = mainLookup(size);
    lookups.set(lookup, { sealed: await sealLookup(records), records, subject, firstId: 0 });
    for (const [i, small] of smallLookups(size).entries()) {
      const few = benchRecords(FEW, `few-${size}-${i}`);
      lookups.set(small.lookup, {
        sealed: await sealLookup(few),
        records: few,
        subject: small.subject,
        firstId: size + i * FEW,
      });
    }
  }
  return lookups;
}

/** Seven days in the midst of the period, epoch ms. */
export function someWeek(): { from: number; until: number } {
  const from = addDays(period.from, 180);
  return { from: startOfDay(from), until: startOfDay(addDays(from, 7)) };
}
