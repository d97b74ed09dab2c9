/** Entry of the record store's worker: the only owner of the page database and of the page keys. */
import '../../shared/contract/no-eval.ts';
import { DirectStore } from './direct-store.ts';
import { serve } from './serve.ts';

serve(new DirectStore(), {
  postMessage: (message, options) => self.postMessage(message, options),
  addEventListener: (type, listener) => self.addEventListener(type, listener),
});
