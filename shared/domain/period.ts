/** Periods are whole calendar days in the operator's time zone (China Standard Time, UTC+8, no DST). */
import { z } from 'zod';

const DAY_MS = 86_400_000;
const CST_OFFSET_MS = 8 * 3_600_000;

/** A calendar day, `YYYY-MM-DD`. */
export const daySchema = z.iso.date();

/** From the first to the last day, both included. */
export const periodSchema = z.strictObject({ from: daySchema, to: daySchema });
export type Period = z.infer<typeof periodSchema>;

/** The calendar day in China at an instant (epoch ms). */
export function dayOf(at: number): string {
  return new Date(at + CST_OFFSET_MS).toISOString().slice(0, 10);
}

/** The first instant (epoch ms) of a calendar day in China. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - CST_OFFSET_MS;
}

/** A period as instants: `from` included, `until` excluded (epoch ms). */
export function instantsOf(period: Period): { from: number; until: number } {
  return { from: startOfDay(period.from), until: startOfDay(period.to) + DAY_MS };
}

/** The same day `months` earlier; the 31st falls back to that month's last day. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

/** The day `days` after (or, negative, before) a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The month that ends today: a month back to the day after, today included. */
export function lastMonth(today: string): Period {
  return { from: addDays(monthsBefore(today, 1), 1), to: today };
}

/** Days in a period, both ends included. */
export function daysIn(period: Period): number {
  return (Date.parse(period.to) - Date.parse(period.from)) / DAY_MS + 1;
}

/** Every day of a period in order. */
export function eachDay(period: Period): string[] {
  return Array.from({ length: Math.max(0, daysIn(period)) }, (_, i) => addDays(period.from, i));
}

export type PeriodProblem = 'period-not-valid' | 'period-too-long';

/**
 * Whether a period may be asked for: in order, not in the future, at most `maxMonths` long and no older
 * than `maxMonths` before today (terminals show six months).
 */
export function periodProblem(period: Period, today: string, maxMonths: number): PeriodProblem | undefined {
  if (period.from > period.to || period.to > today) return 'period-not-valid';
  if (period.from < monthsBefore(today, maxMonths)) return 'period-too-long';
  return undefined;
}
