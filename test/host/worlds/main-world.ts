import type { Bridge } from './bridge.ts';

/**
 * Runs in the page's own world before its scripts: the page's end of contextBridge, and the window functions that
 * Electron answers itself. Self-contained: its source is injected.
 */
export function mainWorld(createBridge: (secret: string, side: 'page') => Bridge, secret: string): void {
  const bridge = createBridge(secret, 'page');
  const replace = (name: string, value: (...args: never[]) => unknown): void => {
    Object.defineProperty(window, name, { value, writable: true, enumerable: true, configurable: true });
  };
  const text = (value: unknown): string => (value === undefined ? '' : String(value));
  replace('open', (url?: unknown, name?: unknown, features?: unknown): null => {
    const target = text(url);
    bridge.signal({
      kind: 'open',
      url: target === '' ? 'about:blank' : new URL(target, document.baseURI).href,
      name: text(name),
      features: text(features),
    });
    return null;
  });
  replace('close', () => {
    if (window === window.top) bridge.signal({ kind: 'close' });
  });
  // Chromium would open its print dialog, which a counter must never show.
  replace('print', () => undefined);
}
