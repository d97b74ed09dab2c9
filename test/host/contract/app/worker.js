import { part } from './part.js';

const response = await fetch('/big');
const bytes = new Uint8Array(await response.arrayBuffer());
postMessage({ part, length: bytes.length, last: bytes.at(-1) });
