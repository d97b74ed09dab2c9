/** What Chromium offers to pages without asking anybody. SECURITY: S1 */
import type { App, WebContents } from 'electron';

/** Features of Blink that no page of ours uses, by the names of its runtime_enabled_features.json5. */
const blink = [
  // A window on top of everything, opened past the window-open handler.
  'DocumentPictureInPictureAPI',
];

/** Turns them off. Has to happen before the app is ready. */
export function denyFeatures(app: Pick<App, 'commandLine'>): void {
  app.commandLine.appendSwitch('disable-blink-features', blink.join(','));
}

/** Peer connections are no request, so neither the content policy nor webRequest sees them: no UDP to anybody. */
export function denyPeers(contents: Pick<WebContents, 'setWebRTCIPHandlingPolicy'>): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
