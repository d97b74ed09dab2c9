/** How many visits are made in how long: as many as are wanted where the machine bears them, fewer where it does not. */
import type { LoadOptions } from './options.ts';

/** Shares of what the machine bears at most: an ordinary day, and a morning rush. */
const ORDINARY = 0.4;
const RUSH = 0.75;
/** How much faster than on the ordinary day visits begin in the rush. */
const RUSH_FACTOR = 4;

export interface VisitPlan {
  readonly visits: number;
  /** In which they begin. */
  readonly windowSeconds: number;
}

/** @param bearable visits a second */
export function planDay(
  { counters, minutes, stretch }: Pick<LoadOptions, 'counters' | 'minutes' | 'stretch'>,
  bearable: number,
): VisitPlan {
  const rate = ORDINARY * bearable;
  const most = Math.floor(rate * minutes * 60 * stretch);
  const visits = Math.max(1, Math.min(counters, most));
  return { visits, windowSeconds: Math.max(minutes * 60, visits / rate) };
}

/** The same visits as on a day, faster. @param bearable visits a second */
export function planRush({ visits, windowSeconds }: VisitPlan, bearable: number): VisitPlan {
  return { visits, windowSeconds: Math.max(windowSeconds / RUSH_FACTOR, visits / (RUSH * bearable)) };
}
