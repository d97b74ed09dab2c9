/** The scheme that the windows are served on. */
import type { Protocol } from 'electron';
import { SCHEME } from '../lockdown/origins.ts';

/** Registers it. Has to happen before the app is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: {
        // An origin of its own: storage, CSP 'self' and fetch need it.
        standard: true,
        // A secure context: Web Crypto needs it.
        secure: true,
        supportFetchAPI: true,
        // SECURITY: S15 the policy counts for our own pages most of all.
        bypassCSP: false,
        // A service worker would outlive the visit and answer in our place.
        allowServiceWorkers: false,
        corsEnabled: false,
        stream: false,
        // Compiled code on the disk could be exchanged there.
        codeCache: false,
        allowExtensions: false,
      },
    },
  ]);
}
