/** Tells the core that somebody is there, at most once a second. */
import { useEffect } from 'react';
import type { PlaneApi } from '../../../shared/contract/contract.ts';

/** Least time between two heartbeats, ms. */
export const HEARTBEAT_MS = 1_000;

/** A gate that opens at most once in `every` ms of the clock given. */
export function throttle(every: number, now: () => number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (at - last < every) return false;
    last = at;
    return true;
  };
}

const signs = ['pointerdown', 'keydown', 'wheel', 'scroll', 'touchmove'] as const;

/** Listens while the core waits for the customer. */
export function useHeartbeat(api: PlaneApi<'customer'>, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const due = throttle(HEARTBEAT_MS, () => performance.now());
    const beat = () => {
      // The answer says nothing that the next view does not say: a refusal only means that nobody waits.
      if (due()) void api.call('touch', {});
    };
    // A long stroke of a signature has one pointerdown; its moves count too, hovering does not.
    const drag = (event: PointerEvent) => {
      if (event.buttons !== 0) beat();
    };
    const options = { capture: true, passive: true };
    for (const sign of signs) document.addEventListener(sign, beat, options);
    document.addEventListener('pointermove', drag, options);
    return () => {
      for (const sign of signs) document.removeEventListener(sign, beat, options);
      document.removeEventListener('pointermove', drag, options);
    };
  }, [api, on]);
}
