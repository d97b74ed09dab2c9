/** What a window gets of the core: `window.zhiqing` with the commands and events of its own plane. */
import { contextBridge, ipcRenderer } from 'electron';
import { channel, names, type Plane } from '../../shared/contract/names.ts';
import type { Hand } from './hand.ts';

type Listener = (payload: unknown) => void;

// The error module would bring a schema library along: these two are spelt out, and a test compares them.
const forbidden = { kind: 'forbidden', code: 'ZQ-1003', retry: false };
const internal = { kind: 'internal', code: 'ZQ-9001', retry: false };

/** @param hand Whether a command may go out now; a page's own, past the contract. */
export function expose(plane: Plane, hand?: Hand): void {
  const commands: readonly string[] = names[plane].commands;
  const events: readonly string[] = names[plane].events;
  contextBridge.exposeInMainWorld('zhiqing', {
    // SECURITY: S1 a name that is not in the contract reaches no channel. A failure is data, never a rejection.
    call: async (name: string, args: unknown): Promise<unknown> => {
      if (!commands.includes(name) || hand?.allows(name) === false) return { ok: false, error: forbidden };
      try {
        const answer: { ok?: unknown } = await ipcRenderer.invoke(channel(plane, 'command', name), args);
        if (answer.ok === true) hand?.taken(name);
        return answer;
      } catch {
        return { ok: false, error: internal };
      }
    },
    on: (name: string, listener: Listener): (() => void) => {
      if (!events.includes(name)) return () => undefined;
      // The event object is Electron's: a page never gets hold of it.
      const hear = (_event: unknown, payload: unknown) => listener(payload);
      ipcRenderer.on(channel(plane, 'event', name), hear);
      return () => ipcRenderer.removeListener(channel(plane, 'event', name), hear);
    },
  });
}
