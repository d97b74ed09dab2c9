import { describe, expect, it } from 'vitest';
import { zhCN } from '../../../renderer/staff/i18n/zh-CN.ts';
import { ariaShortcut, shortcutOf, shortcuts } from '../../../renderer/staff/shell/shortcuts.ts';

const key = (part: Partial<KeyboardEvent>) => ({
  key: '',
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...part,
});

describe('shortcuts', () => {
  it('are known by the place of the digit, on both rows of digits', () => {
    expect(shortcutOf(key({ altKey: true, code: 'Digit1', key: '¡' }))).toBe('Alt+1');
    expect(shortcutOf(key({ altKey: true, code: 'Numpad3' }))).toBe('Alt+3');
    expect(shortcutOf(key({ ctrlKey: true, key: 'Enter' }))).toBe('Ctrl+Enter');
  });

  it('are nothing without their modifier, or with another', () => {
    expect(shortcutOf(key({ code: 'Digit1' }))).toBeUndefined();
    expect(shortcutOf(key({ altKey: true, ctrlKey: true, code: 'Digit1' }))).toBeUndefined();
    expect(shortcutOf(key({ altKey: true, shiftKey: true, code: 'Digit1' }))).toBeUndefined();
    expect(shortcutOf(key({ altKey: true, code: 'KeyA' }))).toBeUndefined();
    expect(shortcutOf(key({ key: 'Enter' }))).toBeUndefined();
  });

  it('each have words in the list', () => {
    for (const name of Object.values(shortcuts)) expect(zhCN.keys[name]).toBeTruthy();
    expect(ariaShortcut('Ctrl+Enter')).toBe('Control+Enter');
  });
});
