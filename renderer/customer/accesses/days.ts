/** A list in order of time, cut into days of China. */
import { dayOf } from '../../../shared/domain/period.ts';

export interface DayGroup<T> {
  /** `YYYY-MM-DD`. */
  day: string;
  entries: T[];
}

/** Neighbours of one day together; the order stays. */
export function byDay<T extends { at: string }>(entries: readonly T[]): DayGroup<T>[] {
  const groups: DayGroup<T>[] = [];
  for (const entry of entries) {
    const day = dayOf(Date.parse(entry.at));
    const last = groups.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else groups.push({ day, entries: [entry] });
  }
  return groups;
}
