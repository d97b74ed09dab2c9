import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { profileOf, refusedArguments } from '../../../electron/lockdown/argv.ts';
import { weaknesses } from '../../../electron/lockdown/checklist.ts';
import { arrange, safeHolder } from '../../../electron/lockdown/displays.ts';
import { denyFeatures, denyPeers } from '../../../electron/lockdown/features.ts';
import { isAllowedKey, type KeyPress } from '../../../electron/lockdown/keys.ts';
import { isOwnAddress, originOf, pageOf, planes } from '../../../electron/lockdown/origins.ts';

vi.mock('electron', () => ({ BrowserWindow: class {} }));
const { strictPreferences } = await import('../../../electron/lockdown/windows.ts');

describe('features', () => {
  it('turns off what opens windows past the handler, and UDP to peers', () => {
    const appendSwitch = vi.fn();
    denyFeatures({ commandLine: { appendSwitch } as never });
    expect(appendSwitch).toHaveBeenCalledWith('disable-blink-features', 'DocumentPictureInPictureAPI');
    const setWebRTCIPHandlingPolicy = vi.fn();
    denyPeers({ setWebRTCIPHandlingPolicy });
    expect(setWebRTCIPHandlingPolicy).toHaveBeenCalledWith('disable_non_proxied_udp');
  });
});

