/** Listens in on what the core tells the staff window: every answer and every event, as JSON. */
import type { ElectronApplication } from '@playwright/test';

/** From now on keeps a copy of everything that is bound for the staff window. */
export async function tapStaff(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ ipcMain, BrowserWindow }) => {
    type Handler = (...args: unknown[]) => unknown;
    const kept: string[] = [];
    const copy = (value: unknown) =>
      kept.push(
        JSON.stringify(value, (_key, inner) => (inner instanceof Uint8Array ? [...inner] : inner)) ?? '',
      );
    Object.assign(globalThis, { staffTap: kept });
    // Electron's own name for its map of handlers; the stand-in has the same.
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    for (const [name, handler] of [...handlers])
      if (name.startsWith('zhiqing:staff:'))
        handlers.set(name, async (...args) => {
          const answer = await handler(...args);
          copy(answer);
          return answer;
        });
    const staff = BrowserWindow.getAllWindows().find((window) =>
      window.webContents.getURL().startsWith('app://staff/'),
    );
    if (!staff) throw new Error('there is no staff window');
    const send = staff.webContents.send.bind(staff.webContents);
    staff.webContents.send = (channel, ...args) => {
      copy(args);
      send(channel, ...args);
    };
  });
}

/** Everything kept so far, one message a line. */
export function tapped(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => [...(globalThis as unknown as { staffTap: string[] }).staffTap]);
}
