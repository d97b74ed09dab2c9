/** Keyboard for everything. Alt with a digit and Ctrl+Enter only: neither lockdown nor the browser takes those. */
import { useEffect, useEffectEvent } from 'react';

export const shortcuts = {
  'Ctrl+Enter': 'primary',
  'Alt+1': 'number',
  'Alt+2': 'visit',
  'Alt+3': 'dayList',
  'Alt+4': 'language',
  'Alt+5': 'night',
  'Alt+6': 'handOver',
  'Alt+7': 'cancel',
  'Alt+8': 'withdrawal',
  'Alt+9': 'signOut',
  'Alt+0': 'list',
} as const;
export type Shortcut = keyof typeof shortcuts;

/** The same in the notation of `aria-keyshortcuts`. */
export function ariaShortcut(shortcut: Shortcut): string {
  return shortcut.replace('Ctrl', 'Control');
}

/** Which shortcut a key press is, if any. Digits by place, so that layouts and input methods don't matter. */
export function shortcutOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): Shortcut | undefined {
  if (event.metaKey || event.shiftKey) return undefined;
  if (event.ctrlKey && !event.altKey && event.key === 'Enter') return 'Ctrl+Enter';
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (!event.altKey || event.ctrlKey || digit === undefined) return undefined;
  const name = `Alt+${digit}`;
  return name in shortcuts ? (name as Shortcut) : undefined;
}

/** Calls `action` on the shortcut while mounted, unless a dialog is asking something. */
export function useShortcut(shortcut: Shortcut | undefined, action: () => void): void {
  const act = useEffectEvent(action);
  useEffect(() => {
    if (shortcut === undefined) return;
    const listener = (event: KeyboardEvent) => {
      if (event.repeat || shortcutOf(event) !== shortcut || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [shortcut]);
}
