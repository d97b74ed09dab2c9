/** Source texts for the two worlds of a page. Node has blanked the types out of what `toString` returns. */
import { readFileSync } from 'node:fs';
import { createBridge } from './bridge.ts';
import { createCodec } from './codec.ts';
import { type IsolatedWorldParameters, isolatedWorld } from './isolated-world.ts';
import { mainWorld } from './main-world.ts';

/** Script for the page's own world. */
export function mainWorldSource(secret: string): string {
  return `(${mainWorld})(${createBridge}, ${JSON.stringify(secret)});`;
}

/** Script for the preload's world; reads the preload from its file. */
export function isolatedWorldSource(given: IsolatedWorldParameters): string {
  const preload = given.preloadPath === '' ? '' : readFileSync(given.preloadPath, 'utf8');
  const wrapped = `function (require, module, exports, process) {${preload}\n}`;
  return `(${isolatedWorld})(${createBridge}, ${createCodec}, ${JSON.stringify(given)}, ${wrapped});`;
}
