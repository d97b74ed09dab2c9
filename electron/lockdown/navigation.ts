import type { WebContents } from 'electron';
import type { Plane } from '../../shared/contract/names.ts';
import { pageOf } from './origins.ts';

/** Navigation: the plane's one page, and nowhere else. SECURITY: S1 */
export function denyNavigation(contents: WebContents, plane: Plane): void {
  const page = pageOf(plane);
  // A reload of the page is the only navigation there is.
  contents.on('will-navigate', (event) => {
    if (event.url !== page) event.preventDefault();
  });
  // Frames: the pages have none, so whatever wants to load in one is foreign.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || event.url !== page) event.preventDefault();
  });
  // The scheme's handler never redirects.
  contents.on('will-redirect', (event) => event.preventDefault());
  // A named window.open once crossed windows (CVE-2026-34765): none is opened, whatever its target.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // A guest page would have preferences of its own.
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
}
