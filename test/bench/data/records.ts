/** Realistic Chinese messages, calls and transactions of one subscriber over a year. The same on every machine. */
import { eachDay, type Period } from '../../../shared/domain/period.ts';
import type { SourceRecord } from '../../central/record-source.ts';
import { type Random, seeded } from '../../central/synthetic/random.ts';
import { call, momentOf, transaction } from '../../central/synthetic/records.ts';
import { contactsOf, makeMessage } from '../../central/synthetic/texts.ts';

/** What a lookup of the bench asks for. */
export const period: Period = { from: '2025-11-01', to: '2026-10-31' };

/** Shares of a year's records; the rest are messages. */
const CALL_SHARE = 0.08;
const TRANSACTION_SHARE = 0.02;

/** Oldest first; as many on each day as on any other, give or take one. */
export function benchRecords(count: number, seed = 'zhiqing-bench-1'): SourceRecord[] {
  const contacts = contactsOf(seeded(`${seed}|contacts`));
  const days = eachDay(period);
  const made = days.flatMap((day, i) => {
    const random = seeded(`${seed}|${day}`);
    const share = Math.floor((count * (i + 1)) / days.length) - Math.floor((count * i) / days.length);
    return Array.from({ length: share }, () => oneRecord(random, day, contacts));
  });
  return made.toSorted((a, b) => a.at - b.at);
}

function oneRecord(random: Random, day: string, contacts: readonly [string, ...string[]]): SourceRecord {
  if (random.chance(CALL_SHARE)) return call(random, day, contacts, 0.2);
  if (random.chance(TRANSACTION_SHARE)) return transaction(random, day, random.chance(0.5));
  return { at: momentOf(random, day), category: 'sms', ...makeMessage(random, day, contacts, 0.03) };
}
