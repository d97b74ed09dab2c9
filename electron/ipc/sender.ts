/** Who may speak on a plane's channels. */
import type { Plane } from '../../shared/contract/names.ts';
import { originOf } from '../lockdown/origins.ts';

/** What is looked at of an `IpcMainInvokeEvent`. */
export interface SenderFacts {
  sender: { id: number };
  senderFrame: {
    origin: string;
    parent: unknown;
    detached: boolean;
  } | null;
}

/**
 * Whether a message comes from the top frame of the plane's own window at the plane's exact origin.
 * SECURITY: S2 S8 a frame that is gone (`null`) is nobody.
 */
export function isTrustedSender(event: SenderFacts, plane: Plane, windowId: number | undefined): boolean {
  const { sender, senderFrame: frame } = event;
  return (
    windowId !== undefined &&
    sender.id === windowId &&
    frame !== null &&
    !frame.detached &&
    frame.parent === null &&
    frame.origin === originOf(plane)
  );
}
