/** Education cards (R22), one a day. */
import { dayOf } from '../../../shared/domain/period.ts';

export const cards = ['code', 'transfer', 'link', 'refund', 'screen', 'family', 'help'] as const;
export type Card = (typeof cards)[number];

/** The card of the calendar day in China at an instant (epoch ms): each in turn. */
export function cardOf(at: number): Card {
  const days = Date.parse(`${dayOf(at)}T00:00:00Z`) / 86_400_000;
  return cards[days % cards.length] ?? cards[0];
}
