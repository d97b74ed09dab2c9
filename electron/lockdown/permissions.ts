/** Permissions: none. Every way that Chromium has of asking is answered with no. SECURITY: S1 */
import type { Session } from 'electron';

export function denyPermissions(session: Session): void {
  // Camera, microphone, clipboard, notifications, fullscreen…: a counter's page needs none of them.
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  // Some permissions are only checked, never asked for.
  session.setPermissionCheckHandler(() => false);
  // HID, serial, USB: a device remembered as allowed would need no asking.
  session.setDevicePermissionHandler(() => false);
  // Screen capture would show one plane to the other.
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  // Pairing would ask the customer to confirm a stranger's device.
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  for (const event of ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const) {
    // Unhandled, the first device could be taken; the typings have one overload an event.
    const emitter: NodeJS.EventEmitter = session;
    emitter.on(event, (happened: Electron.Event, _details: unknown, callback: (id?: string) => void) => {
      happened.preventDefault();
      callback('');
    });
  }
  // Words that customers type are nobody's business, nor a dictionary server's.
  session.setSpellCheckerEnabled(false);
}
