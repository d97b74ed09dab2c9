/** What Chromium opens, closes and downloads: only the app's own windows live, nothing is saved. */

import { BrowserWindow } from './browser-window.ts';
import type { Connection, Payload } from './cdp.ts';
import { pageOfFrame, pageOfMarker } from './page.ts';
import { browserSession } from './runtime.ts';
import { sessionOf } from './session.ts';
import { hostEvent, strict } from './strict.ts';

/** Watches targets and downloads from now on. */
export async function watchTargets(connection: Connection): Promise<void> {
  const { root } = connection;
  root.on('Target.attachedToTarget', (attached) => void admit(connection, attached));
  root.on('Target.detachedFromTarget', ({ sessionId }) => connection.dropSession(sessionId));
  root.on('Target.targetDestroyed', ({ targetId }) => BrowserWindow.ofTarget(targetId)?.destroy());
  root.on('Browser.downloadWillBegin', (download) => refuseDownload(download));
  await root.send('Target.setDiscoverTargets', { discover: true });
  await root.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
  await root.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}

/** Sets up a window's page, and closes every other one while it still waits to run. */
async function admit(
  connection: Connection,
  { sessionId, targetInfo }: Payload<'Target.attachedToTarget'>,
): Promise<void> {
  const session = connection.session(sessionId);
  const page = pageOfMarker(targetInfo.url);
  try {
    if (page) await page.attach(session, targetInfo.targetId);
    else await connection.root.send('Target.closeTarget', { targetId: targetInfo.targetId });
    await session.send('Runtime.runIfWaitingForDebugger');
  } catch {
    // Closed meanwhile; a page that could not be set up has rejected its `ready` and never loads.
  }
}

/** Tells the session of it and cancels it, whatever the app says: the host keeps no files of pages. */
function refuseDownload({
  guid,
  url,
  suggestedFilename,
  frameId,
}: Payload<'Browser.downloadWillBegin'>): void {
  const page = pageOfFrame(frameId);
  const session = sessionOf(page?.partition.name ?? '');
  const item = strict('DownloadItem', {
    getURL: () => page?.map(url) ?? url,
    getFilename: () => suggestedFilename,
    getState: () => 'cancelled',
    cancel: () => undefined,
  });
  session.emit('will-download', hostEvent({}), item, page?.owner);
  // It may have been refused already.
  browserSession()
    .send('Browser.cancelDownload', { guid })
    .catch(() => undefined);
}