describe('argv', () => {
  it('takes the profile, and names it', () => {
    expect(refusedArguments(['--user-data-dir=/a b'], true)).toEqual([]);
    expect(profileOf(['x', '--user-data-dir=/a', '--user-data-dir=/b'])).toBe('/b');
    expect(profileOf([])).toBeUndefined();
  });
  it('takes what test drivers give, unpackaged only', () => {
    const given = ['-r', '/loader.js', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '/app'];
    expect(refusedArguments(given, false)).toEqual([]);
    expect(refusedArguments(given, true)).toEqual(given);
  });
  it.each([
    '--host-resolver-rules=MAP * 1.2.3.4',
    '--ignore-certificate-errors',
    '--disable-web-security',
    '--remote-debugging-pipe',
    '--remote-debugging-port=abc',
    '--inspect-brk=0',
    '--js-flags=--expose-gc',
    '--load-extension=/x',
    '--proxy-server=x',
    '--user-data-dir',
    '--user-data-dir-x=/a',
    '--USER-DATA-DIR=/a',
    '-user-data-dir=/a',
    'app://customer',
  ])('refuses %s, packaged or not', (argument) => {
    expect(refusedArguments([argument], true)).toEqual([argument]);
    if (argument.startsWith('-')) expect(refusedArguments(['/app', argument], false)).toEqual([argument]);
    else expect(refusedArguments(['/app', argument], false)).toEqual([argument]);
  });
  it('refuses every other switch', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const argument = `--${name}`;
        fc.pre(!/^user-data-dir=/.test(name));
        expect(refusedArguments([argument], true)).toEqual([argument]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('addresses', () => {
  it('are exactly those of the plane', () => {
    expect(originOf('staff')).toBe('app://staff');
    expect(isOwnAddress('staff', pageOf('staff'))).toBe(true);
    expect(isOwnAddress('customer', pageOf('staff'))).toBe(false);
  });
  it.each([
    'app://staff.evil/x',
    'app://staffx/',
    'app://evil@staff/x',
    'app://staff:1/x',
    'https://staff/',
    'file:///staff/index.html',
    'javascript:alert(1)',
    'app:staff',
    '',
    'blob:app://staff/1',
  ])('refuses %s', (address) => expect(isOwnAddress('staff', address)).toBe(false));
});

describe('keys', () => {
  const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
    key,
    control: false,
    meta: false,
    alt: false,
    shift: false,
    ...change,
  });
  it('lets people type on both sides', () => {
    for (const plane of planes) {
      for (const key of [
        'a',
        'A',
        '张',
        '7',
        ' ',
        'Enter',
        'Tab',
        'Backspace',
        'ArrowLeft',
        'Escape',
        'Process',
      ]) {
        expect(isAllowedKey(plane, press(key))).toBe(true);
      }
      expect(isAllowedKey(plane, press('A', { shift: true }))).toBe(true);
    }
  });
  it('lets nothing out of the page', () => {
    const chords: KeyPress[] = [
      ...[
        'F3',
        'F5',
        'F7',
        'F10',
        'F11',
        'F12',
        'ContextMenu',
        'BrowserBack',
        'BrowserHome',
        'LaunchMail',
      ].map((key) => press(key)),
      ...['r', 'n', 'o', 'p', 's', 'u', 'w', 't', 'h', 'j', 'l', 'd', '+', '-', '0', 'Tab', 'F4', ' '].map(
        (key) => press(key, { control: true }),
      ),
      ...['i', 'j', 'c', 'n', 't', 'r', 'Delete'].map((key) => press(key, { control: true, shift: true })),
      ...['F4', 'ArrowLeft', 'ArrowRight', 'Home', ' ', 'Tab', 'Enter'].map((key) =>
        press(key, { alt: true }),
      ),
      ...['q', 'w', 'r', 'a', 'ArrowLeft'].map((key) => press(key, { meta: true })),
    ];
    for (const plane of planes) for (const chord of chords) expect(isAllowedKey(plane, chord)).toBe(false);
  });
  it('gives staff editing and shortcuts, the customer neither', () => {
    for (const chord of [
      press('c', { control: true }),
      press('Enter', { control: true }),
      press('1', { alt: true }),
      press('F2'),
    ]) {
      expect(isAllowedKey('staff', chord)).toBe(true);
      expect(isAllowedKey('customer', chord)).toBe(false);
    }
  });
});

describe('preferences of the windows', () => {
  it('are what the checklist asks for', () => {
    for (const plane of planes) {
      const preferences = strictPreferences(plane, '/preload', true);
      expect(weaknesses(preferences, 'window')).toEqual([]);
      expect(preferences.devTools).toBe(false);
      expect(preferences.partition).toBe(`persist:${plane}`);
    }
  });
  it.each([
    [{ sandbox: false }, 'sandbox'],
    [{ contextIsolation: false }, 'contextIsolation'],
    [{ nodeIntegration: true }, 'nodeIntegration'],
    [{ webSecurity: false }, 'webSecurity'],
    [{ webviewTag: true }, 'webviewTag'],
    [{ enableBlinkFeatures: 'X' }, 'enableBlinkFeatures'],
  ])('are refused when weaker: %j', (change, name) => {
    expect(weaknesses({ ...strictPreferences('staff', '/p', true), ...change }, 'window')).toEqual([name]);
  });
  it('are of windows only', () => {
    expect(weaknesses({}, 'webview')).toEqual(['type webview']);
    expect(weaknesses({}, 'remote')).toEqual(['type remote']);
  });
});

describe('displays', () => {
  const display = (id: number, x: number) => ({ id, bounds: { x, y: 0, width: 100, height: 100 } });
  const both = [display(1, 0), display(2, 100)];
  it('give each plane its own, staff the primary one', () => {
    expect(arrange(both, 2, 'auto')).toMatchObject({ mode: 'dual', displays: { staff: 2, customer: 1 } });
    expect(arrange([display(1, 0)], 1, 'auto')).toMatchObject({
      mode: 'handover',
      displays: { staff: 1, customer: 1 },
    });
    expect(arrange(both, 1, 'handover')).toMatchObject({ mode: 'handover' });
    expect(arrange([], 1, 'auto')).toBeUndefined();
  });
  it('leave what is left to the plane that had it, or to staff', () => {
    const before = arrange(both, 1, 'auto');
    if (!before) throw new Error('no displays');
    expect(safeHolder(before, [display(2, 0)])).toBe('customer');
    expect(safeHolder(before, [display(1, 0)])).toBe('staff');
    expect(safeHolder(before, [display(9, 0)])).toBe('staff');
    expect(safeHolder(before, both)).toBe('staff');
  });
});
