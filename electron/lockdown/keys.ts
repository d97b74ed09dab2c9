import type { Input, WebContents } from 'electron';
import type { Plane } from '../../shared/contract/names.ts';

/** What is looked at of a key press. */
export type KeyPress = Pick<Input, 'key' | 'control' | 'meta' | 'alt' | 'shift'>;

// F1, F2, F4, F6, F8, F9 are the staff window's shortcuts; F3 finds, F5 reloads, F7 sets a caret, F10 opens
// menus, F11 leaves full screen, F12 opens tools.
const staffFunctionKeys: ReadonlySet<string> = new Set(['F1', 'F2', 'F4', 'F6', 'F8', 'F9']);
// Editing what one types. Not O, P, S, U, R, N, T, W, J, L, H, D, +, -, 0: those are the browser's.
const editing: ReadonlySet<string> = new Set([
  'a',
  'c',
  'v',
  'x',
  'y',
  'z',
  'Enter',
  'Backspace',
  'Delete',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
]);
const modifiers: ReadonlySet<string> = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph']);

/** Whether a key press gets to the page. Deny by default: a chord that is not named here does nothing. */
export function isAllowedKey(plane: Plane, { key, control, meta, alt, shift }: KeyPress): boolean {
  if (modifiers.has(key)) return true;
  if (/^F\d{1,2}$/.test(key)) {
    return plane === 'staff' && staffFunctionKeys.has(key) && !control && !meta && !alt && !shift;
  }
  if (key.startsWith('Browser') || key.startsWith('Launch') || key === 'ContextMenu') return false;
  if (!control && !meta && !alt) return true;
  // The customer's side has a keypad and a pad: no chord is needed there.
  if (plane === 'customer' || meta) return false;
  if (control && alt) return false;
  if (control) return !shift && editing.has(key.length === 1 ? key.toLowerCase() : key);
  // Alt with a letter or digit: the staff window's own shortcuts. Alt+F4, arrows, Home and Space are the system's.
  return !shift && /^[a-z0-9]$/i.test(key);
}

/** Keys and menus: what leads out of the page does nothing. What the system keeps for itself is for OS policy. */
export function denyKeys(contents: WebContents, plane: Plane): void {
  contents.on('before-input-event', (event, input) => {
    if (!isAllowedKey(plane, input)) event.preventDefault();
  });
  // Long press and right click: no 'save as', no 'inspect'.
  contents.on('context-menu', (event) => event.preventDefault());
  contents.setIgnoreMenuShortcuts(true);
  // Two fingers or Ctrl and wheel would push the page out of its frame. A page that is gone needs no limit.
  contents.on('did-finish-load', () => {
    contents.setVisualZoomLevelLimits(1, 1).catch(() => undefined);
  });
}
