import type { App } from 'electron';

/** Chromium speaks to no server here: every certificate question of its network is answered with no. SECURITY: S1 S13 */
export function denyCertificates(app: App): void {
  // Unhandled, Electron sends the first certificate of the system's store that fits.
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  // Central is spoken to by Node with a pinned root; a page has no business with TLS.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  // A proxy or server that wants a password would put up a form that looks like ours.
  app.on('login', (event, _contents, _details, _auth, callback) => {
    event.preventDefault();
    callback();
  });
}
