/** Which `webPreferences` the host takes. */
import type { WebPreferences } from 'electron';
import { NotImplemented } from './strict.ts';

/** Preferences that would make a renderer weaker than the product may have it, and that the host can't give. */
const REQUIRED = {
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
} as const satisfies WebPreferences;
const TAKEN: ReadonlySet<string> = new Set([
  ...Object.keys(REQUIRED),
  'preload',
  'partition',
  'session',
  'nodeIntegrationInSubFrames',
  'additionalArguments',
  'devTools',
  'spellcheck',
  'backgroundThrottling',
  'navigateOnDragDrop',
  'safeDialogs',
  'disableDialogs',
  'plugins',
  'webgl',
  'images',
  'javascript',
  'autoplayPolicy',
  'enableWebSQL',
  'disableBlinkFeatures',
  'defaultEncoding',
  'defaultFontFamily',
  'defaultFontSize',
  'minimumFontSize',
  'zoomFactor',
  'v8CacheOptions',
  'enablePreferredSizeMode',
  'textAreasAreResizable',
  'disableHtmlFullscreenWindowResize',
  'offscreen',
  'scrollBounce',
  'enableDeprecatedPaste',
]);

/** The preferences with the strict ones spelt out; throws by name on what the host can't give. */
export function checkPreferences(preferences: WebPreferences): WebPreferences {
  for (const [name, value] of Object.entries(preferences)) {
    const required = (REQUIRED as Record<string, boolean | undefined>)[name];
    if (required !== undefined && value !== undefined && value !== required) {
      throw new NotImplemented(`webPreferences.${name}: ${value}`);
    }
    if (!TAKEN.has(name)) throw new NotImplemented(`webPreferences.${name}`);
  }
  return { ...REQUIRED, ...preferences };
}
