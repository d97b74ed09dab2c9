/**
 * A window that forges the sender: messages put on the other plane's channels as a taken-over renderer could, past
 * its own bridge. The real handlers answer; only the facts of the sender are chosen. SECURITY: S2
 */
import type { ElectronApplication } from '@playwright/test';
import type { Result } from '../../../shared/domain/errors.ts';

/** Who a message claims or turns out to come from. */
export type Sender =
  | 'staff'
  | 'customer'
  | 'no-frame'
  | 'inner-frame'
  | 'gone-frame'
  | 'other-origin'
  | 'near-origin'
  | 'other-contents';

/** What the handler of a channel answers a message of that sender. Missing channels answer `no channel`. */
export function sendAs(
  app: ElectronApplication,
  sender: Sender,
  channel: string,
  args: unknown,
): Promise<Result<unknown> | 'no channel'> {
  return app.evaluate(
    async ({ BrowserWindow, ipcMain }, given) => {
      const [who, name, value] = given;
      const find = (plane: string) =>
        BrowserWindow.getAllWindows().find((window) =>
          window.webContents.getURL().startsWith(`app://${plane}/`),
        )?.webContents;
      const plane = name.split(':')[1] ?? '';
      const own = who === 'staff' || who === 'customer' ? find(who) : find(plane);
      if (!own) throw new Error('no such window');
      const origin = `app://${plane}`;
      const frames: Record<string, unknown> = {
        'no-frame': null,
        'inner-frame': { origin, parent: own.mainFrame, detached: false },
        'gone-frame': { origin, parent: null, detached: true },
        'other-origin': { origin: 'https://example.org', parent: null, detached: false },
        // A prefix and a suffix of the right origin.
        'near-origin': { origin: `${origin}.example.org`, parent: null, detached: false },
      };
      const event = {
        sender: who === 'other-contents' ? { id: own.id + 1_000 } : own,
        senderFrame: who in frames ? frames[who] : own.mainFrame,
      };
      const handlers: Map<string, (event: unknown, args: unknown) => unknown> = Reflect.get(
        ipcMain,
        '_invokeHandlers',
      );
      const handler = handlers.get(name);
      return handler ? await handler(event, value) : 'no channel';
    },
    [sender, channel, args] as const,
  ) as Promise<Result<unknown> | 'no channel'>;
}
