/**
 * The counter's idea of central's time: the latest server time seen, carried on by the monotonic clock. Setting
 * the machine's clock back or forth changes nothing, so a consent never lives longer for it.
 */
export interface TrustedClock {
  /** Epoch ms; never smaller than an earlier answer once central has been heard. */
  now(): number;
  /** Takes in a server time (epoch ms) from an authenticated answer. */
  observe(serverTime: number): void;
  /** Central minus counter, seconds; undefined before central was heard. */
  skewSeconds(): number | undefined;
}

export function createClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): TrustedClock {
  // Server time minus monotonic time; until central is heard the machine's clock at start stands in.
  let base = wall() - monotonic();
  let heard = false;
  return {
    now: () => Math.floor(base + monotonic()),
    observe(serverTime) {
      const seen = serverTime - monotonic();
      // SECURITY: S18 an older answer, delayed or replayed, does not turn the time back.
      base = heard ? Math.max(base, seen) : seen;
      heard = true;
    },
    skewSeconds: () => (heard ? Math.round((base + monotonic() - wall()) / 1000) : undefined),
  };
}
