import type { TrustedClock } from '../central/clock.ts';

/** A sleeping machine's timers stand still: the clock is looked at this often. */
const LOOK_MS = 5_000;

/** Calls `expired` once the trusted clock reaches an instant (epoch ms). The answer stops watching. */
export function watchExpiry(clock: TrustedClock, at: number, expired: () => void): () => void {
  let timer: NodeJS.Timeout;
  const look = () => {
    const left = at - clock.now();
    if (left <= 0) expired();
    else timer = setTimeout(look, Math.min(left, LOOK_MS));
  };
  timer = setTimeout(look, 0);
  return () => clearTimeout(timer);
}
