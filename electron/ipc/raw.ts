/** The only import of ipcMain in the product. */
import { ipcMain } from 'electron';

/** What the gateway needs of it. */
export const channelServer = {
  handle: (name: string, answer: (event: Electron.IpcMainInvokeEvent, args: unknown) => Promise<unknown>) =>
    ipcMain.handle(name, answer),
};
