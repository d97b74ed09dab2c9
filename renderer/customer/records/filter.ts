/** What the customer chose to see of their records, and the store's filter for it. */
import { addDays, instantsOf, type Period, startOfDay } from '../../../shared/domain/period.ts';
import type { Direction } from '../../../shared/domain/record.ts';
import type { Category } from '../../../shared/domain/scope.ts';
import type { RowFilter } from '../../cache/records.ts';

/** Days to look at: all, the last so many of the period, or one month of it (`YYYY-MM`). */
export type Dates = 'all' | `last-${number}` | `${number}-${number}`;

export interface Choice {
  text: string;
  direction: Direction | 'all';
  category: Category | 'all';
  dates: Dates;
  /** Masked counterpart, or undefined for everybody. */
  maskedPeer: string | undefined;
}

export const everything: Choice = {
  text: '',
  direction: 'all',
  category: 'all',
  dates: 'all',
  maskedPeer: undefined,
};

/** Date choices that make sense for a period: the last week and month where they cut it, and its months. */
export function dateChoices(period: Period): Dates[] {
  const choices: Dates[] = ['all'];
  for (const days of [7, 30]) {
    if (addDays(period.to, 1 - days) > period.from) choices.push(`last-${days}`);
  }
  const months: Dates[] = [];
  let month = period.from.slice(0, 7);
  while (month <= period.to.slice(0, 7)) {
    months.push(month as Dates);
    month = addDays(`${month}-28`, 7).slice(0, 7);
  }
  return months.length > 1 ? [...choices, ...months] : choices;
}

/** The instants a date choice covers within the period (from included, until excluded, epoch ms). */
function instantsFor(dates: Dates, period: Period): { from?: number; until?: number } {
  if (dates === 'all') return {};
  if (dates.startsWith('last-')) {
    return { from: startOfDay(addDays(period.to, 1 - Number(dates.slice(5)))) };
  }
  const nextMonth = addDays(`${dates}-28`, 7).slice(0, 7);
  return instantsOf({ from: `${dates}-01`, to: addDays(`${nextMonth}-01`, -1) });
}

/** The store's filter for a choice. */
export function rowFilter(choice: Choice, period: Period): RowFilter {
  const text = choice.text.trim();
  return {
    ...(text === '' ? {} : { text }),
    ...(choice.direction === 'all' ? {} : { direction: choice.direction }),
    ...(choice.category === 'all' ? {} : { category: choice.category }),
    ...(choice.maskedPeer === undefined ? {} : { maskedPeer: choice.maskedPeer }),
    ...instantsFor(choice.dates, period),
  };
}

/** Words that people often look for. In the language of the messages, whatever the window speaks. */
export const searchWords = ['验证码', '银行', '快递', '贷款'] as const;
