/** Whose the display is. With two displays each plane has its own; with one it changes hands. */
import type { StaffView } from '../../shared/contract/views.ts';

export type Screen = StaffView['screen'];

export interface ScreenHolder {
  readonly current: Screen;
  /** Hand-over mode: gives the display to a plane. False in dual mode or when it has it already. */
  give(to: 'staff' | 'customer'): boolean;
  /** Displays came or went; `safe` is who may have the one that is left. */
  setMode(mode: Screen['mode'], safe: 'staff' | 'customer'): void;
  onChange(listener: (screen: Screen) => void): void;
}

export function createScreenHolder(mode: Screen['mode']): ScreenHolder {
  const listeners: ((screen: Screen) => void)[] = [];
  let current: Screen = { mode, holder: mode === 'dual' ? 'both' : 'staff' };
  const set = (next: Screen) => {
    current = next;
    for (const listener of listeners) listener(next);
  };
  return {
    get current() {
      return current;
    },
    give(to) {
      if (current.mode === 'dual' || current.holder === to) return false;
      set({ mode: 'handover', holder: to });
      return true;
    },
    setMode(next, safe) {
      if (next === current.mode) return;
      set(next === 'dual' ? { mode: 'dual', holder: 'both' } : { mode: 'handover', holder: safe });
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
