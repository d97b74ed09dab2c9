/** Serves a record store in a worker, under the name that its page gives: over what another one held, if any did. */
import { DirectStore, type DirectStoreParts } from '../../../../renderer/cache/direct-store.ts';
import { serve } from '../../../../renderer/cache/serve.ts';
import { ownScript, warmUp } from '../../../../renderer/cache/warm-up/warm-up.ts';

export function serveNamed(parts: DirectStoreParts = {}): void {
  const [name = '', isPrepared] = self.name.split(' ');
  const store = new DirectStore({ warmUp: (isIdle) => warmUp(isIdle, ownScript), ...parts, name });
  // As the windows do while the customer still writes; a store that is opened again is given no such time.
  if (isPrepared !== undefined) store.prepare();
  serve(store, {
    postMessage: (message, options) => self.postMessage(message, options),
    addEventListener: (type, listener) => self.addEventListener(type, listener),
  });
  self.postMessage('ready');
}
