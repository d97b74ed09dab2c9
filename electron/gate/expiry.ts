import type { TrustedClock } from '../central/clock.ts';

/** A sleeping machine's timers stand still: the clock is looked at this often. */
const LOOK_MS = 5_000;

/** Calls `expired` once the trusted clock has passed an instant (epoch ms). The answer stops watching. */
export function watchExpiry(
  clock: Pick<TrustedClock, 'now' | 'hasPassed'>,
  at: number,
  expired: () => void,
): () => void {
  let timer: NodeJS.Timeout;
  const look = () => {
    if (clock.hasPassed(at)) expired();
    else timer = setTimeout(look, Math.min(Math.max(1, at - clock.now()), LOOK_MS));
  };
  timer = setTimeout(look, 0);
  return () => clearTimeout(timer);
}
