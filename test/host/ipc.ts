/** ipcMain, and the way of a message from a preload to it. */
import type { WebFrame } from './frames.ts';
import { HostEmitter, hostEvent } from './strict.ts';

/** Handler of `ipcMain.handle`. */
export type InvokeHandler = (event: object, ...args: unknown[]) => unknown;

class IpcMain extends HostEmitter {
  /** Named as Electron's own, so that a test can listen in on either. */
  readonly _invokeHandlers = new Map<string, InvokeHandler>();

  constructor() {
    super('ipcMain');
  }

  handle(channel: string, handler: InvokeHandler): void {
    if (this._invokeHandlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    if (typeof handler !== 'function') throw new TypeError('Expected handler to be a function');
    this._invokeHandlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: InvokeHandler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this._invokeHandlers.delete(channel);
  }

  /** For the host: the handler's answer. Rejects with Electron's wording. */
  static async invoke(ipc: IpcMain, channel: string, event: object, args: unknown[]): Promise<unknown> {
    const handler = ipc._invokeHandlers.get(channel);
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return await handler(event, ...args);
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${error}`);
    }
  }
}

/** Electron's `ipcMain`. */
export const ipcMain = new IpcMain();

/** Who sent a message: known from Chromium's execution context. */
export interface Sender {
  readonly webContents: object;
  /** Null when the frame is gone. */
  readonly frame: WebFrame | null;
  reply(channel: string, ...args: unknown[]): void;
}

const eventOf = (sender: Sender): object =>
  hostEvent({
    type: 'frame',
    sender: sender.webContents,
    senderFrame: sender.frame,
    frameId: sender.frame?.routingId ?? -1,
    processId: sender.frame?.processId ?? -1,
    frameTreeNodeId: sender.frame?.frameTreeNodeId ?? -1,
    ports: [],
    // Only sendSync reads it, which throws in the preload.
    returnValue: undefined as unknown,
    reply: sender.reply,
  });

/** Hands `ipcRenderer.send` to the listeners. */
export function deliver(sender: Sender, channel: string, args: unknown[]): void {
  ipcMain.emit(channel, eventOf(sender), ...args);
}

/** Answers `ipcRenderer.invoke`. */
export function answer(sender: Sender, channel: string, args: unknown[]): Promise<unknown> {
  return IpcMain.invoke(ipcMain, channel, eventOf(sender), args);
}
