/** Whose records somebody brought, and when they are from: what the demo asks for unless told otherwise. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { dayOf, monthsBefore, type Period } from '../../../shared/domain/period.ts';
import { importedRecordSchema } from '../../../shared/domain/record.ts';
import type { Category } from '../../../shared/domain/scope.ts';

export interface Brought {
  number: string;
  categories: Category[];
  period: Period;
}

/**
 * The subscriber of the first record (or `number`), the categories and the span of days of their records,
 * cut to what policy allows. The file has been checked by central's import before.
 */
export async function whatWasBrought(
  file: string,
  number: string | undefined,
  today: string,
  maxMonths: number,
): Promise<Brought | undefined> {
  let subscriber = number;
  let from: string | undefined;
  let to: string | undefined;
  const categories = new Set<Category>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue;
    const record = importedRecordSchema.parse(JSON.parse(line));
    subscriber ??= record.subscriber;
    if (record.subscriber !== subscriber) continue;
    const day = dayOf(Date.parse(record.at));
    if (from === undefined || day < from) from = day;
    if (to === undefined || day > to) to = day;
    categories.add(record.category);
  }
  if (subscriber === undefined || from === undefined || to === undefined) return undefined;
  const earliest = monthsBefore(today, maxMonths);
  return {
    number: subscriber,
    categories: [...categories],
    period: {
      from: from < earliest ? earliest : from > today ? today : from,
      to: to > today ? today : to < earliest ? earliest : to,
    },
  };
}
