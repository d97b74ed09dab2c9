/** Every permission is denied in Chromium itself. */
import type { Session } from './cdp.ts';

/** Names as https://w3c.github.io/permissions-registry/ and Chromium have them. */
const NAMES = [
  'geolocation',
  'notifications',
  'camera',
  'microphone',
  'midi',
  'clipboard-read',
  'clipboard-write',
  'idle-detection',
  'local-fonts',
  'window-management',
  'storage-access',
  'background-sync',
  'background-fetch',
  'persistent-storage',
  'screen-wake-lock',
  'payment-handler',
  'accelerometer',
  'gyroscope',
  'magnetometer',
  'ambient-light-sensor',
  'nfc',
  'display-capture',
  'keyboard-lock',
  'pointer-lock',
  'captured-surface-control',
  'speaker-selection',
  'periodic-background-sync',
  'top-level-storage-access',
  'hand-tracking',
  'web-app-installation',
  'local-network-access',
  'fullscreen',
];

/** Denies all of them for all origins of a context; names that this Chromium does not know are passed over. */
export async function denyPermissions(root: Session, browserContextId?: string): Promise<void> {
  const context = browserContextId === undefined ? {} : { browserContextId };
  await Promise.all(
    NAMES.map((name) =>
      root
        .send('Browser.setPermission', { permission: { name }, setting: 'denied', ...context })
        .catch(() => undefined),
    ),
  );
}
