import { expose } from './expose.ts';
import { watchHand } from './hand.ts';

expose('customer', watchHand(window));
