/** The two windows. Nothing else in the product makes one. */
import { join } from 'node:path';
import { BrowserWindow, type Rectangle, type WebPreferences } from 'electron';
import type { Plane } from '../../shared/contract/names.ts';
import { pageOf, partitionOf } from './origins.ts';

export type PlaneWindows = Record<Plane, BrowserWindow>;

/** Preferences of both windows: the strictest there are, spelt out so that no default can change under us. */
export function strictPreferences(plane: Plane, preloads: string, packaged: boolean): WebPreferences {
  return {
    preload: join(preloads, `${plane}.cjs`),
    partition: partitionOf(plane),
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    // A page that floods with dialogs can be stopped by none of its own.
    disableDialogs: true,
    // Tools read everything that a plane knows.
    devTools: !packaged,
    // The hidden window of hand-over mode goes on wiping and counting.
    backgroundThrottling: false,
  };
}

/** Paper, as the pages' own background: nothing flashes. */
const PAPER = '#fbfaf7';

/** Makes both windows, still empty and hidden. */
export function makeWindows(
  preloads: string,
  packaged: boolean,
  bounds: Record<Plane, Rectangle>,
): PlaneWindows {
  const make = (plane: Plane, title: string) =>
    new BrowserWindow({
      ...bounds[plane],
      title,
      show: false,
      frame: false,
      kiosk: true,
      fullscreen: true,
      // A counter's windows go with the counter only.
      closable: false,
      minimizable: false,
      maximizable: false,
      movable: false,
      resizable: false,
      autoHideMenuBar: true,
      backgroundColor: PAPER,
      webPreferences: strictPreferences(plane, preloads, packaged),
    });
  return { staff: make('staff', '知情台 · 营业员'), customer: make('customer', '知情台 · 客户') };
}

/** Loads the plane's page. */
export function loadPage(window: BrowserWindow, plane: Plane): Promise<void> {
  return window.loadURL(pageOf(plane));
}
