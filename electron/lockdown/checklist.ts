/**
 * Electron's security checklist, asserted on every page that comes to be: a page that is not as strict as ours
 * is destroyed before it shows anything. SECURITY: S1 S16
 */
import type { WebContents, WebPreferences } from 'electron';
import { StartRefusal } from '../start-refusal.ts';

/** Preferences with the one value that they may have. Undefined means that Electron's default is that value. */
const required: readonly { name: keyof WebPreferences; value: boolean; byDefault: boolean }[] = [
  { name: 'nodeIntegration', value: false, byDefault: true },
  { name: 'nodeIntegrationInWorker', value: false, byDefault: true },
  { name: 'nodeIntegrationInSubFrames', value: false, byDefault: true },
  { name: 'contextIsolation', value: true, byDefault: true },
  { name: 'sandbox', value: true, byDefault: true },
  { name: 'webSecurity', value: true, byDefault: true },
  { name: 'allowRunningInsecureContent', value: false, byDefault: true },
  { name: 'experimentalFeatures', value: false, byDefault: true },
  { name: 'webviewTag', value: false, byDefault: true },
  { name: 'plugins', value: false, byDefault: true },
  { name: 'navigateOnDragDrop', value: false, byDefault: true },
];

/** Names what is weaker than it has to be; empty when all is well. */
export function weaknesses(preferences: WebPreferences, type: string): string[] {
  if (type !== 'window') return [`type ${type}`];
  const found = required
    .filter(({ name, value, byDefault }) => {
      const given = preferences[name];
      return given === undefined ? !byDefault : given !== value;
    })
    .map(({ name }) => name as string);
  // Turning on a feature of Blink turns on what nobody has reviewed.
  if (preferences.enableBlinkFeatures) found.push('enableBlinkFeatures');
  return found;
}

/**
 * Checks a page. Electron tells preferences by a method that its typings leave out; where it is missing, what
 * makeWindows has set stands, which a test holds against the same list.
 * @throws StartRefusal naming the preferences
 */
export function assertChecklist(contents: WebContents): void {
  const found = weaknesses(preferencesOf(contents), contents.getType());
  if (found.length === 0) return;
  contents.close();
  throw new StartRefusal(
    `窗口安全设置过弱:${found.join(', ')}`,
    `A window is weaker than allowed: ${found.join(', ')}`,
  );
}

function preferencesOf(contents: WebContents): WebPreferences {
  if (!('getLastWebPreferences' in contents)) return {};
  const read = contents.getLastWebPreferences;
  const preferences: unknown = typeof read === 'function' ? read.call(contents) : {};
  return typeof preferences === 'object' && preferences !== null ? preferences : {};
}
