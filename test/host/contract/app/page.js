import { part } from './part.js';

window.part = part;
document.body.dataset.ready = 'yes';
