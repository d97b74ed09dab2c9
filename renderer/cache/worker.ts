/** Entry of the record store's worker: the only owner of the page database and of the page keys. */
import '../../shared/contract/no-eval.ts';
import { DirectStore } from './direct-store.ts';
import { serve } from './serve.ts';
import { ownScript, warmUp } from './warm-up/warm-up.ts';

// Held for as long as this worker lives: whoever asks for it too is told of its end, however it came about.
const life = `record-worker-${crypto.randomUUID()}`;
void navigator.locks.request(life, () => {
  self.postMessage({ life });
  return new Promise(() => undefined);
});

const store = new DirectStore({ warmUp: (isIdle) => warmUp(isIdle, ownScript) });
store.prepare();
serve(store, {
  postMessage: (message, options) => self.postMessage(message, options),
  addEventListener: (type, listener) => self.addEventListener(type, listener),
});
