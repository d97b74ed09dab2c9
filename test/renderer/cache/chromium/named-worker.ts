/** The record store's worker as the windows have it, but for its name: another can be opened over what it held. */
import '../../../../shared/contract/no-eval.ts';
import { serveNamed } from './serve-named.ts';

serveNamed();
