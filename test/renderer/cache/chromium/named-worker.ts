/**
 * The record store's worker as the windows have it, but for the name of its storage, which its page gives: so that another
 * store can be opened over what this one held.
 */
import '../../../../shared/contract/no-eval.ts';
import { DirectStore } from '../../../../renderer/cache/direct-store.ts';
import { serve } from '../../../../renderer/cache/serve.ts';

const [name = '', isPrepared] = self.name.split(' ');
const store = new DirectStore({ name });
// As the windows do while the customer still writes; a store that is opened again is given no such time.
if (isPrepared !== undefined) store.prepare();
serve(store, {
  postMessage: (message, options) => self.postMessage(message, options),
  addEventListener: (type, listener) => self.addEventListener(type, listener),
});
self.postMessage('ready');
