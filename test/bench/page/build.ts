/** Builds the bench's pages and their workers as the product's windows are built. */
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

/** `/page/`: contestants and limits. `/typing/`: the customer's window. @param outDir made anew */
export async function buildPages(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: '/',
    plugins: [react()],
    html: { cspNonce: '__CSP_NONCE__' },
    worker: { format: 'es' },
    resolve: {
      // Patched, see peers/dexie-encrypted.ts.
      alias: { '@stablelib/utf8': join(root, 'peers', 'utf8.ts') },
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
      rollupOptions: {
        input: { page: join(root, 'page', 'index.html'), typing: join(root, 'typing', 'index.html') },
      },
    },
  });
}
