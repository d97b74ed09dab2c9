/** Seconds since something was received, counted by this window's own monotonic clock. */
import { useEffect, useState } from 'react';

/** Starts again at 0 whenever `value` changes; ticks once a second. */
export function useElapsed(value: unknown): number {
  const [elapsed, setElapsed] = useState({ value, seconds: 0 });
  useEffect(() => {
    const from = performance.now();
    const timer = setInterval(
      () => setElapsed({ value, seconds: Math.floor((performance.now() - from) / 1_000) }),
      1_000,
    );
    return () => clearInterval(timer);
  }, [value]);
  return elapsed.value === value ? elapsed.seconds : 0;
}
